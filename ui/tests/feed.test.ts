/** The feed as state: order, bounds, pauses, filters and search. */
import { expect, test, vi } from 'vitest';

import { Feed, isKept, matches, MOST_ROWS, type Filter } from '../src/lib/feed.svelte';
import type { Answer, HistoryQuery, StoredEvent } from '../src/lib/protocol';
import { anEvent, ScriptedBackend } from './support';

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => anEvent(from + at));
const batch = (...events: StoredEvent[]) => ({ events, omitted: 0 });
const seqs = (feed: Feed) => feed.rows.map(({ seq }) => seq);

const ALL: Filter = { stream: null, event: null, text: '', untilMs: null };

function ledger(events: StoredEvent[]) {
  const found = ({ stream, event, search, untilMs, before, limit }: HistoryQuery) =>
    events.filter((one) => (before === null || one.seq < before) && matches(one, { stream, event, text: search ?? '', untilMs })).slice(-limit);
  return new ScriptedBackend({
    history: ({ query }): Answer => ({ answer: 'history', value: found(query) }),
    search: ({ query }): Answer => {
      const page = found(query).reverse();
      return { answer: 'found', value: { events: page, next: page.length < query.limit ? null : page.at(-1)!.seq } };
    },
  });
}

test('events stand newest first, once each', () => {
  const feed = new Feed(new ScriptedBackend());
  feed.take(batch(anEvent(1), anEvent(2)));
  feed.take(batch(anEvent(2), anEvent(3)));
  expect(seqs(feed)).toEqual([3, 2, 1]);
});

test('never more than 2,000 rows are kept, whatever comes', () => {
  const feed = new Feed(new ScriptedBackend());
  for (let from = 1; from < 5000; from += 200) feed.take(batch(...range(from, from + 199)));
  expect(feed.rows).toHaveLength(MOST_ROWS);
  expect(feed.rows[0]?.seq).toBe(5000);
});

test('a held list stands still and lets everything in when it follows again', () => {
  const feed = new Feed(new ScriptedBackend());
  feed.take(batch(anEvent(1)));
  feed.pause(true);
  feed.take(batch(anEvent(2), anEvent(3)));
  expect(seqs(feed)).toEqual([1]);
  expect(feed.fresh).toBe(2);
  feed.follow();
  expect(seqs(feed)).toEqual([3, 2, 1]);
  expect(feed.fresh).toBe(0);
});

test('what waits while the list is held is counted to the last, and kept within bounds', () => {
  const feed = new Feed(new ScriptedBackend());
  feed.scrolledAway(true);
  for (let from = 1; from < 5000; from += 200) feed.take(batch(...range(from, from + 199)));
  expect(feed.fresh).toBe(5000);
  feed.scrolledAway(false);
  expect(feed.rows).toHaveLength(MOST_ROWS);
});

test('scrolling back to the top does not end a pause', () => {
  const feed = new Feed(new ScriptedBackend());
  feed.pause(true);
  feed.scrolledAway(true);
  feed.scrolledAway(false);
  expect(feed.held).toBe(true);
});

test('older events are read page by page until there are no more', async () => {
  const feed = new Feed(ledger(range(1, 450)));
  await feed.reload();
  expect(feed.rows).toHaveLength(200);
  await feed.older();
  await feed.older();
  expect(feed.rows).toHaveLength(450);
  expect(feed.reachedEnd).toBe(true);
  expect(feed.rows.at(-1)?.seq).toBe(1);
});

test('who reads far back loses the newest rows, and gets them back on the way to the top', async () => {
  const feed = new Feed(ledger(range(1, 5000)));
  await feed.reload();
  feed.scrolledAway(true);
  for (let turn = 0; turn < 12; turn += 1) await feed.older();
  expect([feed.rows.length, seqs(feed)[0], seqs(feed).at(-1), feed.farBack]).toEqual([MOST_ROWS, 4400, 2401, true]);
  feed.take(batch(anEvent(5001)));
  feed.scrolledAway(false);
  expect([seqs(feed)[0], feed.fresh]).toEqual([4400, 1]);
  feed.follow();
  await vi.waitFor(() => expect([seqs(feed)[0], feed.fresh, feed.held]).toEqual([5001, 0, false]));
});

