/** What a person says of alerts: shown at once, told at once or later, undone, and answered in any order. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Alerts } from '../src/lib/alerts.svelte';
import { Inbox } from '../src/lib/inbox.svelte';
import { UNDO_MS } from '../src/lib/marks.svelte';
import type { Answer } from '../src/lib/protocol';
import { alertPages, anAlert, aSnapshot, down, ids, NOW, ScriptedBackend } from './support';

const marked = (): Answer => ({ answer: 'marked', value: { count: 57 } });

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

test('an alert that is read and at once unread again is unread, though no snapshot ever said it was read', async () => {
  const backend = new ScriptedBackend({ alerts: alertPages(down(3, 1)) });
  const alerts = new Alerts(backend);
  alerts.takeSnapshot(aSnapshot({ alerts: down(3, 1) }));
  await alerts.load();
  alerts.select(2);
  await vi.advanceTimersByTimeAsync(0);
  alerts.markUnread(alerts.list.filter(({ id }) => id === 2));
  await vi.advanceTimersByTimeAsync(0);
  alerts.takeChanged([anAlert(2)]);
  alerts.takeSnapshot(aSnapshot({ alerts: down(3, 1) }));
  expect(alerts.unreadCount).toBe(3);
  expect(alerts.selected?.read).toBe(false);
});

test('what was still under way when the resident had read an alert does not make it unread again', async () => {
  const backend = new ScriptedBackend({ alerts: alertPages(down(3, 1)) });
  const alerts = new Alerts(backend);
  alerts.takeSnapshot(aSnapshot({ alerts: down(3, 1) }));
  await alerts.load();
  const before = Date.now();
  await vi.advanceTimersByTimeAsync(50);
  alerts.select(2);
  await vi.advanceTimersByTimeAsync(0);
  alerts.takeSnapshot(aSnapshot({ alerts: down(3, 1), atMs: before }));
  expect([alerts.selected?.read, alerts.unreadCount, ids(alerts.unread)]).toEqual([true, 2, [3, 1]]);
  // Of a later moment it is what somebody else did.
  alerts.takeSnapshot(aSnapshot({ alerts: down(3, 1), atMs: before + 100 }));
  expect([alerts.selected?.read, alerts.unreadCount]).toEqual([false, 3]);
});

test('what was acknowledged, taken back and acknowledged again is acknowledged, whatever is told late', async () => {
  const alerts = new Alerts(new ScriptedBackend({ alerts: alertPages(down(1, 1)) }));
  await alerts.load();
  const [alert] = alerts.list;
  alerts.acknowledge(alert!);
  alerts.unacknowledge(alerts.list);
  alerts.acknowledge(alert!);
  alerts.takeChanged([anAlert(1, { read: true })]);
  expect(alerts.list[0]?.answer).toBe('acknowledged');
  await vi.advanceTimersByTimeAsync(0);
  expect(alerts.list[0]?.answer).toBe('acknowledged');
});

/** An alert that was acknowledged and at once not any more, of which the resident has answered the last word only. */
async function crossed() {
  const answers: (() => void)[] = [];
  const later = () => new Promise<Answer>((resolve) => answers.push(() => resolve({ answer: 'done' })));
  const alerts = new Alerts(new ScriptedBackend({ alerts: alertPages(down(1, 1)), acknowledge: later, unacknowledge: later }));
  await alerts.load();
  alerts.acknowledge(alerts.list[0]!);
  alerts.unacknowledge(alerts.list);
  // Where the page goes away, nothing waits for an answer.
  void alerts.commit();
  answers[1]!();
  await vi.advanceTimersByTimeAsync(10);
  return { alerts, answers };
}

test('what was said last holds, though the resident answers what was said before it last', async () => {
  const { alerts, answers } = await crossed();
  alerts.takeSnapshot(aSnapshot({ alerts: [], unread: 0, atMs: Date.now() }));
  answers[0]!();
  await vi.advanceTimersByTimeAsync(10);
  expect(alerts.list[0]).toMatchObject({ read: true, answer: '' });
});

test('what was said last holds, though what was said before it is answered later, and a snapshot is of between', async () => {
  const { alerts, answers } = await crossed();
  expect(alerts.list[0]?.answer).toBe('');
  const between = Date.now();
  await vi.advanceTimersByTimeAsync(10);
  answers[0]!();
  await vi.advanceTimersByTimeAsync(10);
  alerts.takeSnapshot(aSnapshot({ alerts: [], unread: 0, atMs: between }));
  alerts.takeSnapshot(aSnapshot({ alerts: [], unread: 0, atMs: Date.now() }));
  expect(alerts.list[0]).toMatchObject({ read: true, answer: '' });
});

