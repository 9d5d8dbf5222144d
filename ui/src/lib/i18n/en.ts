/** The words in English. Every other language has exactly these keys, or it does not compile. */
import type { StreamState } from '../protocol';
import { adding } from './en/adding';
import { advanced } from './en/advanced';
import { alerts } from './en/alerts';
import { broken } from './en/broken';
import { chart } from './en/chart';
import { connections } from './en/connections';
import { diagnosis } from './en/diagnosis';
import { exchange } from './en/exchange';
import { feed } from './en/feed';
import { first } from './en/first';
import { form } from './en/form';
import { json } from './en/json';
import { now } from './en/now';
import { palette } from './en/palette';
import { and, number, or } from './en/plural';
import { preview } from './en/preview';
import { quiet } from './en/quiet';
import { request } from './en/request';
import { ruleForm } from './en/ruleForm';
import { rules } from './en/rules';
import { settings } from './en/settings';
import { shortcuts } from './en/shortcuts';
import { signIn } from './en/signIn';
import { status } from './en/status';
import { streams } from './en/streams';
import { tileForm } from './en/tileForm';
import { why } from './en/why';

export const en = {
  /** Sentences one after the other. */
  sentences: (...said: readonly string[]) => said.filter(Boolean).join(' '),
  nav: { label: 'Views', now: 'Now', alerts: 'Alerts', feed: 'Feed', streams: 'Streams', rules: 'Rules', settings: 'Settings' },
  time: {
    justNow: 'just now',
    milliseconds: (n: number) => `${number(n)} ms`,
    seconds: (n: number) => `${number(n)} s`,
    minutes: (n: number) => `${number(n)} min`,
    hours: (n: number) => `${number(n)} h`,
    ago: (length: string) => `${length} ago`,
    never: 'never',
  },
  status,
  state: {
    idle: 'Not started',
    connecting: 'Connecting',
    open: 'Live',
    waiting: 'Waiting',
    offline: 'No network',
    refreshing: 'Fetching a token',
    'needs-sign-in': 'Needs sign-in',
    ended: 'Ended',
    paused: 'Switched off',
  } satisfies Record<StreamState, string>,
  pause: {
    button: 'Pause',
    label: 'Pause notifications',
    quarter: 'For 15 minutes',
    hour: 'For 1 hour',
    untilTomorrow: 'Until tomorrow, 8:00',
    untilResumed: 'Until I resume',
    own: 'Another length…',
    resume: 'Resume',
    explain: 'Events and alerts are stored all the same.',
  },
  lost: {
    title: 'The connection to Streambell is lost.',
    detail: 'It comes back by itself once Streambell runs.',
    goodbye: 'Streambell has been closed.',
    why: (why: string) => `(${why})`,
  },
  first,
  now,
  chart,
  alerts,
  quiet,
  why,
  feed,
  json,
  streams,
  connections,
  signIn,
  form,
  request,
  advanced,
  rules,
  ruleForm,
  preview,
  tileForm,
  exchange,
  adding,
  diagnosis,
  broken,
  settings,
  palette,
  shortcuts,
  notice: { undo: 'Undo', dismiss: 'Dismiss', undone: (text: string) => `Undone: ${text}`, late: 'That can no longer be undone.' },
  and,
  or,
  named: (name: string, what: string) => `${name}: ${what}`,
  back: 'Back',
  close: 'Close',
};

export type Words = typeof en;
