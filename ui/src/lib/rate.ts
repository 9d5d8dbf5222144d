/** How many events of a stream came in the last minute, told also while nothing comes. Pure. */
import type { StreamView } from './protocol';

const MINUTE_MS = 60_000;

/** The resident tells it when something happens: a minute after the last event it is none, which nothing tells. */
export function eventsPerMinute({ eventsPerMinute: told, lastEventAtMs }: Pick<StreamView, 'eventsPerMinute' | 'lastEventAtMs'>, now: number): number {
  return lastEventAtMs !== null && now - lastEventAtMs < MINUTE_MS ? told : 0;
}
