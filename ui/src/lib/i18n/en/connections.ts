/** Words in English: a stream's uptime and connections. */
import type { ConnectionEnd } from '../../protocol';

export const connections = {
  show: 'Connections',
  title: (stream: string) => `Connections of “${stream}”`,
  share: (share: string) => `${share} of the last 24 h`,
  unknown: 'Nothing is known of the last 24 h',
  none: 'No connection yet.',
  openFor: (length: string) => `open for ${length}`,
  tries: (n: string) => `${n} tries`,
  events: (n: number) => (n === 1 ? '1 event' : `${n} events`),
  header: (ms: string) => `header after ${ms} ms`,
  firstByte: (ms: string) => `first byte after ${ms} ms`,
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
