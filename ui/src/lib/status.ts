/** The one sentence on top: the worst thing first, with the next step. Pure: the time is an argument. */
import { secondsLeft } from './format';
import type { Locale } from './i18n/locale.svelte';
import type { Snapshot, StreamState, StreamView } from './protocol';
import type { LinkState } from './resident.svelte';

/** What a shape and a colour say together; always beside a word. */
export type Mark = 'open' | 'quiet' | 'waiting' | 'paused' | 'sign-in' | 'ended' | 'finished';

export type Step = { do: 'reconnect'; streams: readonly string[] } | { do: 'sign-in'; stream: string };

export interface Status {
  readonly mark: Mark;
  readonly text: string;
  /** The same without what changes every second, for who listens rather than looks; the text itself where absent. */
  readonly spoken?: string;
  readonly step: Step | null;
  /** How loud it is said; calm where absent. */
  readonly tone?: Tone;
  /** What else is wrong, the worst first; nothing where absent. */
  readonly others?: readonly Status[];
}

/** What comes and goes by itself is calm; what lasts warns; what needs somebody is critical. */
export type Tone = 'calm' | 'warn' | 'critical';

/** A stream that tries again sooner than this has done so hardly ever before: most servers end a connection now and then. */
const SOON_MS = 5000;

/** The shape a stream's state is drawn with. */
export function markOf({ state, quietSinceMs, finished }: StreamView): Mark {
  switch (state) {
    case 'open':
      return quietSinceMs === null ? 'open' : 'quiet';
    case 'idle':
    case 'paused':
      return 'paused';
    case 'connecting':
    case 'waiting':
    case 'offline':
    case 'refreshing':
      return 'waiting';
    case 'needs-sign-in':
      return 'sign-in';
    case 'ended':
      return finished ? 'finished' : 'ended';
  }
}

export function status(link: LinkState, snapshot: Snapshot | null, now: number, locale: Locale): Status {
  const t = locale.words.status;
  if (link.is === 'lost') return { mark: 'ended', text: t.lost, step: null, tone: 'critical' };
  if (!snapshot) return { mark: 'waiting', text: t.connecting, step: null };
  const [worst, ...others] = troubles(snapshot, now, locale);
  if (!worst) return calm(snapshot, now, locale);
  return others.length ? { ...worst, others } : worst;
}

/** What is wrong, the worst first. */
function troubles(snapshot: Snapshot, now: number, locale: Locale): Status[] {
  const t = locale.words.status;
  const { streams, ledger, notifications, configuration } = snapshot;
  const inState = (...states: StreamState[]) => streams.filter(({ state }) => states.includes(state));
  const found: Status[] = [];
  if (ledger.health === 'trouble') found.push({ mark: 'ended', text: t.ledger(locale.read(ledger.message)), step: null, tone: 'critical' });
  if (notifications.health === 'trouble') found.push({ mark: 'sign-in', text: t.notifications(locale.read(notifications.message)), step: null, tone: 'critical' });
  for (const { name, message, byCode } of inState('needs-sign-in')) {
    // What the resident says of it names the command line too: here there is a button.
    const text = byCode ? t.signInByCode(name) : t.signIn(name, locale.read(message));
    found.push({ mark: 'sign-in', text, step: { do: 'sign-in', stream: name }, tone: 'critical' });
  }
  for (const { name, message, finished } of inState('ended')) {
    if (!finished) found.push({ mark: 'ended', text: t.ended(name, locale.read(message)), step: { do: 'reconnect', streams: [name] }, tone: 'critical' });
  }
  if (configuration.health === 'trouble') found.push({ mark: 'sign-in', text: t.configuration(locale.read(configuration.message)), step: null, tone: 'critical' });
  const without = inState('offline');
  if (without.length) found.push(offline(without, now, locale));
  for (const stream of inState('waiting').sort(byRetry)) found.push(waiting(stream, now, locale));
  for (const { name } of inState('refreshing')) found.push({ mark: 'waiting', text: t.refreshing(name), step: null });
  for (const { name, quietSinceMs } of inState('open')) {
    if (quietSinceMs !== null) found.push({ mark: 'quiet', text: t.quiet(name, locale.moment(quietSinceMs, now)), step: { do: 'reconnect', streams: [name] }, tone: 'warn' });
  }
  for (const { name } of inState('connecting')) found.push({ mark: 'waiting', text: t.connectingTo(name), step: null });
  return found;
}

/** Said once of all that have no network; each is tried now and then, as what the system says may be wrong. */
function offline(streams: readonly StreamView[], now: number, locale: Locale): Status {
  const t = locale.words.status;
  const tries = streams.flatMap(({ retryAtMs }) => (retryAtMs === null ? [] : [retryAtMs]));
  const left = tries.length ? secondsLeft(Math.min(...tries), now) : 0;
  const text = left ? t.offlineFor(locale.duration(left)) : t.offline;
  return { mark: 'waiting', text, spoken: t.offline, step: { do: 'reconnect', streams: streams.map(({ name }) => name) }, tone: 'warn' };
}

function waiting({ name, message, retryAtMs, sinceMs }: StreamView, now: number, locale: Locale): Status {
  const t = locale.words.status;
  const cause = locale.read(message);
  const left = retryAtMs === null ? 0 : secondsLeft(retryAtMs, now);
  const text = left ? t.nextTry(name, locale.duration(left), cause.replace(/[.。]$/, '')) : t.tryingNow(name);
  const spoken = `${name}: ${locale.words.state.waiting}${cause ? ` (${cause})` : ''}`;
  const tone = (retryAtMs ?? now) - sinceMs > SOON_MS ? 'warn' : 'calm';
  return { mark: 'waiting', text, spoken, step: { do: 'reconnect', streams: [name] }, tone };
}

function calm({ streams, pause }: Snapshot, now: number, locale: Locale): Status {
  const t = locale.words.status;
  if (pause) {
    const text = pause.untilMs === null ? t.paused : t.pausedUntil(locale.moment(pause.untilMs, now));
    return { mark: 'paused', text, step: null };
  }
  const live = streams.filter(({ state }) => state === 'open').length;
  const ended = streams.filter(({ state }) => state === 'ended').length;
  const off = streams.length - live - ended;
  if (!streams.length) return { mark: 'paused', text: t.noStreams, step: null };
  if (live === streams.length) return { mark: 'open', text: t.allLive(live), step: null };
  if (off === streams.length) return { mark: 'paused', text: t.allOff, step: null };
  if (ended === streams.length) return { mark: 'finished', text: t.allEnded, step: null };
  return { mark: live ? 'open' : 'paused', text: t.some(live, off, ended), step: null };
}

function byRetry(one: StreamView, other: StreamView): number {
  return (one.retryAtMs ?? 0) - (other.retryAtMs ?? 0);
}
