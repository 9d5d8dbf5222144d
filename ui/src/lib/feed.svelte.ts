/** The events, newest first: live ones as they come, older ones from the ledger as they are asked for. */
import { askFor, Refusal, type Backend } from './backend';
import type { EventBatch, StoredEvent, WhyView } from './protocol';

/** The most rows that are kept, whatever a server sends. */
export const MOST_ROWS = 2000;
/** How many rows the slim feed shows. */
export const MOST_LATEST = 60;
/** Data in a batch is cut beyond this; the whole is in the ledger. */
const CUT_AT = 4096;
const PAGE = 200;

export interface Filter {
  readonly stream: string | null;
  readonly text: string;
}

const NO_FILTER: Filter = { stream: null, text: '' };

export class Feed {
  readonly #backend: Backend;
  /** Everything that came while this page was linked, whatever the filter. */
  #recent: StoredEvent[] = [];
  /** What came while the list was held. */
  #waiting: StoredEvent[] = [];
  /** Counts the readings, so that an answer to an older one is dropped. */
  #reading = 0;

  #rows = $state.raw<readonly StoredEvent[]>([]);
  #latest = $state.raw<readonly StoredEvent[]>([]);
  #filter = $state.raw<Filter>(NO_FILTER);
  #selected = $state.raw<StoredEvent | null>(null);
  #paused = $state(false);
  #away = $state(false);
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
  get rows(): readonly StoredEvent[] {
    return this.#rows;
  }
  /** The newest few of all streams, whatever the filter. */
  get latest(): readonly StoredEvent[] {
    return this.#latest;
  }
  get filter(): Filter {
    return this.#filter;
  }
  get selected(): StoredEvent | null {
    return this.#selected;
  }
  get paused(): boolean {
    return this.#paused;
  }
  /** Whether new events wait instead of moving the list: held by hand, or because somebody reads further down. */
  get held(): boolean {
    return this.#paused || this.#away;
  }
  /** How many wait. */
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
  get full(): boolean {
    return this.#rows.length >= MOST_ROWS;
  }
  get trouble(): string {
    return this.#trouble;
  }

  take(batch: EventBatch): void {
    const fresh = [...batch.events].reverse();
    this.#recent = merge(fresh, this.#recent);
    this.#latest = merge(fresh, this.#latest).slice(0, MOST_LATEST);
    this.#omitted += batch.omitted;
    const matching = fresh.filter((event) => matches(event, this.#filter));
    if (!matching.length) return;
    if (this.held) {
      this.#waiting = merge(matching, this.#waiting);
      this.#fresh = this.#waiting.length;
    } else {
      this.#put(merge(matching, this.#rows));
    }
  }

  pause(paused: boolean): void {
    this.#paused = paused;
    this.#letIn();
  }

  /** Told by the list when somebody scrolls away from its top, and back. */
  scrolledAway(away: boolean): void {
    if (away === this.#away) return;
    this.#away = away;
    this.#letIn();
  }

  /** Shows what waits, and follows again. */
  follow(): void {
    this.#paused = false;
    this.#away = false;
    this.#letIn();
  }

  async narrow(filter: Filter): Promise<void> {
    if (filter.stream === this.#filter.stream && filter.text === this.#filter.text) return;
    this.#filter = filter;
    this.#put(this.#recent.filter((event) => matches(event, filter)));
    await this.reload();
  }

  /** After the link was lost nobody knows what came meanwhile: only the ledger does. */
  forgetRecent(): void {
    this.#recent = [];
  }

  /** Reads the newest page that matches the filter. */
  async reload(): Promise<void> {
    const page = await this.#read(null);
    if (!page) return;
    this.#waiting = [];
    this.#fresh = 0;
    this.#omitted = 0;
    this.#reachedEnd = page.length < PAGE;
    this.#put(merge(this.#recent.filter((event) => matches(event, this.#filter)), page));
    if (!this.#filter.stream && !this.#filter.text.trim()) this.#latest = this.#rows.slice(0, MOST_LATEST);
  }

  /** Reads the page below the last row. */
  async older(): Promise<void> {
    const last = this.#rows.at(-1);
    if (!last || this.#loading || this.#reachedEnd || this.full) return;
    const page = await this.#read(last.seq);
    if (!page) return;
    this.#reachedEnd = page.length < PAGE;
    this.#put(merge(this.#rows, page));
  }

  /** Shows one event; fetches the whole of it where the batch had to cut it. */
  async select(event: StoredEvent | null): Promise<void> {
    this.#selected = event;
    if (!event || event.data.length < CUT_AT) return;
    const whole = await this.find(event.seq, event.stream).catch(() => null);
    if (whole && this.#selected?.seq === whole.seq) this.#selected = whole;
  }

  /** One stored event by its number. */
  async find(seq: number, stream: string): Promise<StoredEvent | null> {
    const query = { stream, event: null, sinceMs: null, search: null, alerts: false, before: seq + 1, limit: 1 };
    const [found] = await askFor(this.#backend, 'history', { call: 'history', query });
    return found?.seq === seq ? found : null;
  }

  /** How rules judge an event, and what became of it. */
  explain(seq: number): Promise<WhyView> {
    return askFor(this.#backend, 'why', { call: 'why', seq });
  }

  async #read(before: number | null): Promise<StoredEvent[] | null> {
    const reading = ++this.#reading;
    const { stream, text } = this.#filter;
    this.#loading = true;
    try {
      const query = { stream, event: null, sinceMs: null, search: text.trim() || null, alerts: false, before, limit: PAGE };
      const page = await askFor(this.#backend, 'history', { call: 'history', query });
      if (reading !== this.#reading) return null;
      this.#trouble = '';
      this.#loaded = true;
      return page.reverse();
    } catch (thrown) {
      if (reading === this.#reading) this.#trouble = Refusal.from(thrown).message;
      return null;
    } finally {
      if (reading === this.#reading) this.#loading = false;
    }
  }

  #letIn(): void {
    if (this.held || !this.#waiting.length) return;
    this.#put(merge(this.#waiting, this.#rows));
    this.#waiting = [];
    this.#fresh = 0;
  }

  #put(rows: readonly StoredEvent[]): void {
    if (rows.length > MOST_ROWS) this.#reachedEnd = false;
    this.#rows = rows.slice(0, MOST_ROWS);
  }
}

/** Whether an event is one the ledger would find for the same filter. */
export function matches(event: StoredEvent, filter: Filter): boolean {
  if (filter.stream !== null && event.stream !== filter.stream) return false;
  const text = filter.text.trim().toLowerCase();
  return !text || event.event.toLowerCase().includes(text) || event.data.toLowerCase().includes(text);
}

/** Two lists, newest first, as one without doubles and within bounds. */
function merge(newer: readonly StoredEvent[], older: readonly StoredEvent[]): StoredEvent[] {
  const known = new Set<number>();
  return [...newer, ...older]
    .filter(({ seq }) => !known.has(seq) && known.add(seq))
    .sort((one, other) => other.seq - one.seq)
    .slice(0, MOST_ROWS);
}