test('what is said of an alert is told when what was said before of any is answered', async () => {
  const answers: (() => void)[] = [];
  const later = () => new Promise<Answer>((resolve) => answers.push(() => resolve(marked())));
  const backend = new ScriptedBackend({ alerts: alertPages(down(3, 1)), 'mark-read-where': later });
  const alerts = new Alerts(backend);
  alerts.takeSnapshot(aSnapshot({ alerts: down(3, 1) }));
  await alerts.load();
  alerts.markAllRead();
  alerts.markUnread(alerts.list.slice(0, 1));
  expect(backend.of('mark-read-where')).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(UNDO_MS);
  expect(backend.of('mark-unread')).toEqual([]);
  answers[0]!();
  await vi.advanceTimersByTimeAsync(0);
  expect(backend.of('mark-unread')).toEqual([{ call: 'mark-unread', alerts: [3] }]);
  expect(alerts.list.map(({ read }) => read)).toEqual([false, true, true]);
});

test('what was said after something that is refused counts on', async () => {
  const refuse: (() => void)[] = [];
  const refused = () => new Promise<Answer>((_, reject) => refuse.push(() => reject({ code: 'failed', message: 'No.' })));
  const alerts = new Alerts(new ScriptedBackend({ alerts: alertPages([anAlert(1, { read: true })]), acknowledge: refused }));
  await alerts.load();
  alerts.acknowledge(alerts.list[0]!);
  alerts.markUnread(alerts.list);
  await vi.advanceTimersByTimeAsync(10);
  refuse[0]!();
  await vi.advanceTimersByTimeAsync(10);
  alerts.takeSnapshot(aSnapshot({ alerts: [anAlert(1)], unread: 1, atMs: Date.now() + 1 }));
  expect(alerts.list[0]).toMatchObject({ read: false, answer: '' });
  expect(alerts.trouble).toBe('No.');
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
  const backend = new ScriptedBackend({ 'mark-read-where': marked });
  const alerts = new Alerts(backend);
  alerts.takeSnapshot(aSnapshot({ alerts: down(20, 1), unread: 57 }));
  expect(alerts.markAllRead().count).toBe(57);
  expect(alerts.unreadCount).toBe(0);
  expect(backend.of('mark-read-where')).toEqual([]);
  await vi.advanceTimersByTimeAsync(UNDO_MS);
  expect(backend.of('mark-read-where').map(({ query }) => query)).toMatchObject([{ show: 'unread', search: null, before: 21 }]);
  alerts.takeSnapshot(aSnapshot({ alerts: [], unread: 0 }));
  expect(alerts.unreadCount).toBe(0);
});

test('mark all read can be undone', async () => {
  const backend = new ScriptedBackend();
  const alerts = new Alerts(backend);
  alerts.takeSnapshot(aSnapshot({ alerts: down(3, 1) }));
  alerts.markAllRead().undo();
  await vi.advanceTimersByTimeAsync(UNDO_MS);
  expect(backend.of('mark-read-where')).toEqual([]);
  expect(alerts.unreadCount).toBe(3);
});

test('what no longer undoes anything once the resident was told says so', async () => {
  const alerts = new Alerts(new ScriptedBackend({ 'mark-read-where': marked }));
  alerts.takeSnapshot(aSnapshot({ alerts: down(3, 1) }));
  for (const mark of [() => alerts.markAllRead(), () => alerts.markFoundRead('alert', () => {})]) {
    const { works } = mark();
    expect(works?.()).toBe(true);
    await vi.advanceTimersByTimeAsync(UNDO_MS);
    expect(works?.()).toBe(false);
  }
  expect(alerts.acknowledgeAll(down(3, 1)).works, 'that is undone at any time').toBeUndefined();
});

