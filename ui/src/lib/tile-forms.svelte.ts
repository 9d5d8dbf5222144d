/** The configured tiles, and the one that is being edited. */
import { askFor, Refusal, type Backend } from './backend';
import type { KeptTile } from './drafts';
import type { StoredEvent, TileForm } from './protocol';
import { placesOf, type Place } from './rule-draft';
import { named } from './rule-sentence';
import type { Streams } from './streams.svelte';

const LEARNED = 200;

/** What is wrong with a field; the words come from the dictionary. */
export type TileFaults = Partial<Record<'key' | 'value' | 'change' | 'unit' | 'label', 'slash' | 'tilde' | 'longUnit' | 'longLabel'>>;

/** What keeps a tile from being saved. */
export function tileFaults(tile: TileForm): TileFaults {
  const found: TileFaults = {};
  for (const field of ['value', 'key', 'change'] as const) {
    const pointer = tile[field];
    if (!pointer) continue;
    if (!pointer.startsWith('/')) found[field] = 'slash';
    else if (/~(?![01])/.test(pointer)) found[field] = 'tilde';
  }
  if (isLonger(tile.unit, 12)) found.unit = 'longUnit';
  if (isLonger(tile.label, 60)) found.label = 'longLabel';
  return found;
}

/** Whether a text has more characters. */
function isLonger(text: string | null, most: number): boolean {
  return text !== null && [...text].length > most;
}

export class TileEditing {
  readonly #backend: Backend;
  /** The tile as it was read; null for a new one. */
  readonly original: TileForm | null;
  readonly #before: string;
  tile: TileForm = $state(emptyTile());
  #refusal = $state.raw<Refusal | null>(null);
  /** Counts the looks at what came, so that an answer about another stream is dropped. */
  #learning = 0;
  #busy = $state(false);
  #checked = $state(false);
  /** What is known without being stored. */
  readonly #given: readonly StoredEvent[];
  #seen = $state.raw<readonly StoredEvent[]>([]);

  constructor(backend: Backend, tile: TileForm, original: TileForm | null, given: readonly StoredEvent[] = []) {
    this.#backend = backend;
    this.#given = given;
    this.#seen = given;
    this.tile = { ...tile };
    this.#before = JSON.stringify(tile);
    this.original = original;
  }

  /** What it is called: after its value. */
  get name(): string {
    return named((this.original ?? this.tile).value ?? '/price');
  }
  /** What is kept of it over the window's end. */
  get kept(): KeptTile {
    return { original: this.original, tile: $state.snapshot(this.tile) };
  }
  /** Whether anything was typed that is not saved. */
  get changed(): boolean {
    return JSON.stringify(this.tile) !== this.#before;
  }
  /** Whether there is anything to save. */
  get dirty(): boolean {
    return this.original === null || this.changed;
  }
  /** What is wrong, once it was tried to save it. */
  get faults(): TileFaults {
    return this.#checked ? tileFaults(this.tile) : {};
  }
  get refusal(): Refusal | null {
    return this.#refusal;
  }
  get busy(): boolean {
    return this.#busy;
  }
  /** The names of events that came of late. */
  get names(): string[] {
    return [...new Set(this.#seen.map(({ event }) => event))];
  }
  /** The newest event that would feed it. */
  get sample(): StoredEvent | null {
    return this.#seen.findLast(({ event }) => event === (this.tile.event ?? 'price-update')) ?? null;
  }
  /** What of such an event can be its value. */
  get places(): Place[] {
    return placesOf(this.sample?.data ?? '');
  }

  /** Looks what came of late, so that names and fields can be picked rather than typed. */
  async learn(): Promise<void> {
    const query = { stream: this.tile.stream, event: null, sinceMs: null, untilMs: null, search: null, alerts: false, before: null, limit: LEARNED };
    const learning = ++this.#learning;
    // Without any they are typed.
    const events = await askFor(this.#backend, 'history', { call: 'history', query }).catch(() => []);
    if (learning === this.#learning) this.#seen = [...this.#given, ...events];
  }

  /** Saves; the number to undo it by, or null where it was refused. */
  async save(): Promise<number | null> {
    if (this.#busy) return null;
    this.#checked = true;
    this.#refusal = null;
    if (Object.keys(this.faults).length) return null;
    this.#busy = true;
    try {
      const { undo } = await askFor(this.#backend, 'edited', { call: 'save-tile', original: this.original, tile: $state.snapshot(this.tile) });
      return undo;
    } catch (thrown) {
      this.#refusal = Refusal.from(thrown);
      return null;
    } finally {
      this.#busy = false;
    }
  }
}

export class TileForms {
  readonly #backend: Backend;
  readonly #streams: Streams;
  #editing = $state.raw<TileEditing | null>(null);

  constructor(backend: Backend, streams: Streams) {
    this.#backend = backend;
    this.#streams = streams;
  }

  /** In the order of the file. */
  get list(): readonly TileForm[] {
    return this.#streams.configuration?.tiles ?? [];
  }
  get editing(): TileEditing | null {
    return this.#editing;
  }

  /** Opens the editor with a new tile; for events like one where one is given. */
  add(like?: StoredEvent): void {
    const tile = like ? { ...emptyTile(), stream: like.stream, event: like.event } : emptyTile();
    this.#editing = new TileEditing(this.#backend, tile, null, like && [like]);
  }

  edit(tile: TileForm): void {
    this.#editing = new TileEditing(this.#backend, tile, tile);
  }

  /** Opens the editor with a tile suggested for events like a stored one. */
  async draft(seq: number): Promise<void> {
    this.#editing = new TileEditing(this.#backend, await askFor(this.#backend, 'tile-form', { call: 'draft-tile', seq }), null);
  }

  /** Closes the editor; what was typed and is lost by that can be had back with {@link reopen}. */
  close(): TileEditing | null {
    const editing = this.#editing;
    this.#editing = null;
    return editing?.changed ? editing : null;
  }

  /** Goes on with what was kept; as a new one where the tile is there no more. */
  resume({ original, tile }: KeptTile): TileEditing {
    const same = original && this.list.find((one) => isSame(one, original));
    const editing = new TileEditing(this.#backend, same ?? emptyTile(), same ?? null);
    editing.tile = { ...tile };
    this.#editing = editing;
    return editing;
  }

  reopen(editing: TileEditing): void {
    this.#editing = editing;
  }

  async save(): Promise<number | null> {
    const editing = this.#editing;
    const undo = (await editing?.save()) ?? null;
    if (undo === null) return null;
    if (this.#editing === editing) this.#editing = null;
    await this.#streams.load();
    return undo;
  }

  async remove(tile: TileForm): Promise<number> {
    return this.#edited({ call: 'remove-tile', tile }, () => {
      if (this.#editing?.original && isSame(this.#editing.original, tile)) this.#editing = null;
    });
  }

  async move(tile: TileForm, to: number): Promise<number> {
    return this.#edited({ call: 'move-tile', tile, to });
  }

  async #edited(call: Parameters<Backend['ask']>[0], edited: () => void = () => {}): Promise<number> {
    try {
      const { undo } = await askFor(this.#backend, 'edited', call);
      edited();
      return undo;
    } finally {
      await this.#streams.load();
    }
  }
}

/** Whether two are the same tile: it has no name, and a list that was read anew holds others. */
export function isSame(one: TileForm, other: TileForm): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

export function emptyTile(): TileForm {
  return { stream: null, event: null, key: null, value: null, change: null, unit: null, label: null };
}
