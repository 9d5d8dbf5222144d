/** The alerts, newest first, and what has been read of them. */
import { askFor, Refusal, type Backend } from './backend';
import type { AlertQuery, AlertView, EventBatch, Snapshot } from './protocol';

export const MOST_ALERTS = 2000;
const PAGE = 50;
const BIG_PAGE = 500;
const EVERY: AlertQuery = { show: 'all', stream: null, rule: null, group: null, urgency: null, search: null, sinceMs: null, before: null, limit: PAGE };
/** How long "Mark all read" can be undone before the resident is told. */
export const UNDO_MS = 6000;

interface Marking {
  readonly upTo: number;
  readonly timer: ReturnType<typeof setTimeout>;
}

export class Alerts {
  readonly #backend: Backend;
  #stored = $state.raw<readonly AlertView[]>([]);
  #newestUnread = $state.raw<readonly AlertView[]>([]);
  #unreadThere = $state(0);
  /** Read on this page; the resident may not have said so yet. */
  #readHere = $state.raw<ReadonlySet<number>>(new Set());
  #marking = $state.raw<Marking | null>(null);
  #selectedId = $state<number | null>(null);
  #presented = $state.raw<AlertView | null>(null);
  #reachedEnd = $state(false);
  #loading = $state(false);
  #loaded = $state(false);
  #trouble = $state('');

