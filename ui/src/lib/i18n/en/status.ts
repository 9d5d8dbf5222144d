/** Words in English: the status line and the states of streams. */
import { number, plural } from './plural';

export const status = {
  connecting: 'Looking for Streambell…',
  lost: 'Not connected. This is the last that was known.',
  allLive: (n: number) => plural(n, { one: 'The stream is live', other: (n) => `All ${n} streams live` }),
  noStreams: 'No stream yet',
  allOff: 'Every stream is switched off',
  allEnded: 'Every stream has ended',
  /** Of some there may be none. */
  some: (live: number, off: number, ended: number) =>
    [live ? `${plural(live, { one: '1 stream', other: (n) => `${n} streams` })} live` : '', off ? `${number(off)} switched off` : '', ended ? `${number(ended)} ended` : ''].filter(Boolean).join(', '),
  nextTry: (stream: string, left: string, reason: string) => `${stream}: next try in ${left}${reason ? ` (${reason})` : ''}`,
  tryingNow: (stream: string) => `${stream}: trying now`,
  connectingTo: (stream: string) => `${stream}: connecting`,
  refreshing: (stream: string) => `${stream}: fetching a new token`,
  signIn: (stream: string, reason: string) => `${stream}: ${reason || 'the server wants a new token. Sign in again.'}`,
  signInByCode: (stream: string) => `${stream} waits until you sign in`,
  ended: (stream: string, reason: string) => `${stream} has ended${reason ? `: ${reason}` : ''}`,
  offline: 'No network. The streams reconnect when it is back.',
  offlineFor: (left: string) => `No network. Next try in ${left}, or as soon as it is back.`,
  quiet: (stream: string, since: string) => `${stream} is connected, but unusually quiet since ${since}`,
  ledger: (reason: string) => `Events cannot be stored: ${reason}`,
  notifications: (reason: string) => `Notifications cannot be shown: ${reason}`,
  configuration: (reason: string) => `The configuration on disk is not in force: ${reason}`,
  pausedUntil: (time: string) => `Notifications paused until ${time}`,
  paused: 'Notifications paused until you resume',
  more: (n: number) => `and ${number(n)} more`,
  others: 'What else is wrong',
  tryNow: 'Try now',
  signInAction: 'Sign in',
  demo: 'Demo',
};
