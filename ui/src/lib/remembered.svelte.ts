/** What tiles showed before the resident started, until they have a value of now: no tile is missing after a restart. */
import { askFor, type Backend } from './backend';
import type { Configuration, TileView } from './protocol';
import { tileId } from './tiles';

export class Remembered {
  readonly #backend: Backend;
  #tiles = $state.raw<readonly TileView[]>([]);
  /** What the tiles are remembered for. */
  #made = '';
  /** The entries of the configuration whose changes count from the first value of a day. */
  #counting: ReadonlySet<number> = new Set();

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** All tiles: those with a value of now, and in their places those that are only remembered. */
  beside(live: readonly TileView[]): TileView[] {
    const now = new Map(live.map((tile) => [tileId(tile), tile]));
    // What makes a tile may have another number than before in a file that was edited by hand.
    const heard = new Set(live.map(({ stream, key }) => JSON.stringify([stream, key])));
    const known = new Set(this.#tiles.map(tileId));
    const kept = this.#tiles.flatMap((tile) => now.get(tileId(tile)) ?? (heard.has(JSON.stringify([tile.stream, tile.key])) ? [] : tile));
    return [...kept, ...live.filter((tile) => !known.has(tileId(tile)))].sort((one, other) => one.feed - other.feed);
  }

  /** Whether a tile is one of those. */
  has(tile: TileView): boolean {
    return this.#tiles.includes(tile);
  }

  /** Keeps what is shown while the resident is away; it is asked anew when it is back. */
  keep(shown: readonly TileView[]): void {
    this.#tiles = copies(shown);
    this.#made = '';
  }

  /** A day has begun: changes since the first value of another one say nothing any more. */
  begin(dayMs: number): void {
    const isOver = ({ feed, atMs, change, changePct }: TileView) => atMs < dayMs && this.#counting.has(feed) && (change !== null || changePct !== null);
    if (this.#tiles.some(isOver)) this.#tiles = this.#tiles.map((tile) => (isOver(tile) ? { ...tile, change: null, changePct: null } : tile));
  }

  /** Asks the resident what it has stored for a configuration, once; where it cannot say, what is remembered stays. */
  async load({ tiles, streams }: Configuration): Promise<void> {
    const made = JSON.stringify([tiles, streams.map(({ name }) => name)]);
    if (made === this.#made) return;
    this.#made = made;
    this.#counting = new Set(tiles.flatMap(({ change }, feed) => (change === null ? feed : [])));
    try {
      const found = await askFor(this.#backend, 'last-tiles', { call: 'last-tiles' });
      if (made === this.#made) this.#tiles = copies(found);
    } catch {
      // A value that comes is shown without it.
    }
  }
}

/** Values of their own, so that none is taken for a live one. */
function copies(tiles: readonly TileView[]): TileView[] {
  return tiles.map((tile) => ({ ...tile }));
}