test('what is undone after the resident was told is told to it, too, and each alert is as it was', async () => {
  const store = [anAlert(3, { read: true }), anAlert(2), anAlert(1)];
  const backend = new ScriptedBackend({ alerts: alertPages(store) });
  const alerts = new Alerts(backend);
  alerts.takeSnapshot(aSnapshot({ alerts: store.filter(({ read }) => !read) }));
  await alerts.load();
  const states = () => alerts.list.map(({ read, answer }) => [read, answer]);
  const { undo } = alerts.acknowledgeAll(alerts.list.slice(0, 2));
  const read = alerts.read(alerts.list.slice(2));
  await vi.advanceTimersByTimeAsync(UNDO_MS);
  expect(states()).toEqual([[true, 'acknowledged'], [true, 'acknowledged'], [true, '']]);
  undo();
  read.undo();
  const before = [[true, ''], [false, ''], [false, '']];
  expect(states()).toEqual(before);
  await vi.advanceTimersByTimeAsync(UNDO_MS);
  expect(states()).toEqual(before);
  expect(backend.of('unacknowledge')).toEqual([{ call: 'unacknowledge', alerts: [3] }]);
  expect(backend.of('mark-unread').map(({ alerts }) => alerts)).toEqual([[2], [1]]);
});

test('an unread alert that was acknowledged at once is unread again when that is undone', async () => {
  const backend = new ScriptedBackend({ alerts: alertPages(down(1, 1)) });
  const alerts = new Alerts(backend);
  await alerts.load();
  alerts.acknowledge(alerts.list[0]!).undo();
  expect(alerts.list[0]).toMatchObject({ read: false, answer: '' });
  await vi.advanceTimersByTimeAsync(0);
  expect(backend.of('mark-unread')).toEqual([{ call: 'mark-unread', alerts: [1] }]);
});

test('what was said of one alert still waits to be undone after a step to the next', async () => {
  const store = down(3, 1);
  const backend = new ScriptedBackend({ alerts: alertPages(store) });
  const alerts = new Alerts(backend);
  alerts.takeSnapshot(aSnapshot({ alerts: store }));
  await alerts.load();
  const inbox = new Inbox(alerts);
  inbox.group(false);
  inbox.step(1);
  const { undo } = inbox.acknowledge();
  inbox.step(1);
  await vi.advanceTimersByTimeAsync(0);
  expect(backend.of('mark-read').map(({ alerts }) => alerts)).toEqual([[3], [2]]);
  undo();
  await vi.advanceTimersByTimeAsync(2 * UNDO_MS);
  expect(alerts.list.map(({ read, answer }) => [read, answer])).toEqual([[true, ''], [true, ''], [false, '']]);
  expect(backend.asked.filter(({ call }) => call.endsWith('acknowledge'))).toEqual([]);
});

test('an alert that comes while all are being marked stays unread', async () => {
  const backend = new ScriptedBackend({ alerts: alertPages(down(4, 1)), 'mark-read-where': marked });
  const alerts = new Alerts(backend);
  alerts.takeSnapshot(aSnapshot({ alerts: down(3, 1) }));
  alerts.markAllRead();
  alerts.takeSnapshot(aSnapshot({ alerts: down(4, 1) }));
  expect(alerts.unreadCount).toBe(1);
  await alerts.commit();
  expect(backend.of('mark-read-where')[0]?.query.before).toBe(4);
  expect(ids(alerts.unread)).toEqual([4]);
});

test('of a search only what matches is marked', async () => {
  const store = [anAlert(3, { title: 'Disk full' }), anAlert(2), anAlert(1, { title: 'disk fuller' })];
  const backend = new ScriptedBackend({ alerts: alertPages(store), 'mark-read-where': marked });
  const alerts = new Alerts(backend);
  alerts.takeSnapshot(aSnapshot({ alerts: store }));
  await alerts.narrow({ show: 'all', text: 'disk' });
  let told = 0;
  alerts.markFoundRead('disk', (n) => (told = n));
  expect(ids(alerts.unread)).toEqual([2]);
  expect(told).toBe(0);
  await alerts.commit();
  expect(backend.of('mark-read-where')[0]?.query).toMatchObject({ search: 'disk', before: 4 });
  expect(told, 'as many as the resident says').toBe(57);
});

