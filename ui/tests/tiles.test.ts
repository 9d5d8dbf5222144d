/** Tiles: their order and their numbers. */
import { expect, test } from 'vitest';

import type { TileView } from '../src/lib/protocol';
import { arrange, calledOf, counted, headOf, moved, tileId, unitOf, wayOf } from '../src/lib/tiles';
import { Preferences } from '../src/lib/preferences.svelte';

const tile = (key: string, changePct: number | null, value: number | null = 1): TileView =>
  ({ feed: 0, stream: 'market', key, keyed: true, label: null, unit: null, text: '', value, changePct, change: changePct, trend: 'flat', atMs: 0, spark: [] });
const keys = (tiles: readonly TileView[]) => tiles.map(({ key }) => key).join(' ');
const TILES = [tile('B10', -2), tile('A', null), tile('B2', 3)];

test('tiles stand by name, with numbers as numbers, or by change with what has none last', () => {
  expect(keys(arrange(TILES, 'name', []))).toBe('A B2 B10');
  expect(keys(arrange(TILES, 'change', []))).toBe('B2 B10 A');
});

test('by hand, a tile that nobody has placed comes last', () => {
  const places = ['B2', 'B10'].map((key) => tileId({ feed: 0, stream: 'market', key }));
  expect(keys(arrange(TILES, 'hand', places))).toBe('B2 B10 A');
  expect(keys(arrange(TILES, 'hand', []))).toBe('B10 A B2');
});

test('a moved tile lands where it is put, within the ends', () => {
  expect(moved(['a', 'b', 'c'], 'a', 2)).toEqual(['b', 'c', 'a']);
  expect(moved(['a', 'b', 'c'], 'c', -4)).toEqual(['c', 'a', 'b']);
  expect(moved(['a', 'b', 'c'], 'b', 9)).toEqual(['a', 'c', 'b']);
});

test('a tile rises or falls by its percentage, and by its change where there is none', () => {
  const of = (changePct: number | null, change: number | null) => wayOf({ changePct, change });
  expect([of(10, 1), of(-50, -5), of(0.001, 3), of(50, 5)]).toEqual(['up', 'down', 'flat', 'up']);
  expect([of(null, 5), of(null, -5), of(null, 0), of(null, null), of(-3, null)]).toEqual(['up', 'down', 'flat', null, 'down']);
});

test('a label stands beside the key, and in place of the name of events without one', () => {
  const of = (keyed: boolean, label: string | null) => headOf({ key: 'kitchen', keyed, label });
  expect(of(true, 'Temperature')).toEqual({ name: 'kitchen', beside: 'Temperature' });
  expect(of(false, 'Temperature')).toEqual({ name: 'Temperature', beside: '' });
  expect([of(true, null), of(false, null)]).toEqual([{ name: 'kitchen', beside: '' }, { name: 'kitchen', beside: '' }]);
  expect(calledOf({ key: 'kitchen', keyed: true, label: 'Temperature' })).toBe('kitchen Temperature');
  const named = { ...tile('a', 0), keyed: false, label: 'Z' };
  expect(keys(arrange([named, tile('m', 0)], 'name', [])), 'by what is read').toBe('m a');
});

test('only a number has a unit, and stays on its line; from a resident that tells none there is none', () => {
  expect(unitOf({ unit: '°C', value: 22.4 })).toBe('°C');
  expect(unitOf({ unit: '°C', value: null })).toBe('');
  expect(unitOf({ value: 1 } as TileView)).toBe('');
  expect([counted('22.4', '°C'), counted('22.4', '')]).toEqual(['22.4\u00a0°C', '22.4']);
});

test('places put by hand are kept, and those of tiles that are away too', () => {
  const kept = new Map<string, string>();
  const store = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
  const preferences = new Preferences(store, 'en');
  preferences.tileOrder = 'name';
  preferences.placeTiles(['a', 'b', 'c']);
  preferences.placeTiles(['c', 'a']);
  const again = new Preferences(store, 'en');
  expect(again.tilePlaces).toEqual(['c', 'a', 'b']);
  expect(again.tileOrder).toBe('hand');
});