test('after a lost link the rows of who reads stay, and the newest are a step away', async () => {
  const stored = range(1, 30);
  const feed = new Feed(ledger(stored));
  await feed.catchUp();
  feed.step(1);
  feed.forgetRecent();
  stored.push(...range(31, 40));
  await feed.catchUp();
  expect([seqs(feed)[0], feed.farBack, feed.latest[0]?.seq]).toEqual([30, true, 40]);
  await feed.select(null);
  feed.follow();
  await vi.waitFor(() => expect([seqs(feed)[0], feed.farBack]).toEqual([40, false]));
});

test('a filter asks the ledger and holds for what comes after', async () => {
  const feed = new Feed(ledger([anEvent(1, { stream: 'ops' }), anEvent(2), anEvent(3, { data: 'Disk FULL', stream: 'ops' })]));
  await feed.narrow({ ...ALL, stream: 'ops', text: 'full' });
  expect(seqs(feed)).toEqual([3]);
  feed.take(batch(anEvent(4), anEvent(5, { stream: 'ops', event: 'disk-full' })));
  expect(seqs(feed)).toEqual([5, 3]);
  expect(feed.latest.map(({ seq }) => seq)).toContain(4);
});

test('a time that is gone to shows what came up to it, holds there and counts what comes', async () => {
  const stored = range(1, 1000).map((event) => ({ ...event, atMs: event.seq * 1000 }));
  const feed = new Feed(ledger(stored));
  await feed.reload();
  await feed.goTo(500_500);
  expect([seqs(feed)[0], feed.rows.length, feed.held, feed.paused]).toEqual([500, 200, true, true]);
  await feed.older();
  expect([seqs(feed)[0], seqs(feed).at(-1)]).toEqual([500, 101]);
  feed.take(batch(anEvent(1001, { atMs: 1_001_000 }), anEvent(1002, { atMs: 1_002_000 })));
  feed.scrolledAway(true);
  feed.scrolledAway(false);
  expect([seqs(feed)[0], feed.fresh, feed.latest[0]?.seq]).toEqual([500, 2, 1002]);
  feed.follow();
  await vi.waitFor(() => expect([seqs(feed)[0], feed.fresh, feed.held, feed.filter]).toEqual([1002, 0, false, ALL]));
});

test('at a time that is gone to the other filters hold, and letting the list go leads back to the newest', async () => {
  const stored = range(1, 40).map((event) => ({ ...event, atMs: event.seq * 1000, stream: event.seq % 2 ? 'ops' : 'market', data: event.seq % 3 ? 'tin' : 'zinc' }));
  const feed = new Feed(ledger(stored));
  await feed.narrow({ ...ALL, stream: 'ops', text: 'zinc' });
  await feed.goTo(20_000);
  expect(seqs(feed)).toEqual([15, 9, 3]);
  feed.take({ events: [anEvent(41, { atMs: 41_000, stream: 'ops', data: 'zinc' }), anEvent(42, { atMs: 42_000 })], omitted: 7 });
  expect(feed.fresh).toBe(1);
  await feed.goTo(0);
  expect([seqs(feed), feed.reachedEnd]).toEqual([[], true]);
  feed.pause(false);
  await vi.waitFor(() => expect([seqs(feed), feed.held]).toEqual([[41, 39, 33, 27, 21, 15, 9, 3], false]));
  expect(feed.filter).toEqual({ ...ALL, stream: 'ops', text: 'zinc' });
});

