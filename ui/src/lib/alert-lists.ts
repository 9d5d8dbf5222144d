/** Lists of alerts, newest first: which belong in one, joined, and brought up to date. Pure. */
import type { AlertQuery, AlertView, Snapshot } from './protocol';

export type Show = 'all' | 'unread' | 'acknowledged' | 'resolved';

export interface AlertFilter {
  readonly show: Show;
  /** In title, body, group, rule, stream or the event's name, whatever its case. */
  readonly text: string;
}

export const EVERY_ALERT: AlertFilter = { show: 'all', text: '' };

/** Whether an alert is one the resident would find for the same filter. */
export function isMeant({ read, answer, resolvedAtMs, ...alert }: AlertView, { show, text }: AlertFilter): boolean {
  if (show === 'unread' && read) return false;
  if (show === 'acknowledged' && answer !== 'acknowledged') return false;
  if (show === 'resolved' && resolvedAtMs === null) return false;
  const words = text.trim().toLowerCase();
  return !words || [alert.title, alert.body, alert.group, alert.rule, alert.stream, alert.event].some((one) => one.toLowerCase().includes(words));
}

export function query({ show, text }: AlertFilter, before: number | null, limit: number, after: number | null = null): AlertQuery {
  return { show, stream: null, rule: null, group: null, urgency: null, search: text.trim() || null, sinceMs: null, before, after, limit };
}

/**
 * The list after a snapshot: its unread alerts join and replace, and what it no longer holds as unread was read
 * elsewhere. An alert of the last second is left alone: the snapshot may have been taken before it came.
 */
export function reconcile(list: readonly AlertView[], { alerts, unread, atMs }: Snapshot): AlertView[] {
  const known = new Set(alerts.map(({ id }) => id));
  const oldest = alerts.length >= unread ? -Infinity : Math.min(...known);
  const readElsewhere = ({ id, read, atMs: came }: AlertView) => !read && id >= oldest && !known.has(id) && came < atMs - 1000;
  const kept = list.map((alert) => (readElsewhere(alert) ? { ...alert, read: true } : alert));
  const last = list.at(-1)?.id ?? -Infinity;
  return merge(
    alerts.filter(({ id }) => id >= last),
    kept,
  );
}

/** Two lists as one, newest first, without doubles; the first wins. */
export function merge(first: readonly AlertView[], second: readonly AlertView[]): AlertView[] {
  const known = new Map<number, AlertView>();
  for (const alert of [...second, ...first]) known.set(alert.id, alert);
  return [...known.values()].sort((one, other) => other.id - one.id);
}
