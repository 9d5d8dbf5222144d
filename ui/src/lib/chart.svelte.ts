/** The chart of one tile: what is looked at, what is known of it, and the values that come meanwhile. */
import { askFor, Refusal, type Backend } from './backend';
import type { AlertView, OutageSpan, TileForm, TileHistory, TilePoint, TileView } from './protocol';
import { tileId } from './tiles';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** How far back a chart looks, in milliseconds. */
export const RANGES = { '5m': 5 * MINUTE, '30m': 30 * MINUTE, '1h': 60 * MINUTE, '6h': 360 * MINUTE, '1d': DAY, '7d': 7 * DAY, '30d': 30 * DAY } as const;
export type Range = keyof typeof RANGES;

/** How many points are asked for: about as many as a wide window has pixels to tell apart. */
const POINTS = 800;
/** The most points that are kept; those that come live are thinned by asking anew. */
const MOST_POINTS = 3 * POINTS;
/** Nothing is looked at closer than this. */
const CLOSEST_MS = 1000;

/** A time that is looked at, in milliseconds since 1970. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export class Chart {
  readonly #backend: Backend;
  #tile = $state.raw<TileView | null>(null);
  #range = $state<Range>('30m');
  #zoomed = $state.raw<Span | null>(null);
  #history = $state.raw<TileHistory | null>(null);
  #live = $state.raw<readonly TilePoint[]>([]);
  #loading = $state(false);
  #trouble = $state('');
  #asked = 0;
  /** The entries of the configuration that make tiles; null until they are known. A tile is told by the place of its own. */
  #entries: readonly TileForm[] | null = null;
  /** What the entry that makes the tile takes. */
  #entry = '';
  /** How often the configuration had changed when the last values came; null where it may be another resident's. */
  #changes: number | null = null;
  /** Which of the two knows of a change that the other does not know of yet: until then, places mean nothing. */
  #ahead: 'values' | 'entries' | null = null;
  /** Whether the link was lost since the entries were taken: then they are ahead of nothing. */
  #anew = false;

  readonly #points = $derived.by(() => {
    const stored = this.#history?.points ?? [];
    const last = stored.at(-1)?.atMs ?? -Infinity;
    return [...stored, ...this.#live.filter(({ atMs }) => atMs > last)];
  });

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** The tile whose chart is open. */
  get tile(): TileView | null {
    return this.#tile;
  }
  get id(): string | null {
    return this.#tile && tileId(this.#tile);
  }
  get range(): Range {
    return this.#range;
  }
  /** The part of the range that is looked at closer; null for all of it, up to now. */
  get zoomed(): Span | null {
    return this.#zoomed;
  }
  /** Oldest first. */
  get points(): readonly TilePoint[] {
    return this.#points;
  }
  get alerts(): readonly AlertView[] {
    return this.#history?.alerts ?? [];
  }
  /** Whether older alerts of that time are not among them. */
  get moreAlerts(): boolean {
    return this.#history?.moreAlerts ?? false;
  }
  /** When its stream had no connection, oldest first, as far as that is known. */
  get outages(): readonly OutageSpan[] {
    return this.#history?.outages ?? [];
  }
  /** The time that one stored point stands for, in milliseconds, where it stands for several events; else null. */
  get thinnedMs(): number | null {
    return this.#history?.points.some(({ count }) => count > 1) ? this.#history.bucketMs : null;
  }
  /** Whether only a sample of the events could be looked through in a moment. */
  get sampled(): boolean {
    return this.#history?.sampled ?? false;
  }
  /** Whether nothing is known yet. */
  get loading(): boolean {
    return this.#loading && this.#history === null;
  }
  get trouble(): string {
    return this.#trouble;
  }

  /** What is looked at now. */
  span(nowMs: number): Span {
    return this.#zoomed ?? { fromMs: nowMs - RANGES[this.#range], toMs: nowMs };
  }

  /** Opens a tile's chart, or closes it where it is the one that is open. */
  toggle(tile: TileView): void {
    if (this.id === tileId(tile)) return this.close();
    this.#tile = tile;
    this.#entry = feedOf(this.#entries?.[tile.feed]);
    this.#zoomed = null;
    this.#forget();
    void this.load();
  }

  close(): void {
    this.#tile = null;
    this.#forget();
  }

  pick(range: Range): void {
    this.#range = range;
    this.#zoomed = null;
    this.#forget();
    void this.load();
  }

  /** Looks closer at a part. Its values are asked for anew: in a shorter time, more of them can be told apart. */
  zoom({ fromMs, toMs }: Span): void {
    if (toMs - fromMs < CLOSEST_MS) return;
    this.#zoomed = { fromMs, toMs };
    void this.load();
  }

  unzoom(): void {
    this.#zoomed = null;
    void this.load();
  }

  /** Takes the entries that make tiles, as the configuration has them now: the chart follows its own, and closes where that is gone. */
  obey(entries: readonly TileForm[]): void {
    const [before, now] = [this.#entries?.map((entry) => JSON.stringify(entry)), entries.map((entry) => JSON.stringify(entry))];
    const changed = before !== undefined && before.join() !== now.join();
    this.#entries = entries;
    this.#ahead = changed && !this.#anew && this.#ahead !== 'values' ? 'entries' : null;
    this.#anew = false;
    const tile = this.#tile;
    if (!tile) return;
    const feeds = entries.map(feedOf);
    if (!before) this.#entry = feeds[tile.feed] ?? this.#entry;
    const place = feeds[tile.feed] === this.#entry ? tile.feed : feeds.indexOf(this.#entry);
    if (place < 0) return this.close();
    if (!changed || place === tile.feed) return;
    this.#tile = { ...tile, feed: place };
    this.#forget();
    void this.load();
  }

  /** After the link was lost, values and entries may be other ones. */
  forgetChanges(): void {
    [this.#changes, this.#ahead, this.#anew] = [null, null, true];
  }

  /** Takes the tile's newest value; `changes` tells how often the configuration has changed. */
  take(tiles: readonly TileView[], changes = 0): void {
    if (changes !== this.#changes) {
      if (this.#ahead === 'entries') this.#ahead = null;
      else if (this.#changes !== null) this.#ahead = 'values';
      this.#changes = changes;
    }
    if (this.#ahead) return;
    const id = this.id;
    const tile = id === null ? undefined : tiles.find((one) => tileId(one) === id);
    if (!tile) return;
    const before = this.#tile;
    this.#tile = tile;
    if (tile.value === null || tile.atMs === before?.atMs) return;
    const point = { atMs: tile.atMs, min: tile.value, max: tile.value, last: tile.value, count: 1 };
    this.#live = [...this.#live, point].slice(-MOST_POINTS);
  }

  /** Asks for what is looked at; what is shown stays until the answer is there. */
  async load(): Promise<void> {
    const tile = this.#tile;
    if (!tile) return;
    const asked = ++this.#asked;
    const { fromMs, toMs } = this.span(Date.now());
    const query = { feed: tile.feed, stream: tile.stream, key: tile.key, fromMs: Math.floor(fromMs), toMs: this.#zoomed && Math.ceil(toMs), points: POINTS };
    this.#loading = true;
    try {
      const history = await askFor(this.#backend, 'tile-history', { call: 'tile-history', query });
      if (asked !== this.#asked) return;
      this.#history = history;
      this.#live = this.#live.filter(({ atMs }) => atMs > history.toMs);
      this.#trouble = '';
    } catch (thrown) {
      if (asked === this.#asked) this.#trouble = Refusal.from(thrown).message;
    } finally {
      if (asked === this.#asked) this.#loading = false;
    }
  }

  #forget(): void {
    this.#asked += 1;
    this.#history = null;
    this.#live = [];
    this.#trouble = '';
    this.#loading = false;
  }
}

/** What an entry takes from which events, whatever its values are shown with. */
function feedOf(entry: TileForm | undefined): string {
  return JSON.stringify(entry ? { ...entry, unit: null, label: null } : null);
}

/** The least and the greatest value of a span, and the first and last, if there are two; null where there is none in it. */
export function figures(points: readonly TilePoint[], { fromMs, toMs }: Span): { low: number; high: number; first: number | null; last: number } | null {
  const within = points.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  const [first, last] = [within[0], within.at(-1)];
  if (!first || !last) return null;
  const low = within.reduce((least, { min }) => Math.min(least, min), Infinity);
  const high = within.reduce((most, { max }) => Math.max(most, max), -Infinity);
  return { low, high, first: first === last ? null : first.last, last: last.last };
}

/** A span moved by a part of its length, not beyond now. */
export function moved({ fromMs, toMs }: Span, part: number, nowMs: number): Span {
  const by = Math.min((toMs - fromMs) * part, nowMs - toMs);
  return { fromMs: fromMs + by, toMs: toMs + by };
}

/** A span made wider or narrower about a time in it. */
export function scaled({ fromMs, toMs }: Span, factor: number, aboutMs: number): Span {
  return { fromMs: aboutMs - (aboutMs - fromMs) * factor, toMs: aboutMs + (toMs - aboutMs) * factor };
}
