import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Alerts, reconcile, UNDO_MS } from '../src/lib/alerts.svelte';
import type { AlertView } from '../src/lib/protocol';
import { alertPages, anAlert, anEvent, aSnapshot, NOW, ScriptedBackend } from './support';

const down = (from: number, to: number, part: Partial<AlertView> = {}) => Array.from({ length: from - to + 1 }, (_, at) => anAlert(from - at, part));
const ids = (alerts: readonly AlertView[]) => alerts.map(({ id }) => id);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('opening an alert reads it at once, and a late snapshot does not undo that', async () => {
  const backend = new ScriptedBackend({ alerts: alertPages(down(3, 1)) });
  const alerts = new Alerts(backend);
  alerts.takeSnapshot(aSnapshot({ alerts: down(3, 1) }));
  await alerts.load();
  alerts.select(2);
  expect(backend.of('mark-read')).toEqual([{ call: 'mark-read', alerts: [2] }]);
  alerts.takeSnapshot(aSnapshot({ alerts: down(3, 1) }));
  expect(alerts.selected?.read).toBe(true);
  expect(alerts.unreadCount).toBe(2);
  expect(ids(alerts.unread)).toEqual([3, 1]);
});

test('an alert that could not be marked is unread again, and the reason is told', async () => {
  const backend = new ScriptedBackend({ alerts: alertPages([anAlert(1)]), 'mark-read': () => Promise.reject({ code: 'failed', message: 'No.' }) });
  const alerts = new Alerts(backend);
  await alerts.load();
  alerts.select(1);
  await vi.advanceTimersByTimeAsync(0);
  expect(alerts.selected?.read).toBe(false);
  expect(alerts.trouble).toBe('No.');
});

test('mark all read shows at once and is told when it can no longer be undone', async () => {
  const backend = new ScriptedBackend();
  const alerts = new Alerts(backend);
  alerts.takeSnapshot(aSnapshot({ alerts: down(20, 1), unread: 57 }));
  expect(alerts.markAllRead()).toBe(57);
  expect(alerts.unreadCount).toBe(0);
  expect(backend.of('mark-read')).toEqual([]);
  await vi.advanceTimersByTimeAsync(UNDO_MS);
  expect(backend.of('mark-read')).toEqual([{ call: 'mark-read', alerts: [] }]);
  expect(alerts.unreadCount).toBe(0);
});

test('mark all read can be undone', async () => {
  const backend = new ScriptedBackend();
  const alerts = new Alerts(backend);
  alerts.takeSnapshot(aSnapshot({ alerts: down(3, 1) }));
  alerts.markAllRead();
  alerts.undoMarkAll();
  await vi.advanceTimersByTimeAsync(UNDO_MS);
  expect(backend.of('mark-read')).toEqual([]);
  expect(alerts.unreadCount).toBe(3);
});

test('an alert that comes while all are being marked stays unread', async () => {
  const backend = new ScriptedBackend({ alerts: alertPages(down(4, 1)) });
  const alerts = new Alerts(backend);
  alerts.takeSnapshot(aSnapshot({ alerts: down(3, 1) }));
  alerts.markAllRead();
  alerts.takeSnapshot(aSnapshot({ alerts: down(4, 1) }));
  expect(alerts.unreadCount).toBe(1);
  await alerts.commit();
  expect(backend.of('mark-read')).toEqual([{ call: 'mark-read', alerts: [3, 2, 1] }]);
  expect(ids(alerts.unread)).toEqual([4]);
});

test('older alerts are read page by page', async () => {
  const backend = new ScriptedBackend({ alerts: alertPages(down(120, 1)) });
  const alerts = new Alerts(backend);
  await alerts.load();
  await alerts.older();
  await alerts.older();
  expect(alerts.list).toHaveLength(120);
  expect(alerts.reachedEnd).toBe(true);
  expect(backend.of('alerts').map(({ query }) => query.before)).toEqual([null, 71, 21]);
});

test('an alert from outside is opened although it is not in the list', async () => {
  const backend = new ScriptedBackend({ alerts: alertPages(down(900, 1)) });
  const alerts = new Alerts(backend);
  await alerts.load();
  expect(await alerts.present(100)).toBe(true);
  expect(backend.of('alerts')[1]?.query).toMatchObject({ before: 101, limit: 50 });
  expect(alerts.selected?.id).toBe(100);
  expect(ids(alerts.list)).toEqual(ids(down(900, alerts.list.at(-1)?.id ?? 0)));
});

test('an alert from outside that is newer than the list brings the list up to date', async () => {
  const store = down(5, 1);
  const backend = new ScriptedBackend({ alerts: (call) => alertPages(store)!(call) });
  const alerts = new Alerts(backend);
  await alerts.load();
  store.unshift(anAlert(6));
  expect(await alerts.present(6)).toBe(true);
  expect(ids(alerts.list)).toEqual([6, 5, 4, 3, 2, 1]);
});

test('an alert that is no longer stored is said to be missing', async () => {
  const alerts = new Alerts(new ScriptedBackend({ alerts: alertPages([anAlert(9)]) }));
  expect(await alerts.present(3)).toBe(false);
  expect(alerts.missing).toBe(true);
});

test('alerts of live events join the list', async () => {
  const alerts = new Alerts(new ScriptedBackend({ alerts: alertPages([anAlert(1)]) }));
  await alerts.load();
  alerts.takeBatch({ events: [anEvent(9, { alerts: [anAlert(2)] })], omitted: 0 });
  expect(ids(alerts.list)).toEqual([2, 1]);
});

test('what a snapshot no longer holds as unread was read elsewhere', () => {
  const after = reconcile(down(3, 1), aSnapshot({ alerts: [anAlert(3)], unread: 1 }));
  expect(after.map(({ read }) => read)).toEqual([false, true, true]);
});

test('a snapshot that lists only the newest unread says nothing about older ones', () => {
  const after = reconcile(down(30, 1), aSnapshot({ alerts: down(30, 11), unread: 30 }));
  expect(after.every(({ read }) => !read)).toBe(true);
});

test('a snapshot from before an alert does not mark it as read', () => {
  const fresh = anAlert(4, { atMs: NOW });
  expect(reconcile([fresh], aSnapshot({ alerts: [], unread: 0, atMs: NOW }))[0]?.read).toBe(false);
});
