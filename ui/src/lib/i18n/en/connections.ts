/** Words in English: a stream's uptime and connections. */
import type { ConnectionEnd } from '../../protocol';
import { events, number, plural } from './plural';

export const connections = {
  show: 'Connections',
  title: (stream: string) => `Connections of “${stream}”`,
  share: (share: string) => `${share} of the last 24 h`,
  shareSince: (share: string, time: string) => `${share} since ${time}`,
  /** What the columns of the bar mean, a quarter of an hour each. */
  colours: { up: 'Green, connected', partly: 'Brown, with a break', down: 'Red, not connected', unknown: 'Grey, not known' },
  unknown: 'Nothing is known of the last 24 h',
  none: 'No connection yet.',
  openFor: (length: string) => `open for ${length}`,
  tries: (n: number) => plural(n, { one: '1 try', other: (n) => `${n} tries` }),
  events: (n: number) => events(n),
  header: (ms: number) => `header after ${number(ms)} ms`,
  firstByte: (ms: number) => `first byte after ${number(ms)} ms`,
  causes: {
    open: 'Connected',
    'end-of-stream': 'Ended by the server',
    network: 'Network',
    tls: 'TLS',
    idle: 'Silent for too long',
    status: 'Refused',
    'no-content': 'Ended for good',
    'content-type': 'Not a stream',
    redirect: 'Redirect',
    unauthorized: 'Sign-in',
    'bad-url': 'Address',
    offline: 'No network',
    reconnect: 'Connected anew',
    stopped: 'Stopped here',
    killed: 'Streambell was ended',
  } satisfies Record<ConnectionEnd, string>,
};