test('an answer to an older filter is dropped', async () => {
  const answers: ((answer: Answer) => void)[] = [];
  const feed = new Feed(new ScriptedBackend({ search: () => new Promise<Answer>((resolve) => answers.push(resolve)) }));
  const first = feed.narrow({ ...ALL, text: 'first' });
  const second = feed.narrow({ ...ALL, text: 'second' });
  answers[1]?.({ answer: 'found', value: { events: [anEvent(2, { data: 'second' })], next: null } });
  answers[0]?.({ answer: 'found', value: { events: [anEvent(1, { data: 'first' })], next: null } });
  await Promise.all([first, second]);
  expect(seqs(feed)).toEqual([2]);
});

test('a search goes on where a page had nothing to show, and ends where the history does', async () => {
  const pages = [
    { events: [], next: 900 },
    { events: [anEvent(700)], next: 600 },
    { events: [], next: 300 },
    { events: [], next: null },
  ];
  const backend = new ScriptedBackend({ search: (): Answer => ({ answer: 'found', value: pages.shift()! }) });
  const feed = new Feed(backend);
  await feed.narrow({ ...ALL, text: 'rare' });
  expect([seqs(feed), feed.reachedEnd]).toEqual([[700], false]);
  await feed.older();
  expect([seqs(feed), feed.reachedEnd]).toEqual([[700], true]);
  expect(backend.of('search').map(({ query }) => query.before)).toEqual([null, 900, 600, 300]);
});

test('an event name is asked for as it is, not as a pattern', async () => {
  const backend = new ScriptedBackend();
  const feed = new Feed(backend);
  await feed.narrow({ ...ALL, event: 'disk[*]' });
  expect(backend.of('history')[0]?.query).toMatchObject({ event: 'disk\\[\\*\\]', search: null });
  feed.take(batch(anEvent(1, { event: 'disk[*]' }), anEvent(2, { event: 'disk[x]' })));
  expect(seqs(feed)).toEqual([1]);
});

test('the names that were seen can be chosen, of one stream only its own', async () => {
  const feed = new Feed(ledger([anEvent(1, { event: 'old' })]));
  await feed.reload();
  feed.take(batch(anEvent(2, { event: 'tick', stream: 'ops' }), anEvent(3, { event: 'price' })));
  expect(feed.names).toEqual(['old', 'price', 'tick']);
  await feed.narrow({ ...ALL, stream: 'ops' });
  expect(feed.names).toEqual(['tick']);
});

test('names are bounded, whatever a server makes up', () => {
  const feed = new Feed(new ScriptedBackend());
  for (let from = 1; from < 2000; from += 200) feed.take(batch(...range(from, from + 199).map((event) => ({ ...event, event: `e${event.seq}` }))));
  expect(feed.names).toHaveLength(500);
});

test('while an event is read the list stands still; a step leads to the next one', async () => {
  const feed = new Feed(new ScriptedBackend());
  feed.take(batch(anEvent(1), anEvent(2)));
  feed.step(1);
  feed.take({ events: [anEvent(3)], omitted: 4 });
  expect([seqs(feed), feed.fresh, feed.selected?.seq]).toEqual([[2, 1], 5, 2]);
  feed.step(1);
  expect(feed.selected?.seq).toBe(1);
  feed.follow();
  expect([seqs(feed), feed.fresh, feed.omitted, feed.held]).toEqual([[3, 2, 1], 0, 4, true]);
  await feed.select(null);
  expect(feed.held).toBe(false);
});

test('of long data a row keeps only the beginning', async () => {
  const feed = new Feed(ledger([anEvent(7, { data: 'x'.repeat(100_000) })]));
  await feed.reload();
  expect(feed.rows[0]?.data).toHaveLength(4096);
  await feed.select(feed.rows[0]!);
  expect(feed.selected?.data).toHaveLength(100_000);
});

