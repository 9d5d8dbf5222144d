/** How the palette finds what was meant. */
import { expect, test } from 'vitest';

import { match, runs } from '../src/lib/fuzzy';

const best = (typed: string, ...texts: string[]) =>
  texts.map((text) => ({ text, score: match(text, typed)?.score ?? -Infinity })).sort((one, other) => other.score - one.score)[0]?.text;

test('letters must be there in order; words in any order', () => {
  expect(match('Mark all read', 'mar')).not.toBeNull();
  expect(match('Mark all read', 'rm')).toBeNull();
  expect(match('Mark all read', 'read mark')).not.toBeNull();
  expect(match('Mark all read', 'read nothing')).toBeNull();
  expect(match('Mark all read', '')).toMatchObject({ letters: [] });
});

test('letters apart are only looked for where that is wanted', () => {
  expect(match('Pause notifications', 'pntf')).not.toBeNull();
  expect(match('Pause notifications', 'pntf', true)).toBeNull();
  expect(match('Pause notifications', 'notif pause', true)).not.toBeNull();
});

test('letters apart are meant where they begin words or are in the word of the one before, not wherever they happen to be', () => {
  expect(match('Switch on: Rules and streams may start programs', 'undo')).toBeNull();
  expect(match('Switch on: Rules and streams may start programs', 'srsp')?.letters).toEqual([0, 11, 21, 39]);
  expect(match('Notification settings', 'nts')?.letters).toEqual([0, 2, 13]);
  expect(match('Wetter', 'wtr')).not.toBeNull();
  expect(match('Wetter', 'etr')).toBeNull();
  expect(match('a aa ab', 'aab')?.letters).toEqual([0, 5, 6]);
});

test('beginnings of words and letters in a row win', () => {
  expect(best('set', 'Reset all', 'Settings', 'Smart element')).toBe('Settings');
  expect(best('mar', 'Mark all read', 'Summary')).toBe('Mark all read');
  expect(best('ct', 'Action', 'Copy text')).toBe('Copy text');
  expect(best('Alerts: All', 'Alerts: Resolved', 'Alerts: All')).toBe('Alerts: All');
});

test('it works for texts without spaces between words, and whatever the case', () => {
  expect(match('“行情”的事件', '行情')?.letters).toEqual([1, 2]);
  expect(match('BTC', 'btc')?.letters).toEqual([0, 1, 2]);
});

test('a long text and many letters take no long time', () => {
  const begun = performance.now();
  match('a'.repeat(20_000), `${'a'.repeat(60)}b`);
  match('a '.repeat(10_000), `${'a'.repeat(60)}b`);
  expect(performance.now() - begun).toBeLessThan(1000);
});

test('what was meant is told in runs, so that letters of two units stay whole', () => {
  expect(runs('abc', [1])).toEqual([['a', false], ['b', true], ['c', false]]);
  expect(runs('😀x', [2])).toEqual([['😀', false], ['x', true]]);
});
