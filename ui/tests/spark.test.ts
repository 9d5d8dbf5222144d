/** Tests of the line in a tile. */
import { expect, test } from 'vitest';

import { sparkPath } from '../src/lib/spark';

const path = (...values: (number | null)[]) => sparkPath(values, 100, 20, 0);

test('the line goes from edge to edge between the least and the greatest value', () => {
  expect(path(1, 3, 2)).toBe('M0.0,20.0L50.0,0.0L100.0,10.0');
  expect(path(5, 5)).toBe('M0.0,20.0L100.0,20.0');
});

test('it breaks where the stream was not connected, and what is alone there is a dot', () => {
  expect(path(1, 3, null, 2, 3)).toBe('M0.0,20.0L25.0,0.0M75.0,10.0L100.0,0.0');
  expect(path(1, null, 3)).toBe('M0.0,20.0h0M100.0,0.0h0');
  expect(path(null, 1, 3, null)).toBe('M33.3,20.0L66.7,0.0');
});

test('of less than two values there is none', () => {
  expect([path(), path(1), path(null, 1, null)]).toEqual(['', '', '']);
});
