/** The events, newest first: live ones as they come, older ones from the ledger as they are asked for. */
import { askFor, Refusal, type Backend } from './backend';
import { literally } from './silencing';
import type { EventBatch, HistoryQuery, StoredEvent, WhyView } from './protocol';

/** The most rows that are kept, whatever a server sends. */
export const MOST_ROWS = 2000;
/** How many rows the slim feed shows. */
export const MOST_LATEST = 40;
/** Data in a batch is cut beyond this; the whole is in the ledger. */
const CUT_AT = 4096;
/** Counted in bytes: so many characters may be it already. */
const LEAST_CUT = CUT_AT / 4;
const PAGE = 200;
/** How many event names are offered to choose from. */
const MOST_NAMES = 500;

export interface Filter {
  readonly stream: string | null;
  /** The event's name. */
  readonly event: string | null;
  /** In its name or its data, whatever its case. */
  readonly text: string;
  /** Up to when; null for up to now. */
  readonly untilMs: number | null;
}

export const EVERY_EVENT: Filter = { stream: null, event: null, text: '', untilMs: null };

/** An event in the list. One that is not stored has a number of this page's own, below zero and falling. */
export interface Row extends StoredEvent {
  /** The newest stored event when this one came, which is not stored itself. */
  readonly after?: number;
}

/** Whether an event is in the ledger; if not, all that is known of it is what came. */
export function isKept({ seq }: StoredEvent): boolean {
  return seq > 0;
}

/** Whether there may be more of its data than is here. */
export function mayBeCut({ data }: StoredEvent): boolean {
  return data.length >= LEAST_CUT && new TextEncoder().encode(data).length > CUT_AT - 4;
}

export class Feed {
  readonly #backend: Backend;
  /** Everything that came while this page was linked, whatever the filter. */
  #recent: Row[] = [];
  /** What came while the list was held. */
  #waiting: Row[] = [];
  /** The newest stored event that was heard of. */
  #newest = 0;
  /** Counts down the events that are not stored. */
  #passing = 0;
  /** Counts the readings, so that an answer to an older one is dropped. */
  #reading = 0;
  /** Where the next page below begins, where a search says so. */
  #below: number | null = null;