test('many are acknowledged at once, told later, and can be undone until then', async () => {
  const backend = new ScriptedBackend({ alerts: alertPages(down(3, 1)) });
  const alerts = new Alerts(backend);
  alerts.takeSnapshot(aSnapshot({ alerts: down(3, 1) }));
  await alerts.load();
  const { count, undo } = alerts.acknowledgeAll(alerts.list.slice(0, 2));
  expect(count).toBe(2);
  expect(alerts.list.map(({ answer }) => answer)).toEqual(['acknowledged', 'acknowledged', '']);
  expect(alerts.unreadCount).toBe(1);
  undo();
  expect(alerts.list.every(({ answer, read }) => answer === '' && !read)).toBe(true);
  alerts.acknowledgeAll(alerts.list.slice(0, 2));
  await vi.advanceTimersByTimeAsync(UNDO_MS);
  expect(backend.of('acknowledge')).toEqual([{ call: 'acknowledge', alerts: [3, 2] }]);
  expect(alerts.list.filter(({ answer }) => answer === 'acknowledged')).toHaveLength(2);
});

test('what the resident refuses is as it was, with the reason', async () => {
  const refuse = () => Promise.reject({ code: 'failed', message: 'The ledger is full.' });
  const alerts = new Alerts(new ScriptedBackend({ alerts: alertPages(down(2, 1)), acknowledge: refuse }));
  await alerts.load();
  alerts.acknowledgeAll(alerts.list);
  await alerts.commit();
  expect(alerts.list.map(({ answer }) => answer)).toEqual(['', '']);
  expect(alerts.trouble).toBe('The ledger is full.');
});

test('what was said of alerts is taken back at once, and that can be undone too', async () => {
  const store = [anAlert(3, { read: true }), anAlert(2, { read: true, answer: 'acknowledged', answeredAtMs: NOW }), anAlert(1)];
  const backend = new ScriptedBackend({ alerts: alertPages(store) });
  const alerts = new Alerts(backend);
  await alerts.load();
  const states = () => alerts.list.map(({ read, answer }) => [read, answer]);
  const done = alerts.markUnread(alerts.list);
  expect(done.count).toBe(2);
  expect(states()).toEqual([[false, ''], [false, ''], [false, '']]);
  expect(backend.of('mark-unread')).toEqual([{ call: 'mark-unread', alerts: [3, 2] }]);
  // A snapshot from before it says nothing against it.
  alerts.takeSnapshot(aSnapshot({ alerts: [anAlert(1)], unread: 1, atMs: NOW + 60_000 }));
  expect(states()).toEqual([[false, ''], [false, ''], [false, '']]);
  await vi.advanceTimersByTimeAsync(0);
  alerts.takeChanged([anAlert(3), anAlert(2)]);
  done.undo();
  expect(backend.of('acknowledge')).toEqual([{ call: 'acknowledge', alerts: [2] }]);
  expect(states()).toEqual([[true, ''], [true, 'acknowledged'], [false, '']]);
  expect(alerts.unacknowledge(alerts.list).count).toBe(1);
  expect(states()[1]).toEqual([true, '']);
});

test('what is taken back before the resident heard of it stays taken back', async () => {
  const backend = new ScriptedBackend({ alerts: alertPages(down(2, 1)) });
  const alerts = new Alerts(backend);
  await alerts.load();
  alerts.acknowledgeAll(alerts.list);
  alerts.unacknowledge(alerts.list);
  await vi.advanceTimersByTimeAsync(2 * UNDO_MS);
  expect(alerts.list.map(({ answer }) => answer)).toEqual(['', '']);
  expect(backend.asked.map(({ call }) => call).filter((call) => call.endsWith('acknowledge'))).toEqual(['acknowledge', 'unacknowledge']);
});

test('all means all, whatever was searched for before', async () => {
  const store = [anAlert(3, { title: 'Disk full' }), anAlert(2), anAlert(1)];
  const backend = new ScriptedBackend({ alerts: alertPages(store), 'mark-read-where': marked });
  const alerts = new Alerts(backend);
  alerts.takeSnapshot(aSnapshot({ alerts: store }));
  await alerts.narrow({ show: 'all', text: 'disk' });
  expect(alerts.markAllRead().count).toBe(3);
  await alerts.commit();
  expect(backend.of('mark-read-where')[0]?.query.search).toBeNull();
});

test('what matches is marked although none of it is here', async () => {
  const backend = new ScriptedBackend({ 'mark-read-where': marked });
  const alerts = new Alerts(backend);
  alerts.takeSnapshot(aSnapshot({ alerts: down(20, 1), unread: 300 }));
  let told = 0;
  alerts.markFoundRead('nothing of these', (n) => (told = n));
  expect(alerts.unreadCount).toBe(300);
  await vi.advanceTimersByTimeAsync(UNDO_MS);
  expect(told).toBe(57);
});
