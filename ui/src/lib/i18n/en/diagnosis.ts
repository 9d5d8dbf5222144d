/** Words in English: a look at what is wrong between here and a server. */
import type { Certainty, IdsFigure, ResumeFigure, Verdict, Weight } from '../../protocol';
import { number, plural } from './plural';

export const diagnosis = {
  show: 'Diagnose',
  explain: 'Connects a second time, watches, asks in other ways, and says what is wrong between here and the server. The stream itself goes on.',
  length: 'How long to watch',
  forSo: (length: string) => `Watch for ${length}`,
  start: 'Diagnose',
  again: 'Diagnose again',
  looking: (left: string) => `Watching the stream, ${left} left…`,
  concluding: 'Asking the server in other ways…',
  verdicts: { healthy: 'All is well.', findings: 'Something was found.', unreachable: 'No server answers.' } satisfies Record<Verdict, string>,
  weights: { problem: 'Harms now', risk: 'May harm one day' } satisfies Record<Weight, string>,
  certainties: { certain: 'seen, no doubt', likely: 'likely', possible: 'possible' } satisfies Record<Certainty, string>,
  copyMend: 'Copy',
  measured: 'What was measured',
  answer: 'Answer',
  servers: 'On the way',
  header: 'Header after',
  firstByte: 'First byte after',
  events: 'Events',
  eventsIn: (n: number, length: string) => `${number(n)} in ${length}`,
  cuts: 'Connections needed',
  silence: 'Longest silence',
  heartbeat: 'Heartbeat',
  noHeartbeat: 'none seen',
  every: (length: string) => `every ${length}`,
  ids: 'Event ids',
  idKinds: { unknown: 'not known', none: 'none', some: 'some events', all: 'all events' } satisfies Record<IdsFigure, string>,
  resume: 'Resuming',
  resumeKinds: {
    'not-tried': 'not tried',
    unknown: 'no event came in time to tell',
    works: 'works',
    ignored: 'leaves events out',
    repeats: 'sends old events again',
  } satisfies Record<ResumeFigure, string>,
  certificate: 'Certificate',
  days: (n: number) =>
    n < 0
      ? plural(-n, { one: 'expired 1 day ago', other: (n) => `expired ${n} days ago` })
      : plural(n, { one: 'ends in 1 day', other: (n) => `ends in ${n} days` }),
};
