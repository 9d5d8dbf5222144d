/** The week grid and the quiet hours it stands for. */
import { describe, expect, test } from 'vitest';

import type { QuietHoursView } from '../src/lib/protocol';
import { hoursOf, painted, quietAt, readClock, replaced, weekOf, zonesOf } from '../src/lib/week';

const ALL = [0, 1, 2, 3, 4, 5, 6];
const quiet = (from: string, to: string, days = ALL, timeZone: string | null = null): QuietHoursView => ({ from, to, days, timeZone });

describe('quiet hours come back from the grid as they went in', () => {
  test.each([
    ['every night', [quiet('22:00', '07:00')]],
    ['some nights', [quiet('22:00', '07:00', [0, 3, 6])]],
    ['minutes that are no whole hours', [quiet('12:15', '13:05', [5])]],
    ['until midnight', [quiet('18:00', '00:00', [1, 2])]],
    ['two a day', [quiet('12:00', '13:00'), quiet('22:30', '06:00', [4])]],
    ['none', []],
  ])('%s', (_, hours) => {
    expect(hoursOf(weekOf(hours, null), null)).toEqual(hours);
  });
});

test('a whole day is two halves, because one entry could not say it', () => {
  const sunday = painted(weekOf([], null), { day: 6, hour: 0 }, { day: 6, hour: 23 }, true);
  expect(hoursOf(sunday, null)).toEqual([quiet('00:00', '12:00', [6]), quiet('12:00', '00:00', [6])]);
});

test.each([
  ['a week without end', painted(weekOf([], null), { day: 0, hour: 0 }, { day: 6, hour: 23 }, true)],
  ['a week-end from Friday evening', painted(painted(painted(weekOf([], null), { day: 4, hour: 18 }, { day: 4, hour: 23 }, true), { day: 5, hour: 0 }, { day: 6, hour: 23 }, true), { day: 0, hour: 0 }, { day: 0, hour: 5 }, true)],
])('%s is the same minutes again', (_, week) => {
  const hours = hoursOf(week, null);
  expect(weekOf(hours, null)).toEqual(week);
  for (const { from, to } of hours) expect(from).not.toBe(to);
});

test('random weeks are the same minutes again', () => {
  let seed = 7;
  const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  for (let round = 0; round < 60; round += 1) {
    let week = weekOf([], null);
    for (let stroke = 0; stroke < 6; stroke += 1) {
      const cell = () => ({ day: Math.floor(random() * 7), hour: Math.floor(random() * 24) });
      week = painted(week, cell(), cell(), random() < 0.7);
    }
    expect(weekOf(hoursOf(week, 'UTC'), 'UTC')).toEqual(week);
  }
});

test('an hour tells whether all of it is quiet, or a part', () => {
  const week = weekOf([quiet('22:30', '00:00', [6])], null);
  expect([21, 22, 23].map((hour) => quietAt(week, 6, hour))).toEqual(['none', 'part', 'all']);
});

test('painting one zone leaves the others alone', () => {
  const hours = [quiet('22:00', '07:00'), quiet('12:00', '13:00', [0], 'Europe/Berlin')];
  expect(zonesOf(hours)).toEqual([null, 'Europe/Berlin']);
  const week = painted(weekOf(hours, 'Europe/Berlin'), { day: 0, hour: 12 }, { day: 0, hour: 12 }, false);
  expect(replaced(hours, 'Europe/Berlin', week)).toEqual([hours[0]]);
});

test('a time of day is read as people write it, and nothing else is', () => {
  expect(['22:00', '6:45', ' 06.45 ', '0：05', '23:59'].map(readClock)).toEqual(['22:00', '06:45', '06:45', '00:05', '23:59']);
  expect(['', '24:00', '7', '7:5', '12:60', '-1:00', '10:00 pm'].map(readClock)).toEqual([null, null, null, null, null, null, null]);
});
