/** Words in English: a rule's live preview. */
import type { RuleVerdict } from '../../protocol';

const times = (n: number) => (n === 1 ? 'once' : `${n} times`);

export const preview = {
  title: 'What it would have shown',
  peek: (rang: number, events: number) => (events ? `Would ring ${rang} of ${events}` : `Would ring ${rang} times`),
  peekFaults: (n: number) => (n === 1 ? '1 thing to mend' : `${n} things to mend`),
  looking: 'Trying it on what came last…',
  faulty: 'Mend what is marked, and it is tried again.',
  none: 'No such event is stored yet, so nothing can be tried.',
  summary: (events: number, rang: number, shown: number) =>
    `Of the last ${events === 1 ? 'event' : `${events} events`} it would have rung ${rang ? `${times(rang)}, as ${shown === 1 ? '1 notification' : `${shown} notifications`}` : 'for none'}.`,
  ignored: (events: number, ignored: number) => `Of the last ${events === 1 ? 'event' : `${events} events`} it would have ignored ${ignored === events ? (events === 1 ? 'it' : 'all') : ignored || 'none'}.`,
  peekIgnored: (ignored: number, events: number) => `Would ignore ${ignored} of ${events}`,
  stoppedBy: (rule: string) => `The rule “${rule}” before it keeps it from this one.`,
  absences: (n: number) => `It would have rung ${times(n)}, because nothing came.`,
  cut: 'There was no time to look at all of them.',
  show: 'What to show',
  rang: (n: number) => `Would ring (${n})`,
  silent: (n: number) => `Would not (${n})`,
  nothing: 'Nothing.',
  nothingCame: 'Nothing came',
  notShown: (reason: string) => `not shown: ${reason}`,
  failed: (condition: string, value: string) => `${condition} does not hold: ${value}`,
  verdicts: {
    off: 'The rule is off.',
    muted: 'Its stream is looked at by no rule.',
    stopped: 'A rule before it keeps it from this one.',
    ignored: 'It fits, and is ignored.',
    unmatched: 'It does not fit.',
    quiet: 'It fits, and it is not yet time to ring.',
    fired: 'It rings.',
    resolved: 'It clears what rang before.',
    failed: 'The rule cannot be evaluated for it.',
  } satisfies Record<RuleVerdict, string>,
};