test('data that was cut within a letter of many bytes is fetched whole, too', async () => {
  const whole = anEvent(7, { data: '报'.repeat(3000) });
  const feed = new Feed(ledger([whole]));
  await feed.select({ ...whole, data: '报'.repeat(1365) });
  expect(feed.selected?.data).toHaveLength(3000);
});

test('data that a batch had to cut is fetched whole when it is opened', async () => {
  const whole = anEvent(7, { data: 'x'.repeat(9000) });
  const feed = new Feed(ledger([whole]));
  await feed.select({ ...whole, data: 'x'.repeat(4096) });
  expect(feed.selected?.data).toHaveLength(9000);
});

test('a refusal is told and leaves the rows alone', async () => {
  const feed = new Feed(new ScriptedBackend({ history: () => Promise.reject({ code: 'failed', message: 'The ledger is locked.' }) }));
  feed.take(batch(anEvent(1)));
  await feed.reload();
  expect(feed.trouble).toBe('The ledger is locked.');
  expect(seqs(feed)).toEqual([1]);
});

const passing = (data: string, part: Partial<StoredEvent> = {}) => anEvent(0, { data, ...part });
const told = (feed: Feed) => feed.rows.map(({ data }) => data);

test('in whatever order and however often events come, each is there once, the newest first', () => {
  const batches = [range(5, 8), range(9, 9), range(1, 3), range(7, 12), [anEvent(14), anEvent(13)], [anEvent(15), anEvent(15)], range(4, 4)];
  for (let turn = 0; turn < batches.length; turn++) {
    const feed = new Feed(ledger([]));
    for (const events of [...batches.slice(turn), ...batches.slice(0, turn)]) feed.take(batch(...events));
    expect(seqs(feed)).toEqual([15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  }
});

test('events that are not stored stand where they came among those that are, each a row of its own', async () => {
  const feed = new Feed(ledger([anEvent(7, { data: 'seven' })]));
  await feed.reload();
  feed.take(batch(passing('a'), passing('b'), anEvent(8, { data: 'eight' }), passing('c')));
  feed.take(batch(anEvent(9, { data: 'nine' }), passing('d')));
  expect(told(feed)).toEqual(['d', 'nine', 'c', 'eight', 'b', 'a', 'seven']);
  expect(new Set(seqs(feed)).size).toBe(7);
  expect(feed.rows.filter((row) => !isKept(row)).map(({ data }) => data)).toEqual(['d', 'c', 'b', 'a']);
});

test('an event that is not stored is shown as it came, filtered, held and counted as any other, and nothing is asked of it', async () => {
  const backend = ledger([anEvent(1), anEvent(2)]);
  const feed = new Feed(backend);
  await feed.reload();
  feed.scrolledAway(true);
  feed.take(batch(passing('x'.repeat(2000), { event: 'rare' })));
  expect(feed.fresh).toBe(1);
  feed.follow();
  const asked = backend.asked.length;
  await feed.select(feed.rows[0]!);
  expect(backend.asked).toHaveLength(asked);
  await feed.select(null);
  await feed.narrow({ ...ALL, event: 'rare' });
  expect(feed.rows).toHaveLength(1);
  await feed.narrow({ ...ALL, event: 'other' });
  expect(feed.rows).toHaveLength(0);
});

test('what only passed by is still there after the link was lost, and older pages begin below what is stored', async () => {
  const feed = new Feed(ledger(range(1, 450)));
  feed.take(batch(passing('early')));
  await feed.reload();
  feed.forgetRecent();
  await feed.catchUp();
  expect(told(feed)).toContain('early');
  await feed.older();
  await feed.older();
  expect(feed.rows.filter(isKept)).toHaveLength(450);
});

test('who looks for something else begins at its top, and follows', async () => {
  const feed = new Feed(ledger(range(1, 5)));
  await feed.reload();
  feed.scrolledAway(true);
  await feed.narrow({ ...ALL, event: 'price-update' });
  expect(feed.held).toBe(false);
});
