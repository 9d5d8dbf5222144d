import { expect, test } from 'vitest';

import { Feed, matches, MOST_ROWS } from '../src/lib/feed.svelte';
import type { Answer, StoredEvent } from '../src/lib/protocol';
import { anEvent, ScriptedBackend } from './support';

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => anEvent(from + at));
const batch = (...events: StoredEvent[]) => ({ events, omitted: 0 });
const seqs = (feed: Feed) => feed.rows.map(({ seq }) => seq);

function ledger(events: StoredEvent[]) {
  return new ScriptedBackend({
    history: ({ query }): Answer => ({
      answer: 'history',
      value: events.filter((event) => (query.before === null || event.seq < query.before) && matches(event, { stream: query.stream, text: query.search ?? '' })).slice(-query.limit),
    }),
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

test('what waits while the list is held is bounded, too', () => {
  const feed = new Feed(new ScriptedBackend());
  feed.scrolledAway(true);
  for (let from = 1; from < 5000; from += 200) feed.take(batch(...range(from, from + 199)));
  expect(feed.fresh).toBe(MOST_ROWS);
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

test('a filter asks the ledger and holds for what comes after', async () => {
  const feed = new Feed(ledger([anEvent(1, { stream: 'ops' }), anEvent(2), anEvent(3, { data: 'Disk FULL', stream: 'ops' })]));
  await feed.narrow({ stream: 'ops', text: 'full' });
  expect(seqs(feed)).toEqual([3]);
  feed.take(batch(anEvent(4), anEvent(5, { stream: 'ops', event: 'disk-full' })));
  expect(seqs(feed)).toEqual([5, 3]);
  expect(feed.latest.map(({ seq }) => seq)).toContain(4);
});

test('an answer to an older filter is dropped', async () => {
  const answers: ((answer: Answer) => void)[] = [];
  const feed = new Feed(new ScriptedBackend({ history: () => new Promise<Answer>((resolve) => answers.push(resolve)) }));
  const first = feed.narrow({ stream: null, text: 'first' });
  const second = feed.narrow({ stream: null, text: 'second' });
  answers[1]?.({ answer: 'history', value: [anEvent(2, { data: 'second' })] });
  answers[0]?.({ answer: 'history', value: [anEvent(1, { data: 'first' })] });
  await Promise.all([first, second]);
  expect(seqs(feed)).toEqual([2]);
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
