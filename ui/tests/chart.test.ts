/** A tile's chart as state: what is stored, what comes meanwhile, and its ranges. */
import { expect, test } from 'vitest';

import { Chart, figures, moved, RANGES, scaled } from '../src/lib/chart.svelte';
import { room } from '../src/lib/plot';
import type { Answer, TileForm, TileHistory, TilePoint, TileView } from '../src/lib/protocol';
import { anAlert, NOW, ScriptedBackend } from './support';

const tile = (part: Partial<TileView> = {}): TileView =>
  ({ feed: 0, stream: 'market', key: 'BTC', keyed: true, label: null, unit: null, text: '5', value: 5, changePct: 0, change: 0, trend: 'flat', atMs: NOW, spark: [], ...part });
const point = (atMs: number, last: number): TilePoint => ({ atMs, min: last - 1, max: last + 1, last, count: 2 });
const history = (part: Partial<TileHistory> = {}): Answer =>
  ({ answer: 'tile-history', value: { fromMs: 0, toMs: NOW, bucketMs: 1000, points: [point(NOW - 2000, 3)], alerts: [anAlert(1)], moreAlerts: false, outages: [], sampled: false, ...part } });
const settled = () => new Promise((resolve) => setTimeout(resolve));

test('a chart shows what is stored, and the values that come meanwhile behind it', async () => {
  const backend = new ScriptedBackend({ 'tile-history': () => history() });
  const chart = new Chart(backend);
  chart.toggle(tile());
  expect(chart.loading).toBe(true);
  await settled();
  chart.take([tile({ key: 'ETH', atMs: NOW + 1 }), tile({ value: 7, atMs: NOW + 500 })]);
  chart.take([tile({ value: 7, atMs: NOW + 500 })]);
  expect(chart.points.map(({ last }) => last)).toEqual([3, 7]);
  expect(chart.tile?.value).toBe(7);
  expect(chart.alerts).toHaveLength(1);
  const query = backend.of('tile-history')[0]!.query;
  expect(query).toMatchObject({ feed: 0, stream: 'market', key: 'BTC', toMs: null });
  expect(Date.now() - query.fromMs).toBeGreaterThanOrEqual(RANGES['30m']);
  chart.toggle(tile());
  expect(chart.tile).toBeNull();
});

test('an answer that comes after another question is dropped', async () => {
  const answers: ((answer: Answer) => void)[] = [];
  const chart = new Chart(new ScriptedBackend({ 'tile-history': () => new Promise((answer) => answers.push(answer)) }));
  chart.toggle(tile());
  chart.pick('7d');
  await settled();
  answers[1]?.(history({ points: [point(1, 2)] }));
  answers[0]?.(history({ points: [point(1, 1)] }));
  await settled();
  expect(chart.points.map(({ last }) => last)).toEqual([2]);
});

test('looking closer asks for the part, and not closer than a second', async () => {
  const backend = new ScriptedBackend({ 'tile-history': () => history() });
  const chart = new Chart(backend);
  chart.toggle(tile());
  chart.zoom({ fromMs: 10_000.4, toMs: 20_000.2 });
  chart.zoom({ fromMs: 10_000, toMs: 10_500 });
  await settled();
  expect(backend.of('tile-history').at(-1)?.query).toMatchObject({ fromMs: 10_000, toMs: 20_001 });
  expect(chart.span(NOW)).toEqual({ fromMs: 10_000.4, toMs: 20_000.2 });
  chart.unzoom();
  expect(chart.span(NOW)).toEqual({ fromMs: NOW - RANGES['30m'], toMs: NOW });
});

test('a refusal is told, and gone once it is answered', async () => {
  let broken = true;
  const chart = new Chart(new ScriptedBackend({
    'tile-history': () => {
      if (broken) throw new Error('The history is being repaired.');
      return history();
    },
  }));
  chart.toggle(tile());
  await settled();
  expect(chart.trouble).toBe('The history is being repaired.');
  expect(chart.loading).toBe(false);
  broken = false;
  await chart.load();
  expect(chart.trouble).toBe('');
});

test('the figures are those of the span, with the extremes between the points', () => {
  const points = [point(1, 10), point(2, 20), point(3, 5), point(9, 99)];
  expect(figures(points, { fromMs: 1, toMs: 3 })).toEqual({ low: 4, high: 21, first: 10, last: 5 });
  expect(figures(points, { fromMs: 4, toMs: 8 })).toBeNull();
});

test('a span is scaled about a time, which stays where it is', () => {
  expect(scaled({ fromMs: 0, toMs: 100 }, 0.5, 20)).toEqual({ fromMs: 10, toMs: 60 });
});

test('an axis has room where every value is the same, and where there is none', () => {
  expect(room(null, null)).toEqual([0, 1]);
  expect(room(5, 5)[0]).toBeLessThan(5);
  expect(room(0, 0)).toEqual([-1, 1]);
});

test('a span moves by a part of its length, and not beyond now', () => {
  expect(moved({ fromMs: 100, toMs: 200 }, -0.5, 1000)).toEqual({ fromMs: 50, toMs: 150 });
  expect(moved({ fromMs: 880, toMs: 980 }, 0.5, 1000)).toEqual({ fromMs: 900, toMs: 1000 });
});

