/** What the fake resident finds in its history. */
import type { AlertQuery, AlertView, Found, HistoryQuery, StoredEvent, TileHistory, TileHistoryQuery, TilePoint } from '../protocol';
import type { Market } from './market';

export function isMeant(alert: AlertView, query: AlertQuery): boolean {
  const { show, stream, rule, group, urgency, search, sinceMs, before } = query;
  const shown: Record<AlertQuery['show'], boolean> = {
    all: true, unread: !alert.read, read: alert.read, acknowledged: alert.answer === 'acknowledged',
    resolved: alert.resolvedAtMs !== null, open: false,
  };
  const text = [alert.title, alert.body, alert.group, alert.rule, alert.stream, alert.event].join('\n').toLowerCase();
  return (
    shown[show] && (stream ?? alert.stream) === alert.stream && (rule ?? alert.rule) === alert.rule && (group ?? alert.group) === alert.group &&
    (urgency ?? alert.urgency) === alert.urgency && text.includes(search?.toLowerCase() ?? '') && alert.atMs >= (sinceMs ?? 0) && alert.id < (before ?? Infinity)
  );
}

export function search(events: readonly StoredEvent[], query: HistoryQuery): Found {
  const text = query.search?.toLowerCase() ?? '';
  const found = events.filter(({ seq, stream, event, data, atMs, alerts }) =>
    seq < (query.before ?? Infinity) && (query.stream ?? stream) === stream && (query.event ?? event) === event && atMs >= (query.sinceMs ?? 0) &&
    (!query.alerts || alerts.length > 0) && `${event}\n${data}`.toLowerCase().includes(text));
  const page = found.reverse().slice(0, query.limit || 200);
  return { events: page, next: page.length < found.length ? (page.at(-1)?.seq ?? null) : null };
}

/** Values that wander, as they might have, up to the tile's own. */
export function tileHistory(market: Market, query: TileHistoryQuery): TileHistory {
  const toMs = query.toMs ?? Date.now();
  const count = Math.min(query.points || 500, 2000);
  const bucketMs = Math.max(1, Math.ceil((toMs - query.fromMs) / count));
  const tile = market.tiles.find(({ key, stream }) => key === query.key && stream === query.stream);
  const points: TilePoint[] = [];
  let last = tile?.value ?? 100;
  for (let atMs = toMs; atMs > query.fromMs && points.length < count; atMs -= bucketMs) {
    const swing = Math.abs(last) * 0.002 * Math.random();
    points.push({ atMs, min: last - swing, max: last + swing, last, count: 3 });
    last *= 1 + (Math.random() - 0.5) * 0.006;
  }
  const alerts = market.alerts.filter(({ group, atMs }) => group === query.key && atMs >= query.fromMs && atMs <= toMs);
  return { fromMs: query.fromMs, toMs, bucketMs, points: points.reverse(), alerts: alerts.slice(0, 200), cutBeforeMs: null };
}
