/** The window on the ledger's alerts: reading, paging, and pushes that cross with calls. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { EVERY_ALERT, reconcile } from '../src/lib/alert-lists';
import { Alerts, MOST_ALERTS } from '../src/lib/alerts.svelte';
import type { AlertView, Answer } from '../src/lib/protocol';
import { alertPages, anAlert, anEvent, aSnapshot, down, ids, NOW, ScriptedBackend } from './support';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('an alert that is opened stays among the unread until the list is opened anew, one that is dealt with leaves', async () => {
  const store = down(3, 1);
  const backend = new ScriptedBackend({ alerts: (call) => alertPages(store.filter(({ read }) => call.query.show === 'all' || !read))!(call) });
  const alerts = new Alerts(backend);
  await alerts.narrow({ show: 'unread', text: '' });
  alerts.select(2);
  expect(ids(alerts.list)).toEqual([3, 2, 1]);
  alerts.read(alerts.list.slice(2));
  expect(ids(alerts.list)).toEqual([3, 2]);
  store.splice(1, 1, anAlert(2, { read: true }));
  alerts.select(null);
  await alerts.reopen();
  expect(ids(alerts.list)).toEqual([3]);
});

test('an answer to an older search is dropped', async () => {
  const answers: ((answer: Answer) => void)[] = [];
  const alerts = new Alerts(new ScriptedBackend({ alerts: () => new Promise<Answer>((resolve) => answers.push(resolve)) }));
  const first = alerts.narrow({ show: 'all', text: 'one' });
  const second = alerts.narrow({ show: 'all', text: 'two' });
  answers[1]?.({ answer: 'alerts', value: [anAlert(2, { title: 'two' })] });
  answers[0]?.({ answer: 'alerts', value: [anAlert(1, { title: 'one' })] });
  await Promise.all([first, second]);
  expect(ids(alerts.list)).toEqual([2]);
});

test('while somebody reads further down the list stands still and counts what came', async () => {
  const alerts = new Alerts(new ScriptedBackend({ alerts: alertPages(down(2, 1)) }));
  await alerts.load();
  alerts.scrolledAway(true);
  alerts.takeBatch({ events: [anEvent(9, { alerts: [anAlert(3)] })], omitted: 0 });
  expect([ids(alerts.list), alerts.fresh]).toEqual([[2, 1], 1]);
  alerts.scrolledAway(false);
  expect([ids(alerts.list), alerts.fresh]).toEqual([[3, 2, 1], 0]);
});

test('reading the list anew does not move who reads further down', async () => {
  const store = down(120, 1);
  const alerts = new Alerts(new ScriptedBackend({ alerts: (call) => alertPages(store)!(call) }));
  await alerts.load();
  await alerts.older();
  alerts.scrolledAway(true);
  store.unshift(...down(125, 121));
  await alerts.load();
  expect([alerts.list.length, alerts.fresh]).toEqual([100, 5]);
});

test('only alerts that match join a list that is narrowed', async () => {
  const alerts = new Alerts(new ScriptedBackend());
  await alerts.narrow({ show: 'unread', text: 'btc' });
  const came = [anAlert(3, { title: 'BTC' }), anAlert(4), anAlert(5, { title: 'BTC', read: true })];
  alerts.takeBatch({ events: [anEvent(9, { alerts: came })], omitted: 0 });
  alerts.takeSnapshot(aSnapshot({ alerts: [anAlert(4), anAlert(3, { title: 'BTC' })] }));
  expect(ids(alerts.list)).toEqual([3]);
});

test('an alert from outside that the filter hides is shown among all', async () => {
  const store = [anAlert(2), anAlert(1, { read: true })];
  const backend = new ScriptedBackend({ alerts: (call) => alertPages(store.filter(({ read }) => call.query.show === 'all' || !read))!(call) });
  const alerts = new Alerts(backend);
  await alerts.narrow({ show: 'unread', text: '' });
  expect(await alerts.present(1)).toBe(true);
  expect([alerts.filter.show, ids(alerts.list)]).toEqual(['all', [2, 1]]);
  // Still open, and hidden by the next filter: who comes to it again sees it in the list.
  await alerts.narrow({ show: 'unread', text: '' });
  expect([ids(alerts.list), alerts.selected?.id]).toEqual([[2], 1]);
  expect(await alerts.present(1)).toBe(true);
  expect(ids(alerts.list)).toEqual([2, 1]);
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

test('who looks for something else further down begins at its top, with nothing left out', async () => {
  const store = down(300, 1).map((alert) => ({ ...alert, read: alert.id % 10 !== 0 }));
  const alerts = new Alerts(new ScriptedBackend({ alerts: (call) => alertPages(store.filter(({ read }) => call.query.show !== 'unread' || !read))!(call) }));
  await alerts.narrow({ show: 'unread', text: '' });
  alerts.scrolledAway(true);
  expect([alerts.list.length, alerts.reachedEnd]).toEqual([30, true]);
  await alerts.narrow(EVERY_ALERT);
  expect([ids(alerts.list), alerts.reachedEnd, alerts.fresh]).toEqual([ids(down(300, 251)), false, 0]);
});

test('read anew, a list that somebody reads further down is as it is now, to its end', async () => {
  const store = down(700, 1);
  const alerts = new Alerts(new ScriptedBackend({ alerts: (call) => alertPages(store.filter(({ read }) => !read))!(call) }));
  await alerts.narrow({ show: 'unread', text: '' });
  while (alerts.list.length < 650) await alerts.older();
  alerts.scrolledAway(true);
  alerts.select(90);
  const change = (id: number, part: Partial<AlertView>) => store.splice(700 - id, 1, anAlert(id, part));
  change(640, { read: true });
  change(100, { resolvedAtMs: NOW });
  change(60, { read: true });
  await alerts.load();
  expect(ids(alerts.list)).toEqual(ids(down(700, 51)).filter((id) => id !== 640 && id !== 60));
  expect(alerts.list.find(({ id }) => id === 100)?.resolvedAtMs).toBe(NOW);
});

test('an alert from outside is opened, whatever is read for the list meanwhile', async () => {
  const waiting: (() => void)[] = [];
  const backend = new ScriptedBackend({ alerts: (call) => new Promise((resolve) => waiting.push(() => void resolve(alertPages(down(900, 1))!(call)))) });
  const alerts = new Alerts(backend);
  const [presented, loaded] = [alerts.present(100), alerts.load()];
  for (let at = 0; at < 6; at += 1) {
    waiting[at]?.();
    await vi.advanceTimersByTimeAsync(0);
  }
  await loaded;
  expect([await presented, alerts.selected?.id, alerts.missing]).toEqual([true, 100, false]);
});

test('an alert from outside is opened although it is not in the list', async () => {
  const backend = new ScriptedBackend({ alerts: alertPages(down(900, 1)) });
  const alerts = new Alerts(backend);
  await alerts.load();
  expect(await alerts.present(100)).toBe(true);
  expect(backend.of('alerts')[1]?.query).toMatchObject({ before: 101, limit: 50 });
  expect(alerts.selected?.id).toBe(100);
  expect([ids(alerts.list), alerts.farBack]).toEqual([ids(down(150, 51)), true]);
  await alerts.toNewest();
  expect([alerts.list[0]?.id, alerts.farBack]).toEqual([900, false]);
});

test('the list is a window on however many alerts there are, and comes back up', async () => {
  const newest = MOST_ALERTS + 120;
  const store = down(newest, 1);
  const alerts = new Alerts(new ScriptedBackend({ alerts: (call) => alertPages(store)!(call) }));
  await alerts.load();
  alerts.scrolledAway(true);
  while (!alerts.reachedEnd) await alerts.older();
  expect(ids(alerts.list)).toEqual(ids(down(MOST_ALERTS, 1)));
  expect(alerts.farBack).toBe(true);
  const came = anAlert(newest + 1);
  store.unshift(came);
  alerts.takeBatch({ events: [anEvent(9, { alerts: [came] })], omitted: 0 });
  alerts.takeSnapshot(aSnapshot({ alerts: down(newest + 1, newest - 18), unread: newest + 1 }));
  await alerts.load();
  expect([alerts.list[0]?.id, alerts.fresh]).toEqual([MOST_ALERTS + 50, 1]);
  while (alerts.farBack) await alerts.newer();
  expect(ids(alerts.list)).toEqual(ids(down(newest + 1, newest + 2 - MOST_ALERTS)));
  expect([alerts.fresh, alerts.reachedEnd]).toEqual([0, false]);
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

test('what becomes of an alert is seen where it stands, also where the event comes late', async () => {
  const backend = new ScriptedBackend({ alerts: alertPages([anAlert(1, { state: 'pending', shownAtMs: null })]) });
  const alerts = new Alerts(backend);
  await alerts.load();
  alerts.select(1);
  expect(alerts.selected?.state).toBe('pending');
  alerts.takeChanged([anAlert(1, { state: 'shown', shownAtMs: NOW })]);
  expect(alerts.selected).toMatchObject({ state: 'shown', shownAtMs: NOW });
  alerts.takeBatch({ events: [anEvent(9, { alerts: [anAlert(1, { state: 'pending' }), anAlert(2)] })], omitted: 0 });
  expect([ids(alerts.list), alerts.selected?.state]).toEqual([[2, 1], 'shown']);
});

test('an alert that is acknowledged elsewhere joins those that are, and leaves the unread ones', async () => {
  const store = [anAlert(3), anAlert(2, { read: true, answer: 'acknowledged' }), anAlert(1)];
  const backend = new ScriptedBackend({ alerts: (call) => alertPages(store.filter(({ answer, read }) => (call.query.show === 'acknowledged' ? answer === 'acknowledged' : !read)))!(call) });
  const alerts = new Alerts(backend);
  for (const [show, before, after] of [['acknowledged', [2], [3, 2]], ['unread', [3, 1], [1]]] as const) {
    await alerts.narrow({ show, text: '' });
    expect(ids(alerts.list)).toEqual(before);
    alerts.takeChanged([anAlert(3, { read: true, answer: 'acknowledged' })]);
    expect(ids(alerts.list)).toEqual(after);
  }
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

test('an alert that comes in no batch is announced once, and none that was there when the window opened', async () => {
  const backend = new ScriptedBackend({ alerts: alertPages([anAlert(9, { read: true }), anAlert(3)]) });
  const alerts = new Alerts(backend);
  alerts.takeSnapshot(aSnapshot({ alerts: [anAlert(3)] }));
  await alerts.load();
  expect(alerts.announcer.said).toBeNull();
  alerts.takeSnapshot(aSnapshot({ alerts: [anAlert(10, { title: 'Backup did not come' }), anAlert(9), anAlert(3)] }));
  expect(alerts.announcer.said).toMatchObject({ count: 1, newest: { title: 'Backup did not come' } });
  alerts.takeSnapshot(aSnapshot({ alerts: [anAlert(10), anAlert(9), anAlert(3)] }));
  alerts.takeBatch({ events: [anEvent(12, { alerts: [anAlert(12)] })], omitted: 0 });
  await vi.advanceTimersByTimeAsync(4000);
  expect(alerts.announcer.said).toMatchObject({ count: 1, newest: { id: 12 } });
  // One that was made before it, and is told of after it.
  alerts.takeSnapshot(aSnapshot({ alerts: [anAlert(12), anAlert(11), anAlert(10)] }));
  await vi.advanceTimersByTimeAsync(4000);
  expect(alerts.announcer.said).toMatchObject({ count: 1, newest: { id: 11 } });
  await vi.advanceTimersByTimeAsync(4000);
  expect(alerts.announcer.said).toBeNull();
});
