/** What the fake resident finds in its history. */
import type { AlertQuery, AlertView, Found, HistoryQuery, OutageSpan, StoredEvent, TileHistory, TileHistoryQuery, TilePoint } from '../protocol';
import type { Market } from './market';

export function isMeant(alert: AlertView, query: AlertQuery): boolean {
  const { show, stream, rule, group, urgency, search, sinceMs, before, after } = query;
  const shown: Record<AlertQuery['show'], boolean> = {
    all: true, unread: !alert.read, read: alert.read, acknowledged: alert.answer === 'acknowledged',
    resolved: alert.resolvedAtMs !== null, open: false,
  };
  const text = [alert.title, alert.body, alert.group, alert.rule, alert.stream, alert.event].join('\n').toLowerCase();
  return (
    shown[show] && (stream ?? alert.stream) === alert.stream && (rule ?? alert.rule) === alert.rule && (group ?? alert.group) === alert.group &&
    (urgency ?? alert.urgency) === alert.urgency && text.includes(search?.toLowerCase() ?? '') && alert.atMs >= (sinceMs ?? 0) && alert.id < (before ?? Infinity) && alert.id > (after ?? 0)
  );
}

export function search(events: readonly StoredEvent[], query: HistoryQuery): Found {
  const text = query.search?.toLowerCase() ?? '';
  const found = events.filter(({ seq, stream, event, data, atMs, alerts }) =>
    seq < (query.before ?? Infinity) && (query.stream ?? stream) === stream && (query.event ?? event) === event && atMs >= (query.sinceMs ?? 0) && atMs <= (query.untilMs ?? Infinity) &&
    (!query.alerts || alerts.length > 0) && `${event}\n${data}`.toLowerCase().includes(text));
  const page = found.reverse().slice(0, query.limit || 200);
  return { events: page, next: page.length < found.length ? (page.at(-1)?.seq ?? null) : null };
}

/** Up and down by a few percent, the same at the same time whenever it is asked. */
function wander(atMs: number): number {
  return [11, 73, 431, 2_700, 19_000, 160_000, 900_000].reduce((sum, seconds, at) => sum + 0.0015 * (at + 1) * Math.sin(atMs / 1000 / seconds + at), 0);
}

/** How many alerts a chart is told. */
const MARKED = 200;

/** Values that wander, as they might have, up to the tile's own. */
export function tileHistory(market: Market, query: TileHistoryQuery, outages: readonly OutageSpan[]): TileHistory {
  const toMs = query.toMs ?? Date.now();
  const count = Math.min(query.points || 500, 2000);
  const bucketMs = Math.max(1, Math.ceil((toMs - query.fromMs) / count));
  const tile = market.tiles.find(({ key, stream }) => key === query.key && stream === query.stream);
  const last = tile?.value ?? 100;
  const points: TilePoint[] = [];
  for (let atMs = query.fromMs + bucketMs; atMs <= toMs; atMs += bucketMs) {
    const value = last * (1 + wander(atMs) - wander(toMs));
    const swing = Math.abs(value) * 0.0008;
    if (outages.some(({ fromMs, toMs: end }) => atMs > fromMs && atMs < end)) continue;
    points.push({ atMs, min: value - swing, max: value + swing, last: value, count: 3 });
  }
  const alerts = market.alerts.filter(({ group, atMs }) => group === query.key && atMs >= query.fromMs && atMs <= toMs);
  return { fromMs: query.fromMs, toMs, bucketMs, points, alerts: alerts.slice(0, MARKED), moreAlerts: alerts.length > MARKED, outages: outages.filter(({ toMs: end }) => end > query.fromMs), sampled: false };
}
