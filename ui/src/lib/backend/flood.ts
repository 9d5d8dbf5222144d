/** A server that sends a thousand events a second, as the resident passes them on: ten batches of at most 200. */
import type { EventBatch } from '../protocol';
import { Market } from './market';

const PER_SECOND = 1000;
/** How often the resident pushes at most. */
export const BATCH_MS = 100;
const MOST_IN_BATCH = 200;
const VALUES = 60;

/** A market of many values. */
export function manyValues(now: number): Market {
  return new Market(now, Array.from({ length: VALUES }, (_, at) => [`V${String(at + 1).padStart(2, '0')}`, 100 + at * 37.5, 2] as const));
}

/** What comes in one batch's time, whatever the timer made of it. */
export function flood(market: Market, now: number, passedMs: number): EventBatch {
  const events = [];
  for (let left = Math.round((PER_SECOND * passedMs) / 1000); left > 0; left -= 1) events.push(...market.tick(now));
  return { events: events.slice(-MOST_IN_BATCH), omitted: Math.max(0, events.length - MOST_IN_BATCH) };
}
