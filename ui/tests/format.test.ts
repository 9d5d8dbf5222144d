/** Numbers, changes, times and sizes as people read them. */
import { describe, expect, test } from 'vitest';

import * as format from '../src/lib/format';
import { en } from '../src/lib/i18n/en';
import { zh } from '../src/lib/i18n/zh';
import { NOW } from './support';

describe('numbers', () => {
  test('a value keeps the decimals the server wrote', () => {
    expect(format.number('64210.50', 64210.5, 'en')).toBe('64,210.50');
    expect(format.number('1.0842', 1.0842, 'en')).toBe('1.0842');
    expect(format.number('101', 101, 'en')).toBe('101');
  });

  test('a value that is no plain number stays as it came', () => {
    expect(format.number('open', null, 'en')).toBe('open');
    expect(format.number('1e9', 1e9, 'en')).toBe('1e9');
    expect(format.number('12345678901234567890', 12345678901234567890, 'en')).toBe('12345678901234567890');
  });

  test('a change always has a sign, unless it is none', () => {
    expect(format.percent(1.8, 'en')).toBe('+1.80%');
    expect(format.percent(-0.4, 'en')).toBe('−0.40%');
    expect(format.percent(-0.001, 'en')).toBe('0.00%');
  });
});

describe('times', () => {
  const read = (passed: number) => format.when(NOW - passed, NOW, en, 'en-GB');

  test('are relative under an hour and absolute beyond', () => {
    expect(read(1_000)).toBe('just now');
    expect(read(40_000)).toBe('40 s ago');
    expect(read(120_000)).toBe('2 min ago');
    expect(read(3_599_000)).toBe('59 min ago');
    expect(read(3_600_000)).toBe('08:31');
    expect(format.when(NOW - 120_000, NOW, zh, 'zh-CN')).toBe('2 分钟前');
  });

  test('of another day have a date, of another year a year', () => {
    expect(read(86_400_000)).toBe('19 May, 09:31');
    expect(read(400 * 86_400_000)).toContain('2025');
  });

  test('a countdown is never negative and never shows zero early', () => {
    expect(format.secondsLeft(NOW + 11_001, NOW)).toBe(12);
    expect(format.secondsLeft(NOW + 1, NOW)).toBe(1);
    expect(format.secondsLeft(NOW - 5_000, NOW)).toBe(0);
  });

  test('a length has at most two units', () => {
    expect(format.duration(12, en)).toBe('12 s');
    expect(format.duration(95, en)).toBe('1 min 35 s');
    expect(format.duration(3_900, en)).toBe('1 h 5 min');
  });
});

describe('texts', () => {
  test('a long name is cut before its last letters, a short one is not', () => {
    expect(format.middle('a-rather-long-name-rotterdam')).toEqual(['a-rather-long-name-rot', 'terdam']);
    expect(format.middle('market')).toEqual(['market', '']);
    expect(format.middle('Backup of the big disks')).toEqual(['Backup of the big ', 'disks']);
  });
});

test('tomorrow begins at eight, and before four it is today', () => {
  const hours = (day: number, hour: number) => format.secondsUntilMorning(new Date(2026, 10, day, hour)) / 3600;
  expect([hours(20, 20), hours(20, 4), hours(20, 3)]).toEqual([12, 28, 5]);
});

test('a span of another day says the day once, and both times to the second', () => {
  const from = Date.UTC(2026, 4, 19, 10);
  expect(format.between(from, from + 120_000, 'en-GB')).toMatch(/^19 May 2026, 10:00:00\s–\s10:02:00$/);
  expect(format.between(from, from + 120_000, 'zh-CN')).toMatch(/^2026.*19.* 10:00:00\s?[–-]\s?10:02:00$/);
});

test('a day is named as people name it', () => {
  const noon = Date.UTC(2026, 4, 20, 12);
  expect(format.day(noon - 3_600_000, noon, 'en-GB')).toBe('Today');
  expect(format.day(noon - 13 * 3_600_000, noon, 'en-GB')).toBe('Yesterday');
  expect(format.day(noon - 72 * 3_600_000, noon, 'en-GB')).toMatch(/^Sunday.* 17 May$/);
  expect(format.day(noon - 400 * 86_400_000, noon, 'en-GB')).toBe('15 April 2025');
  expect(format.day(noon, noon, 'zh-CN')).toBe('今天');
});

test('an excerpt begins where something is found', () => {
  expect(format.excerpt('short and Sweet', 'sweet')).toEqual(['short and ', 'Sweet', '']);
  expect(format.excerpt(`${'x'.repeat(500)}needle${'y'.repeat(500)}`, 'NEEDLE', 60)).toEqual([`…${'x'.repeat(16)}`, 'needle', 'y'.repeat(38)]);
  expect(format.excerpt('nothing here', 'absent', 7)).toEqual(['nothing', '', '']);
});

test('where there is little room a moment is a time of day, or a date once that would mislead', () => {
  const now = Date.UTC(2026, 4, 20, 0, 10);
  expect([600_000, 11 * 3_600_000, 13 * 3_600_000, 40 * 86_400_000].map((ago) => format.brief(now - ago, now, 'en-GB'))).toEqual(['00:00', '13:10', '19 May', '10 Apr']);
});