  #rows = $state.raw<readonly Row[]>([]);
  #latest = $state.raw<readonly Row[]>([]);
  #names = $state.raw<ReadonlyMap<string, ReadonlySet<string>>>(new Map());
  #filter = $state.raw<Filter>(EVERY_EVENT);
  #selected = $state.raw<StoredEvent | null>(null);
  #paused = $state(false);
  #away = $state(false);
  /** Whether newer rows had to go, because somebody reads far back. */
  #cut = $state(false);
  #fresh = $state(0);
  #omitted = $state(0);
  #loading = $state(false);
  #loaded = $state(false);
  #reachedEnd = $state(false);
  #trouble = $state('');

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** What matches the filter, at most {@link MOST_ROWS}. */
  get rows(): readonly Row[] {
    return this.#rows;
  }
  /** The newest few of all streams, whatever the filter. */
  get latest(): readonly Row[] {
    return this.#latest;
  }
  /** The names that were seen, of the stream that is chosen, sorted. */
  get names(): readonly string[] {
    const { stream, event } = this.#filter;
    const seen = [...this.#names].filter(([, streams]) => stream === null || streams.has(stream)).map(([name]) => name);
    return [...new Set(event === null ? seen : [...seen, event])].sort();
  }
  get filter(): Filter {
    return this.#filter;
  }
  get narrowed(): boolean {
    return isNarrow(this.#filter);
  }
  get selected(): StoredEvent | null {
    return this.#selected;
  }
  /** Held by hand, or at a time that was gone to. */
  get paused(): boolean {
    return this.#paused || this.#filter.untilMs !== null;
  }
  /** Whether new events wait instead of moving the list: it is paused, or somebody reads. */
  get held(): boolean {
    return this.paused || this.#away || this.#cut || this.#selected !== null;
  }
  /** Whether the newest rows are not those that are shown. */
  get farBack(): boolean {
    return this.#cut;
  }
  /** How many wait; also those that are too many to be kept. */
  get fresh(): number {
    return this.#fresh;
  }
  /** How many came too fast to be sent here. */
  get omitted(): number {
    return this.#omitted;
  }
  get loading(): boolean {
    return this.#loading;
  }
  get loaded(): boolean {
    return this.#loaded;
  }
  get reachedEnd(): boolean {
    return this.#reachedEnd;
  }
  get trouble(): string {
    return this.#trouble;
  }

  take(batch: EventBatch): void {
    const fresh = batch.events.map((event) => this.#placed(event)).reverse();
    this.#learn(fresh);
    this.#recent = merge(fresh, this.#recent);
    this.#latest = merge(fresh, this.#latest).slice(0, MOST_LATEST);
    const wanted = { ...this.#filter, untilMs: null };
    const matching = fresh.filter((event) => matches(event, wanted));
    if (this.held) {
      const newest = Math.max(...[this.#waiting[0], this.#rows[0]].map((row) => (row ? placeOf(row) : 0)));
      this.#fresh += matching.filter((row) => !isKept(row) || row.seq > newest).length + (isNarrow(wanted) ? 0 : batch.omitted);
      this.#waiting = merge(matching, this.#waiting);
    } else {
      this.#omitted += batch.omitted;
      if (matching.length) this.#put(merge(matching, this.#rows));
    }
  }

  pause(paused: boolean): void {
    this.#paused = paused;
    if (paused || this.#filter.untilMs === null) this.#letInUnlessHeld();
    else void this.goTo(null);
  }

  /** Shows what came up to a time, and holds there; null goes back to the newest. */
  async goTo(untilMs: number | null): Promise<void> {
    await this.narrow({ ...this.#filter, untilMs });
  }

  /** Told by the list when somebody scrolls away from its top, and back. */
  scrolledAway(away: boolean): void {
    if (away === this.#away) return;
    this.#away = away;
    this.#letInUnlessHeld();
  }

  /** Shows what waits, and follows again unless an event is open. */
  follow(): void {
    this.#paused = false;
    this.#away = false;
    if (this.#filter.untilMs !== null) void this.goTo(null);
    else if (this.#cut) void this.reload();
    else this.#letIn();
  }

  async narrow(filter: Filter): Promise<void> {
    if (JSON.stringify(filter) === JSON.stringify(this.#filter)) return;
    this.#filter = filter;
    // It begins at its top.
    [this.#cut, this.#away] = [false, false];
    this.#put(this.#recent.filter((event) => matches(event, filter)));
    await this.reload();
  }

  /** After the link was lost nobody knows what came meanwhile: only the ledger does. What is not there stays. */
  forgetRecent(): void {
    const passing = (rows: Row[]) => rows.filter((row) => !isKept(row));
    [this.#recent, this.#waiting] = [passing(this.#recent), passing(this.#waiting)];
  }

  /** The link is there, or there again: reads what came, without moving what somebody reads. */
  async catchUp(): Promise<void> {
    if (!this.held || !this.#rows.length) return this.reload();
    this.#cut = true;
    const newest = askFor(this.#backend, 'history', { call: 'history', query: queryOf(EVERY_EVENT, null, MOST_LATEST) });
    this.#latest = merge((await newest.catch(() => [])).reverse(), this.#latest).slice(0, MOST_LATEST);
  }

  /** Reads the newest page that matches the filter. */
  async reload(): Promise<void> {
    this.#below = null;
    this.#reachedEnd = false;
    const page = await this.#read(null);
    if (!page) return;
    this.#waiting = [];
    this.#fresh = 0;
    this.#omitted = 0;
    this.#cut = false;
    this.#put(merge(this.#recent.filter((event) => matches(event, this.#filter)), page));
    if (!this.narrowed) this.#latest = this.#rows.slice(0, MOST_LATEST);
  }

  /** Reads the page below the last row; where that is too much to keep, the newest rows go. */
  async older(): Promise<void> {
    const below = this.#below ?? this.#rows.findLast(isKept)?.seq;
    if (below === undefined || this.#loading || this.#reachedEnd) return;
    const page = await this.#read(below);
    if (!page) return;
    const rows = merge(this.#rows, page, Infinity);
    if (rows.length > MOST_ROWS) this.#cut = true;
    this.#rows = rows.slice(-MOST_ROWS);
  }

  /** Shows one event; fetches the whole of it where the batch had to cut it. */
  async select(event: StoredEvent | null): Promise<void> {
    this.#selected = event;
    this.#letInUnlessHeld();
    if (!event || !isKept(event) || event.data.length < LEAST_CUT) return;
    const whole = await this.find(event.seq, event.stream).catch(() => null);
    if (whole && this.#selected?.seq === whole.seq) this.#selected = whole;
  }

  /** Opens the event so many rows further down; up where it is less than none. */
  step(by: number): void {
    const at = this.#rows.findIndex(({ seq }) => seq === this.#selected?.seq);
    const next = this.#rows[at < 0 ? 0 : Math.max(0, Math.min(this.#rows.length - 1, at + by))];
    if (next) void this.select(next);
  }

  /** One stored event by its number. */
  async find(seq: number, stream: string): Promise<StoredEvent | null> {
    const query = { ...queryOf(EVERY_EVENT, seq + 1, 1), stream };
    const [found] = await askFor(this.#backend, 'history', { call: 'history', query });
    return found?.seq === seq ? found : null;
  }

  /** How rules judge an event, and what became of it. */
  explain(seq: number): Promise<WhyView> {
    return askFor(this.#backend, 'why', { call: 'why', seq });
  }

  /** The next events that match, newest first. A search may look for a while: page after page until there is something. */
  async #read(before: number | null): Promise<StoredEvent[] | null> {
    const reading = ++this.#reading;
    const filter = this.#filter;
    this.#loading = true;
    try {
      for (let from = before; ; ) {
        const { events, next } = await this.#page(filter, from);
        if (reading !== this.#reading) return null;
        this.#trouble = '';
        this.#loaded = true;
        if (!events.length && next !== null) {
          from = next;
          continue;
        }
        this.#learn(events);
        this.#newest = Math.max(this.#newest, events[0]?.seq ?? 0);
        this.#below = next;
        this.#reachedEnd = next === null;
        return events.map(shortened);
      }
    } catch (thrown) {
      if (reading === this.#reading) this.#trouble = Refusal.from(thrown).message;
      return null;
    } finally {
      if (reading === this.#reading) this.#loading = false;
    }
  }

  async #page(filter: Filter, before: number | null): Promise<{ events: StoredEvent[]; next: number | null }> {
    const query = queryOf(filter, before, PAGE);
    if (query.search) return askFor(this.#backend, 'found', { call: 'search', query });
    const events = (await askFor(this.#backend, 'history', { call: 'history', query })).reverse();
    return { events, next: events.length < PAGE ? null : (events.at(-1)?.seq ?? null) };
  }

  /** Gives what is not stored a number and its place among what is. */
  #placed(event: StoredEvent): Row {
    if (!isKept(event)) return { ...event, seq: (this.#passing -= 1), after: this.#newest };
    this.#newest = Math.max(this.#newest, event.seq);
    return event;
  }

  #learn(events: readonly StoredEvent[]): void {
    const unknown = events.filter(({ event, stream }) => !this.#names.get(event)?.has(stream));
    if (!unknown.length) return;
    const names = new Map(this.#names);
    for (const { event, stream } of unknown) {
      if (names.has(event) || names.size < MOST_NAMES) names.set(event, new Set([...(names.get(event) ?? []), stream]));
    }
    this.#names = names;
  }

  #letInUnlessHeld(): void {
    if (!this.held) this.#letIn();
  }

  #letIn(): void {
    this.#omitted += Math.max(0, this.#fresh - this.#waiting.length);
    if (this.#waiting.length) this.#put(merge(this.#waiting, this.#rows));
    this.#waiting = [];
    this.#fresh = 0;
  }

  #put(rows: readonly Row[]): void {
    if (rows.length > MOST_ROWS) {
      this.#reachedEnd = false;
      this.#below = null;
    }
    this.#rows = rows.slice(0, MOST_ROWS);
  }
}

/** Whether an event is one the ledger would find for the same filter. */
export function matches(event: StoredEvent, filter: Filter): boolean {
  if (filter.stream !== null && event.stream !== filter.stream) return false;
  if (filter.event !== null && event.event !== filter.event) return false;
  if (filter.untilMs !== null && event.atMs > filter.untilMs) return false;
  const text = filter.text.trim().toLowerCase();
  return !text || event.event.toLowerCase().includes(text) || event.data.toLowerCase().includes(text);
}

/** Whether it leaves anything out. */
export function isNarrow({ stream, event, text, untilMs }: Filter): boolean {
  return stream !== null || event !== null || text.trim() !== '' || untilMs !== null;
}

function queryOf({ stream, event, text, untilMs }: Filter, before: number | null, limit: number): HistoryQuery {
  return { stream, event: event === null ? null : literally(event), sinceMs: null, untilMs, search: text.trim() || null, alerts: false, before, limit };
}

/** An event for a row: of long data only what a batch would have brought; a copy, because a slice holds the whole. */
function shortened(event: StoredEvent): StoredEvent {
  if (event.data.length <= CUT_AT) return event;
  const data = new TextDecoder().decode(new TextEncoder().encode(event.data.slice(0, CUT_AT)));
  return { ...event, data };
}

/** The stored event that a row is or comes after. */
function placeOf({ seq, after }: Row): number {
  return after ?? seq;
}

/** Two lists, newest first, as one without doubles and within bounds. */
function merge(newer: readonly Row[], older: readonly Row[], most = MOST_ROWS): Row[] {
  // As a rule each of one came after all of the other, and a flood leaves no time to sort what is sorted.
  if (isInOrder([...newer, ...older.slice(0, 1)])) return [...newer, ...older].slice(0, most);
  const known = new Set<number>();
  return [...newer, ...older]
    .filter(({ seq }) => !known.has(seq) && known.add(seq))
    .sort(inOrder)
    .slice(0, most);
}

/** Less than none where one is the newer, none only for the same: what is not stored is newer than what it came after, and what came later is newer. */
function inOrder(one: Row, other: Row): number {
  return placeOf(other) - placeOf(one) || Number(isKept(one)) - Number(isKept(other)) || one.seq - other.seq;
}

function isInOrder(rows: readonly Row[]): boolean {
  return rows.every((row, at) => at === 0 || inOrder(rows[at - 1]!, row) < 0);
}
