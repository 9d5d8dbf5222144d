/** The inbox: days, groups and how alerts are joined in lines. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { Alerts } from '../src/lib/alerts.svelte';
import { Announcer, QUIET_MS } from '../src/lib/announcer.svelte';
import { Inbox, layOut, type Line } from '../src/lib/inbox.svelte';
import type { AlertView } from '../src/lib/protocol';
import { matcherOf, ofRule, secondsOf, silentRule, silentStream } from '../src/lib/silencing';
import { alertPages, anAlert, aSnapshot, NOW, ScriptedBackend } from './support';

const DAY = 86_400_000;
const of = (id: number, group: string, part: Partial<AlertView> = {}) => anAlert(id, { group, ...part });
const shape = (lines: readonly Line[]) =>
  lines.map((line) => (line.is === 'day' ? '#' : line.is === 'group' ? `${line.alerts[0]!.group}×${line.alerts.length}` : `${line.level > 1 ? '  ' : ''}${line.alert.id}`));

async function inboxOf(...store: AlertView[]) {
  const backend = new ScriptedBackend({ alerts: alertPages(store) });
  const alerts = new Alerts(backend);
  alerts.takeSnapshot(aSnapshot({ alerts: store.filter(({ read }) => !read) }));
  await alerts.load();
  return { backend, alerts, inbox: new Inbox(alerts) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('alerts of a day and a group are one line, where the newest of them stands', () => {
  const list = [of(6, 'BTC'), of(5, 'ACME'), of(4, 'BTC'), of(3, 'BTC', { atMs: NOW - DAY }), of(2, 'BTC', { rule: 'Other', atMs: NOW - DAY })];
  expect(shape(layOut(list, true, new Set()))).toEqual(['#', 'BTC×2', '5', '#', '3', '2']);
  expect(shape(layOut(list, false, new Set()))).toEqual(['#', '6', '5', '4', '#', '3', '2']);
});

test('a group unfolds under its line', async () => {
  const { inbox } = await inboxOf(of(3, 'BTC'), of(2, 'BTC'), anAlert(1));
  const [, group] = inbox.lines;
  inbox.fold(group!.key, true);
  expect(shape(inbox.lines)).toEqual(['#', 'BTC×2', '  3', '  2', '1']);
  inbox.foldAround(inbox.lines[3]!);
  expect([shape(inbox.lines), inbox.cursor]).toEqual([['#', 'BTC×2', '1'], group!.key]);
});

test('opening the line of a group reads all it stands for', async () => {
  const { inbox, alerts, backend } = await inboxOf(of(3, 'BTC'), of(2, 'BTC'), anAlert(1));
  inbox.step(1);
  expect(alerts.selected?.id).toBe(3);
  expect(backend.of('mark-read')).toEqual([{ call: 'mark-read', alerts: [3, 2] }]);
  inbox.step(1);
  expect(alerts.selected?.id).toBe(1);
  inbox.step(5);
  expect(alerts.selected?.id).toBe(1);
});

test('a group keeps the cursor when it grows, and what is open does not change', async () => {
  const { inbox, alerts } = await inboxOf(of(3, 'BTC'), of(2, 'BTC'), anAlert(1));
  inbox.step(1);
  const before = inbox.cursor;
  alerts.takeSnapshot(aSnapshot({ alerts: [of(4, 'BTC')] }));
  expect([inbox.cursor, alerts.selected?.id]).toEqual([before, 3]);
  expect(shape(inbox.lines)).toEqual(['#', 'BTC×3', '1']);
});

test('an alert that is opened from elsewhere is shown in its group', async () => {
  const { inbox, alerts } = await inboxOf(of(3, 'BTC'), of(2, 'BTC'), anAlert(1));
  await alerts.present(2);
  inbox.reveal(2);
  expect([shape(inbox.lines), inbox.cursor]).toEqual([['#', 'BTC×2', '  3', '  2', '1'], 'alert 2']);
});

describe('checked alerts', () => {
  test('are extended line by line, a group with all it stands for', async () => {
    const { inbox } = await inboxOf(anAlert(9, { rule: 'A' }), of(3, 'BTC'), of(2, 'BTC'), anAlert(1));
    inbox.step(1);
    inbox.step(1, true);
    expect(inbox.checked.map(({ id }) => id)).toEqual([9, 3, 2]);
    inbox.toggleHere();
    expect(inbox.checked.map(({ id }) => id)).toEqual([9]);
    inbox.checkAll();
    expect(inbox.checked).toHaveLength(4);
    inbox.uncheck();
    expect(inbox.checked).toHaveLength(0);
  });

  test('are fewer again where the way goes back, and others stay', async () => {
    const { inbox } = await inboxOf(...[5, 4, 3, 2, 1].map((id) => anAlert(id, { rule: `R${id}` })));
    const checked = () => inbox.checked.map(({ id }) => id);
    inbox.step(1);
    inbox.toggleHere();
    inbox.goTo(inbox.lines.filter(({ is }) => is !== 'day')[2]!);
    inbox.step(1, true);
    inbox.step(1, true);
    expect(checked()).toEqual([5, 3, 2, 1]);
    inbox.step(-1, true);
    expect(checked()).toEqual([5, 3, 2]);
    inbox.step(-1, true);
    inbox.step(-1, true);
    expect(checked()).toEqual([5, 4, 3]);
  });

  test('are what an action is about; without any, the line under the cursor', async () => {
    const { inbox, alerts } = await inboxOf(anAlert(3, { rule: 'A' }), anAlert(2, { rule: 'B' }), anAlert(1, { rule: 'C' }));
    inbox.step(1);
    expect(inbox.targets.map(({ id }) => id)).toEqual([3]);
    inbox.toggle(inbox.lines[2]!);
    inbox.toggle(inbox.lines[3]!);
    const { count, undo } = inbox.acknowledge();
    expect([count, inbox.checked.length]).toEqual([2, 0]);
    expect(alerts.list.filter(({ answer }) => answer).map(({ id }) => id)).toEqual([2, 1]);
    undo();
    expect(alerts.list.some(({ answer }) => answer)).toBe(false);
  });
});

test('after a line has left, the next step leads to the one that took its place', async () => {
  const { inbox, alerts } = await inboxOf(...[3, 2, 1].map((id) => anAlert(id, { rule: String(id) })));
  await alerts.narrow({ show: 'unread', text: '' });
  inbox.step(1);
  inbox.step(1);
  inbox.acknowledge();
  inbox.step(1);
  expect(alerts.selected?.id).toBe(1);
});

test('a rule or a stream is silent until the last of what silences all of it ends, and not by what silences a part', () => {
  const silence = (id: number, rule: string, untilMs: number, group: string | null = null) => ({ id, matcher: { ...ofRule(rule), group }, untilMs, comment: '', atMs: NOW });
  const silences = [silence(1, 'A*', NOW + 1000), silence(2, 'A*', NOW + 3000), silence(3, 'B', NOW + 1000, 'BTC'), silence(4, 'C', NOW - 1)];
  const snapshot = aSnapshot({ silences, streamPauses: [{ stream: 'market', untilMs: null }, { stream: 'ops', untilMs: NOW + 5000 }] });
  expect(silentRule('A*', snapshot, NOW)).toMatchObject({ untilMs: NOW + 3000, silences: [{ id: 1 }, { id: 2 }], pause: null });
  expect(['AB', 'B', 'C'].map((rule) => silentRule(rule, snapshot, NOW))).toEqual([null, null, null]);
  expect(['market', 'ops', 'other'].map((stream) => silentStream(stream, snapshot, NOW)?.untilMs)).toEqual([null, NOW + 5000, undefined]);
});

test('the form for a silence opens beside an open alert only, and beside no other after it', async () => {
  const { inbox, alerts } = await inboxOf(anAlert(2), anAlert(1));
  inbox.silencing = true;
  alerts.select(2);
  expect(inbox.silencing).toBe(false);
  inbox.silencing = true;
  expect(inbox.silencing).toBe(true);
  alerts.select(null);
  alerts.select(1);
  expect(inbox.silencing).toBe(false);
});

test('a silence is about exactly the rule, the group or the stream of its alert', () => {
  const alert = anAlert(1, { rule: 'Price [a]', group: 'BTC*', stream: 'm?' });
  expect(matcherOf('rule', alert)).toEqual({ stream: null, rule: 'Price \\[a\\]', group: null, text: null });
  expect(matcherOf('group', alert)).toEqual({ stream: null, rule: 'Price \\[a\\]', group: 'BTC\\*', text: null });
  expect(matcherOf('stream', alert)).toEqual({ stream: 'm\\?', rule: null, group: null, text: null });
  expect([secondsOf('hour', null, 'days', 0), secondsOf('own', 1.5, 'hours', 0), secondsOf('own', null, 'hours', 0)]).toEqual([3600, 5400, null]);
});

test('new alerts are announced in one sentence now and then, and quiet ones never', () => {
  const announcer = new Announcer();
  announcer.take([anAlert(1), anAlert(2, { urgency: 'none' }), anAlert(3, { state: 'suppressed' })]);
  expect(announcer.said).toMatchObject({ count: 1, newest: { id: 1 } });
  announcer.take([anAlert(4)]);
  announcer.take([anAlert(5)]);
  expect(announcer.said?.newest.id).toBe(1);
  vi.advanceTimersByTime(QUIET_MS);
  expect(announcer.said).toMatchObject({ count: 2, newest: { id: 5 } });
  vi.advanceTimersByTime(QUIET_MS);
  expect(announcer.said).toBeNull();
});