test('how long a point stands for is known where points are thinned', async () => {
  const of = async (points: TilePoint[]) => {
    const chart = new Chart(new ScriptedBackend({ 'tile-history': () => history({ points, bucketMs: 12_000 }) }));
    chart.toggle(tile());
    await settled();
    return chart.thinnedMs;
  };
  expect(await of([point(NOW, 1)])).toBe(12_000);
  expect(await of([{ ...point(NOW, 1), count: 1 }])).toBeNull();
});

const entry = (value: string): TileForm => ({ stream: null, event: null, key: null, value, change: null, unit: null, label: null });

test('the chart follows the entry of its tile to another place, and takes no value of another one meanwhile', async () => {
  const backend = new ScriptedBackend({ 'tile-history': () => history({ points: [] }) });
  const chart = new Chart(backend);
  chart.obey([entry('/last'), entry('/volume')]);
  chart.take([tile()], 0);
  chart.toggle(tile());
  await settled();
  const [volume, last] = [tile({ value: 900, atMs: NOW + 500 }), tile({ feed: 1, value: 7, atMs: NOW + 500 })];
  // The values know of the change before the entries are read.
  chart.take([volume, last], 1);
  expect(chart.points).toEqual([]);
  chart.obey([entry('/volume'), entry('/last')]);
  await settled();
  expect(backend.of('tile-history').at(-1)?.query.feed).toBe(1);
  chart.take([volume, last], 1);
  expect(chart.points.map(({ last }) => last)).toEqual([7]);
  // And the other way round.
  chart.obey([entry('/last'), entry('/volume')]);
  await settled();
  chart.take([tile({ feed: 1, value: 8, atMs: NOW + 900 }), tile({ value: 901, atMs: NOW + 900 })], 1);
  expect(chart.points).toEqual([]);
  chart.take([tile({ value: 8, atMs: NOW + 900 }), tile({ feed: 1, value: 901, atMs: NOW + 900 })], 2);
  expect(chart.points.map(({ last }) => last)).toEqual([8]);
});

test('the chart of a tile whose entry is gone closes; any other change leaves it alone', async () => {
  const backend = new ScriptedBackend({ 'tile-history': () => history() });
  const chart = new Chart(backend);
  chart.toggle(tile());
  chart.obey([entry('/last'), entry('/volume')]);
  await settled();
  chart.take([tile()], 0);
  chart.take([tile()], 1);
  chart.obey([entry('/last'), entry('/volume')]);
  await settled();
  expect(backend.of('tile-history')).toHaveLength(1);
  chart.obey([entry('/volume')]);
  expect(chart.tile).toBeNull();
});

test('the chart stays where its entry only has another unit or label', async () => {
  const chart = new Chart(new ScriptedBackend({ 'tile-history': () => history() }));
  chart.obey([entry('/a'), entry('/b')]);
  chart.toggle(tile({ feed: 1 }));
  await settled();
  chart.obey([entry('/a'), { ...entry('/b'), unit: '°C', label: 'Room' }]);
  expect([chart.tile?.feed, chart.points.length]).toEqual([1, 1]);
  chart.obey([{ ...entry('/b'), unit: '%' }, entry('/a')]);
  expect(chart.tile?.feed).toBe(0);
});

test('values of another resident are taken, whatever it counts', async () => {
  const chart = new Chart(new ScriptedBackend({ 'tile-history': () => history({ points: [] }) }));
  chart.obey([entry('/last')]);
  chart.take([tile()], 3);
  chart.toggle(tile());
  await settled();
  chart.forgetChanges();
  chart.obey([entry('/last'), entry('/volume')]);
  chart.take([tile({ value: 7, atMs: NOW + 500 })], 0);
  expect(chart.points.map(({ last }) => last)).toEqual([7]);
});

test('after a lost link the entries of before are ahead of nothing, and the first values with a count are taken', async () => {
  const chart = new Chart(new ScriptedBackend({ 'tile-history': () => history({ points: [] }) }));
  chart.obey([entry('/last'), entry('/volume')]);
  chart.take([tile()], 3);
  chart.toggle(tile());
  await settled();
  // Values and entries crossed when the link went.
  chart.take([tile({ value: 900, atMs: NOW + 100 })], 4);
  expect(chart.points).toEqual([]);
  chart.forgetChanges();
  chart.take([tile({ value: 7, atMs: NOW + 500 })], 1);
  expect(chart.points.map(({ last }) => last)).toEqual([7]);
  chart.obey([entry('/volume'), entry('/last')]);
  await settled();
  expect(chart.tile?.feed, 'it follows its entry').toBe(1);
  chart.take([tile({ value: 901, atMs: NOW + 900 }), tile({ feed: 1, value: 8, atMs: NOW + 900 })], 1);
  expect(chart.points.map(({ last }) => last)).toEqual([8]);
  // From then on they are ahead again where they change.
  chart.obey([entry('/last'), entry('/volume')]);
  await settled();
  chart.take([tile({ value: 902, atMs: NOW + 1000 })], 1);
  expect(chart.points).toEqual([]);
});
