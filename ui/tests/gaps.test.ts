/** Tests of where the line of a chart breaks. */
import { expect, test } from 'vitest';

import { broken, unconnectedMs } from '../src/lib/gaps';
import { columns, lonely } from '../src/lib/plot';
import type { TilePoint } from '../src/lib/protocol';

const point = (atMs: number): TilePoint => ({ atMs, min: 1, max: 3, last: 2, count: 1 });
const at = (rows: readonly (TilePoint | null)[]) => rows.map((row) => row?.atMs ?? null);
const everySecond = [1, 2, 3, 4, 5, 40, 41, 42].map((second) => point(second * 1000));

test('the line breaks where there was no connection between two values, however short', () => {
  const near = [1, 2, 5, 6].map((second) => point(second * 1000));
  expect(at(broken(near, [{ fromMs: 2200, toMs: 4900 }], 60_000, false))).toEqual([1000, 2000, null, 5000, 6000]);
  expect(at(broken(near, [], 60_000, false)), 'a few seconds without a value are nothing').toEqual([1000, 2000, 5000, 6000]);
  const within = [{ fromMs: 0, toMs: 900 }, { fromMs: 6500, toMs: 9000 }];
  expect(at(broken(near, within, 60_000, false)), 'before the first and behind the last there is no line').toEqual([1000, 2000, 5000, 6000]);
});

test('a value that came as the connection ended hides no outage', () => {
  const late = [1000, 2010, 5000].map(point);
  expect(at(broken(late, [{ fromMs: 2000, toMs: 4990 }], 60_000, false))).toEqual([1000, 2010, null, 5000]);
});

test('it breaks where nothing came for unusually long, but not between samples', () => {
  expect(at(broken(everySecond, [], 60_000, false))).toEqual([1000, 2000, 3000, 4000, 5000, null, 40_000, 41_000, 42_000]);
  expect(at(broken(everySecond, [], 3_600_000, false)), 'too short to be seen').not.toContain(null);
  expect(at(broken(everySecond, [], 60_000, true))).not.toContain(null);
  const rare = [0, 600, 1200, 1900].map((second) => point(second * 1000));
  expect(at(broken(rare, [], 1_900_000, false)), 'as rare as ever').not.toContain(null);
  expect(broken([], [], 1, false)).toEqual([]);
});

test('a break is a row without values halfway, and what is alone between breaks is a dot', () => {
  const [times, , , line] = columns([point(1000), null, point(3000), null, point(5000), point(6000)]);
  expect(times).toEqual([1, 2, 3, 4, 5, 6]);
  expect(line).toEqual([2, null, 2, null, 2, 2]);
  expect(lonely(line!)).toEqual([0, 2]);
  expect(lonely([2, 2])).toBeNull();
  expect(lonely([2])).toEqual([0]);
});

test('how long there was no connection counts what is shown only', () => {
  const outages = [{ fromMs: 0, toMs: 10 }, { fromMs: 50, toMs: 90 }];
  expect(unconnectedMs(outages, { fromMs: 5, toMs: 60 })).toBe(15);
});
