/** Numbers as people type them. */
import { expect, test } from 'vitest';

import { typedNumber } from '../src/lib/typed-number';

test('a comma groups thousands', () => {
  expect(['70,000', '70,000.5', '1,234,567', '-1,000', '７０，０００'].map(typedNumber)).toEqual([70_000, 70_000.5, 1_234_567, -1000, 70_000]);
});

test('a plain number is what it says', () => {
  expect(['70000', ' 10.5 ', '-3', '+3', '0', '.5', '5.', '1e3', '1e+21'].map(typedNumber)).toEqual([70_000, 10.5, -3, 3, 0, 0.5, 5, 1000, 1e21]);
});

test('what says no number is none, and never another one', () => {
  for (const text of ['', ' ', 'abc', '70,5', '70,00', ',000', '1,0000', '7,000,00', '70 000', '1.000.000', '0x10', 'Infinity', '1e999', '.', '-', '12px']) expect(typedNumber(text), text).toBeNull();
});
