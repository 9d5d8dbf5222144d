/** Words in English: a rule's live preview. */
import type { RuleVerdict } from '../../protocol';
import { number, plural } from './plural';

const times = (n: number) => plural(n, { one: 'once', other: (n) => `${n} times` });
const notifications = (n: number) => plural(n, { one: '1 notification', other: (n) => `${n} notifications` });
const ofTheLast = (n: number) => `Of the last ${plural(n, { one: 'event', other: (n) => `${n} events` })}`;

export const preview = {
  title: 'What it would have shown',
  peek: (rang: number, events: number) => (events ? `Would ring ${number(rang)} of ${number(events)}` : `Would ring ${times(rang)}`),
  peekStored: (stored: number, events: number) => (events ? `Would only store ${number(stored)} of ${number(events)}` : `Would only be stored, ${times(stored)}`),
  peekFaults: (n: number) => plural(n, { one: '1 thing to mend', other: (n) => `${n} things to mend` }),
  looking: 'Trying it on what came last…',
  faulty: 'Mend what is marked, and it is tried again.',
  none: 'No such event is stored yet, so nothing can be tried.',
  summary: (events: number, rang: number, shown: number) =>
    `${ofTheLast(events)} it would have rung ${rang ? `${times(rang)}, as ${notifications(shown)}` : 'for none'}.`,
  stored: (events: number, stored: number) => `${ofTheLast(events)} it would have stored ${number(stored)} as ${plural(stored, { one: 'an alert', other: 'alerts' })}, and shown none.`,
  ignored: (events: number, ignored: number) =>
    `${ofTheLast(events)} it would have ignored ${ignored === events ? plural(events, { one: 'it', other: 'all' }) : ignored ? number(ignored) : 'none'}.`,
  peekIgnored: (ignored: number, events: number) => `Would ignore ${number(ignored)} of ${number(events)}`,
  stoppedBy: (rule: string) => `The rule “${rule}” before it keeps it from this one.`,
  absences: (n: number) => `It would have rung ${times(n)}, because nothing came.`,
  absencesStored: (n: number) => `It would have stored ${plural(n, { one: '1 alert', other: (n) => `${n} alerts` })}, because nothing came, and shown none.`,
  cut: 'There was no time to look at all of them.',
  show: 'What to show',
  rang: (n: number) => `Would ring (${number(n)})`,
  stores: (n: number) => `Would store (${number(n)})`,
  silent: (n: number) => `Would not (${number(n)})`,
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
