/** In which order the tiles stand. Pure. */
import type { TilePlaceForm, TileView } from './protocol';

export const TILE_ORDERS = ['hand', 'name', 'change'] as const;
export type TileOrder = (typeof TILE_ORDERS)[number];

/** How many places put by hand are remembered; more tiles than the resident ever shows. */
export const MOST_PLACES = 500;

/** What tells one tile from every other, as one text. */
export function tileId({ feed, stream, key }: Pick<TileView, 'feed' | 'stream' | 'key'>): string {
  return JSON.stringify([stream, key, feed]);
}

/** Which tile an id means, as it is written in the configuration. */
export function placeOf(id: string): TilePlaceForm | null {
  try {
    const [stream, key, feed]: unknown[] = JSON.parse(id);
    return typeof stream === 'string' && typeof key === 'string' && typeof feed === 'number' ? { stream, key, feed } : null;
  } catch {
    return null;
  }
}

/** What stands above a value: its key with what it is beside it; where its events tell no key, that in place of their name. */
export function headOf({ key, keyed, label }: Pick<TileView, 'key' | 'keyed' | 'label'>): { readonly name: string; readonly beside: string } {
  return label && !keyed ? { name: label, beside: '' } : { name: key, beside: label ?? '' };
}

/** The same on one line. */
export function calledOf(tile: Pick<TileView, 'key' | 'keyed' | 'label'>): string {
  const { name, beside } = headOf(tile);
  return beside ? `${name} ${beside}` : name;
}

/** What stands behind a value: only a number has a unit. */
export function unitOf({ unit, value }: Pick<TileView, 'unit' | 'value'>): string {
  return value === null ? '' : (unit ?? '');
}

/** A number with its unit, never on two lines. */
export function counted(number: string, unit: string): string {
  return unit ? `${number}\u00a0${unit}` : number;
}

/**
 * The tiles in the order asked for. By hand, those without a place yet come last, as they came; by change, the
 * greatest rise comes first and what has no change last.
 */
export function arrange(tiles: readonly TileView[], order: TileOrder, places: readonly string[]): TileView[] {
  if (order === 'name') return [...tiles].sort((one, other) => calledOf(one).localeCompare(calledOf(other), undefined, { numeric: true }) || one.stream.localeCompare(other.stream));
  if (order === 'change') return [...tiles].sort((one, other) => (other.changePct ?? -Infinity) - (one.changePct ?? -Infinity) || one.key.localeCompare(other.key));
  const place = new Map(places.map((id, at) => [id, at]));
  return [...tiles].sort((one, other) => (place.get(tileId(one)) ?? Infinity) - (place.get(tileId(other)) ?? Infinity) || 0);
}

/** The list with one of it taken out and put in again at a place; a place beyond an end is the end. */
export function moved(ids: readonly string[], id: string, to: number): string[] {
  const others = ids.filter((other) => other !== id);
  return others.toSpliced(Math.max(0, Math.min(others.length, to)), 0, id);
}

/** Which way a value has gone since where its change is counted from; null where nothing is known of it. */
export function wayOf({ change, changePct }: Pick<TileView, 'change' | 'changePct'>): 'up' | 'down' | 'flat' | null {
  // Of a change from zero there is no percentage.
  const moved = changePct === null ? change : Math.abs(changePct) < 0.005 ? 0 : changePct;
  return moved === null ? null : moved > 0 ? 'up' : moved < 0 ? 'down' : 'flat';
}