  readonly #list = $derived(this.#stored.map((alert) => this.#asRead(alert)));
  readonly #unread = $derived(this.#newestUnread.filter((alert) => !this.#asRead(alert).read));
  readonly #unreadCount = $derived.by(() => {
    if (this.#marking) return this.#unread.length;
    return Math.max(0, this.#unreadThere - (this.#newestUnread.length - this.#unread.length));
  });

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  get list(): readonly AlertView[] {
    return this.#list;
  }
  /** The newest unread ones, at most 20. */
  get unread(): readonly AlertView[] {
    return this.#unread;
  }
  get unreadCount(): number {
    return this.#unreadCount;
  }
  get selected(): AlertView | null {
    if (this.#selectedId === null) return null;
    const found = this.#list.find(({ id }) => id === this.#selectedId);
    return found ?? (this.#presented?.id === this.#selectedId ? this.#asRead(this.#presented) : null);
  }
  /** Whether the alert that was asked for is no longer there. */
  get missing(): boolean {
    return this.#selectedId !== null && this.selected === null && this.#loaded && !this.#loading;
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

  takeSnapshot(snapshot: Snapshot): void {
    this.#newestUnread = snapshot.alerts;
    this.#unreadThere = snapshot.unread;
    if (this.#loaded) this.#stored = reconcile(this.#stored, snapshot);
  }

  takeBatch(batch: EventBatch): void {
    const fresh = batch.events.flatMap(({ alerts }) => alerts);
    if (this.#loaded && fresh.length) this.#stored = merge(fresh, this.#stored);
  }

  /** Reads the newest page. */
  async load(): Promise<void> {
    const page = await this.#read(null, PAGE);
    if (!page) return;
    this.#stored = page;
    this.#reachedEnd = page.length < PAGE;
    this.#loaded = true;
  }

  /** Reads the page below the last one. */
  async older(limit = PAGE): Promise<void> {
    const last = this.#stored.at(-1);
    if (!last || this.#loading || this.#reachedEnd || this.#stored.length >= MOST_ALERTS) return;
    const page = await this.#read(last.id, limit);
    if (!page) return;
    this.#reachedEnd = page.length < limit;
    this.#stored = merge(this.#stored, page);
  }

  /** Opens an alert, which reads it. */
  select(id: number | null): void {
    this.#selectedId = id;
    const alert = this.selected;
    if (alert && !alert.read) void this.#markRead([alert.id]);
  }

  /** Opens an alert by its number, wherever it is; false where there is none any more. */
  async present(id: number): Promise<boolean> {
    this.#selectedId = id;
    if (!this.selected) {
      const page = await this.#read(id + 1, PAGE);
      this.#presented = page?.find((alert) => alert.id === id) ?? null;
      if (!this.#loaded || id > (this.#stored[0]?.id ?? 0)) await this.load();
      // Reached page by page, so that the list has no gap above it.
      while (this.#presented && this.#liesBelow(id)) await this.older(BIG_PAGE);
    }
    if (!this.selected) return false;
    this.select(id);
    return true;
  }

  /** Marks all as read at once; the resident is told when it can no longer be undone. Returns how many it were. */
  markAllRead(): number {
    const marked = this.#unreadCount;
    const newest = Math.max(this.#stored[0]?.id ?? 0, this.#newestUnread[0]?.id ?? 0);
    if (marked) this.#marking = { upTo: newest, timer: setTimeout(() => void this.commit(), UNDO_MS) };
    return marked;
  }

  undoMarkAll(): void {
    if (this.#marking) clearTimeout(this.#marking.timer);
    this.#marking = null;
  }

  /** Tells the resident now what was marked; also when the window goes away. */
  async commit(): Promise<void> {
    const marking = this.#marking;
    if (!marking) return;
    clearTimeout(marking.timer);
    const fresher = this.#newestUnread.some(({ id }) => id > marking.upTo);
    // No number at all means every alert, so what came since must be kept out by naming the others.
    const named = fresher ? await this.#unreadUpTo(marking.upTo) : [];
    const nothing = fresher && !named.length;
    if (nothing || (await this.#tell(named))) {
      this.#stored = this.#stored.map((alert) => (alert.id <= marking.upTo ? { ...alert, read: true } : alert));
      this.#newestUnread = this.#newestUnread.filter(({ id }) => id > marking.upTo);
      this.#unreadThere = this.#newestUnread.length;
    }
    if (this.#marking === marking) this.#marking = null;
  }

  /** Takes note of an alert. */
  async acknowledge(id: number): Promise<void> {
    try {
      await askFor(this.#backend, 'done', { call: 'acknowledge', alerts: [id] });
      const noted = (alert: AlertView): AlertView =>
        alert.id === id ? { ...alert, read: true, answer: 'acknowledged', answeredAtMs: Date.now() } : alert;
      this.#stored = this.#stored.map(noted);
      this.#presented = this.#presented && noted(this.#presented);
      this.#readHere = new Set([...this.#readHere, id]);
    } catch (thrown) {
      this.#trouble = Refusal.from(thrown).message;
    }
  }

  async #markRead(ids: number[]): Promise<void> {
    const before = this.#readHere;
    this.#readHere = new Set([...before, ...ids]);
    if (!(await this.#tell(ids))) this.#readHere = before;
  }

  async #tell(alerts: number[]): Promise<boolean> {
    try {
      await askFor(this.#backend, 'done', { call: 'mark-read', alerts });
      return true;
    } catch (thrown) {
      this.#trouble = Refusal.from(thrown).message;
      return false;
    }
  }

  async #unreadUpTo(id: number): Promise<number[]> {
    const found: number[] = [];
    for (let before = id + 1; ; ) {
      const page = await this.#read(before, BIG_PAGE);
      found.push(...(page ?? []).filter(({ read }) => !read).map((alert) => alert.id));
      const last = page?.at(-1);
      if (!last || (page?.length ?? 0) < BIG_PAGE) return found;
      before = last.id;
    }
  }

  async #read(before: number | null, limit: number): Promise<AlertView[] | null> {
    this.#loading = true;
    try {
      const page = await askFor(this.#backend, 'alerts', { call: 'alerts', query: { ...EVERY, before, limit } });
      this.#trouble = '';
      return page;
    } catch (thrown) {
      this.#trouble = Refusal.from(thrown).message;
      return null;
    } finally {
      this.#loading = false;
    }
  }

  /** Whether an alert lies below the list and there is more to read. */
  #liesBelow(id: number): boolean {
    const last = this.#stored.at(-1);
    return !!last && last.id > id && !this.#reachedEnd && !this.#loading && !this.#trouble && this.#stored.length < MOST_ALERTS;
  }

  #asRead(alert: AlertView): AlertView {
    const marked = this.#marking !== null && alert.id <= this.#marking.upTo;
    return !alert.read && (marked || this.#readHere.has(alert.id)) ? { ...alert, read: true } : alert;
  }
}

/**
 * The list after a snapshot: its unread alerts join and replace, and what it no longer holds as unread was read
 * elsewhere. An alert of the last second is left alone: the snapshot may have been taken before it came.
 */
export function reconcile(list: readonly AlertView[], { alerts, unread, atMs }: Snapshot): AlertView[] {
  const known = new Set(alerts.map(({ id }) => id));
  const oldest = alerts.length >= unread ? -Infinity : Math.min(...known);
  const readElsewhere = ({ id, read, atMs: came }: AlertView) => !read && id >= oldest && !known.has(id) && came < atMs - 1000;
  const kept = list.map((alert) => (readElsewhere(alert) ? { ...alert, read: true } : alert));
  const last = list.at(-1)?.id ?? -Infinity;
  return merge(
    alerts.filter(({ id }) => id >= last),
    kept,
  );
}

/** Two lists as one, newest first, without doubles and within bounds; the first wins. */
function merge(first: readonly AlertView[], second: readonly AlertView[]): AlertView[] {
  const known = new Map<number, AlertView>();
  for (const alert of [...second, ...first]) known.set(alert.id, alert);
  return [...known.values()].sort((one, other) => other.id - one.id).slice(0, MOST_ALERTS);
}
