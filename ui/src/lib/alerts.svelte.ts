/** The alerts that match a filter, newest first, and what has been done about them. */
import { askFor, Refusal, type Backend } from './backend';
import { Announcer } from './announcer.svelte';
import { Marks } from './marks.svelte';
import type { AlertQuery, AlertView, EventBatch, Snapshot } from './protocol';

/** The most alerts that are kept, whatever a server sends. */
export const MOST_ALERTS = 2000;
const PAGE = 50;
const BIG_PAGE = 500;

export type Show = 'all' | 'unread' | 'acknowledged' | 'resolved';

export interface AlertFilter {
  readonly show: Show;
  /** In title, body, group, rule, stream or the event's name, whatever its case. */
  readonly text: string;
}

export const EVERY_ALERT: AlertFilter = { show: 'all', text: '' };

/** Something that was done, to how many, and how to undo it. */
export interface Done {
  readonly count: number;
  readonly undo: () => void;
}

export class Alerts {
  readonly #backend: Backend;
  readonly #marks: Marks;
  readonly #announcer = new Announcer();
  /** Counts the readings, so that an answer to an older filter is dropped. */
  #reading = 0;

  #filter = $state.raw<AlertFilter>(EVERY_ALERT);
  #stored = $state.raw<readonly AlertView[]>([]);
  #newestUnread = $state.raw<readonly AlertView[]>([]);
  #unreadThere = $state(0);
  /** Opened since the filter was set: these stay in sight although they match no more. */
  #opened = $state.raw<ReadonlySet<number>>(new Set());
  /** While somebody reads further down: the newest alert of then. What comes after it waits. */
  #heldAt = $state<number | null>(null);
  #selectedId = $state<number | null>(null);
  #presented = $state.raw<AlertView | null>(null);
  #reachedEnd = $state(false);
  #loading = $state(false);
  #loaded = $state(false);
  #trouble = $state('');

  readonly #matching = $derived.by(() =>
    this.#stored.map((alert) => this.#marks.apply(alert)).filter((alert) => isMeant(alert, this.#filter) || this.#opened.has(alert.id)),
  );
  readonly #list = $derived(this.#matching.filter(({ id }) => this.#heldAt === null || id <= this.#heldAt));
  readonly #unread = $derived.by(() => this.#newestUnread.filter((alert) => !this.#marks.apply(alert).read));
  readonly #unreadCount = $derived.by(() => Math.max(0, this.#unreadThere - (this.#newestUnread.length - this.#unread.length) - this.#marks.unnamed));

  constructor(backend: Backend) {
    this.#backend = backend;
    const refused = (message: string) => (this.#trouble = message);
    this.#marks = new Marks(backend, (change) => this.#change(change), refused);
  }

  get filter(): AlertFilter {
    return this.#filter;
  }
  get list(): readonly AlertView[] {
    return this.#list;
  }
  /** How many wait until somebody comes back to the top. */
  get fresh(): number {
    return this.#matching.length - this.#list.length;
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
    const found = this.#stored.find(({ id }) => id === this.#selectedId) ?? this.#presented;
    return found?.id === this.#selectedId ? this.#marks.apply(found) : null;
  }
  /** Whether the alert that was asked for is no longer there. */
  get missing(): boolean {
    return this.#selectedId !== null && this.selected === null && this.#loaded && !this.#loading;
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
    return this.#stored.length >= MOST_ALERTS;
  }
  get trouble(): string {
    return this.#trouble;
  }
  /** What came lately, for who cannot see it come. */
  get announcer(): Announcer {
    return this.#announcer;
  }

  takeSnapshot(snapshot: Snapshot): void {
    this.#marks.takeSnapshot(snapshot);
    this.#newestUnread = snapshot.alerts;
    this.#unreadThere = snapshot.unread;
    if (!this.#loaded) return;
    const here = new Set(this.#stored.map(({ id }) => id));
    this.#stored = reconcile(this.#stored, snapshot).filter((alert) => here.has(alert.id) || isMeant(alert, this.#filter));
  }

  takeBatch(batch: EventBatch): void {
    const fresh = batch.events.flatMap(({ alerts }) => alerts);
    if (!fresh.length) return;
    this.#announcer.take(fresh);
    if (this.#loaded) this.#stored = merge(fresh.filter((alert) => isMeant(alert, this.#filter)), this.#stored);
  }

  /** Shows only what matches: what is known of it at once, then what is stored. */
  async narrow(filter: AlertFilter): Promise<void> {
    if (filter.show === this.#filter.show && filter.text === this.#filter.text) return;
    this.#filter = filter;
    this.#opened = new Set();
    this.#stored = merge(this.#newestUnread, this.#stored).filter((alert) => isMeant(this.#marks.apply(alert), filter));
    await this.load();
  }

  /** Reads the newest page. */
  async load(): Promise<void> {
    const page = await this.#read(this.#filter, null, PAGE);
    if (!page) return;
    const stay = this.#stored.filter(({ id }) => this.#opened.has(id));
    const oldest = page.at(-1)?.id ?? Infinity;
    // Where somebody reads further down, the list stays, if it follows on the page without a gap.
    if (this.#heldAt !== null && oldest <= (this.#stored[0]?.id ?? -1)) {
      this.#stored = merge(page, this.#stored);
      return;
    }
    this.#stored = merge(page, stay.filter(({ id }) => id >= oldest || page.length < PAGE));
    this.#reachedEnd = page.length < PAGE;
    this.#loaded = true;
  }

  /** Comes to the list anew: what was only left in sight is gone. */
  async reopen(): Promise<void> {
    this.#opened = new Set(this.#selectedId === null ? [] : [this.#selectedId]);
    this.#heldAt = null;
    await this.load();
  }

  /** Reads the page below the last one. */
  async older(limit = PAGE): Promise<void> {
    const last = this.#stored.at(-1);
    if (!last || this.#loading || this.#reachedEnd || this.full) return;
    const page = await this.#read(this.#filter, last.id, limit);
    if (!page) return;
    this.#reachedEnd = page.length < limit;
    this.#stored = merge(this.#stored, page);
  }

  /** Told by the list when somebody scrolls away from its top, and back. */
  scrolledAway(away: boolean): void {
    if (away !== (this.#heldAt !== null)) this.#heldAt = away ? (this.#stored[0]?.id ?? null) : null;
  }

  /** Opens an alert, which reads it, and others that it stands for. */
  select(id: number | null, others: readonly AlertView[] = []): void {
    this.#selectedId = id;
    const alert = this.selected;
    if (!alert) return;
    const seen = [alert, ...others.filter((other) => other.id !== id)];
    this.#opened = new Set([...this.#opened, ...seen.map((one) => one.id)]);
    const unread = seen.filter(({ read }) => !read);
    if (unread.length) void this.#marks.now('read', unread);
    void this.#refresh(alert.id);
  }

  /** Opens an alert by its number, wherever it is; false where there is none any more. */
  async present(id: number): Promise<boolean> {
    this.#selectedId = id;
    this.#heldAt = null;
    if (!this.selected) {
      const page = await this.#read(EVERY_ALERT, id + 1, PAGE);
      this.#presented = page?.find((alert) => alert.id === id) ?? null;
      if (this.#presented && !isMeant(this.#presented, this.#filter)) await this.narrow(EVERY_ALERT);
      if (!this.#loaded || id > (this.#stored[0]?.id ?? 0)) await this.load();
      // Reached page by page, so that the list has no gap above it.
      while (this.#presented && this.#liesBelow(id)) await this.older(BIG_PAGE);
    }
    if (!this.selected) return false;
    this.select(id);
    return true;
  }

  /** Marks as read, unless it is undone. */
  read(alerts: readonly AlertView[]): Done {
    return this.#soon('read', alerts.filter(({ read }) => !read));
  }

  /** Takes note of alerts, unless it is undone. */
  acknowledgeAll(alerts: readonly AlertView[]): Done {
    return this.#soon('acknowledged', alerts.filter(({ answer }) => answer !== 'acknowledged'));
  }

  /** Takes note of an alert at once. */
  async acknowledge(id: number): Promise<void> {
    const alert = this.selected?.id === id ? this.selected : this.#stored.find((one) => one.id === id);
    if (alert) await this.#marks.now('acknowledged', [alert]);
  }

  /** Marks as read all that match the filter, also those that are not here, unless it is undone. */
  markAllRead(): Done {
    const { text } = this.#filter;
    const upTo = Math.max(this.#stored[0]?.id ?? 0, this.#newestUnread[0]?.id ?? 0);
    const of = (alert: AlertView) => alert.id <= upTo && isMeant(alert, { show: 'all', text });
    const known = new Set([...this.#unread, ...this.#list].filter((alert) => !alert.read && of(alert)).map(({ id }) => id));
    const count = text.trim() ? known.size : this.#unreadCount;
    if (!count) return { count, undo: () => {} };
    const unnamed = count - this.#unread.filter(of).length;
    const undo = this.#marks.allRead({ ...query({ show: 'unread', text }, upTo + 1, 0) }, of, unnamed);
    return { count, undo };
  }

  /** Tells the resident now what can still be undone; also when the window goes away. */
  async commit(): Promise<void> {
    await this.#marks.commit();
  }

  #soon(what: 'read' | 'acknowledged', alerts: readonly AlertView[]): Done {
    if (!alerts.length) return { count: 0, undo: () => {} };
    const opened = this.#opened;
    const ids = new Set(alerts.map(({ id }) => id));
    this.#opened = new Set([...opened].filter((id) => !ids.has(id)));
    const unnamed = alerts.filter(({ id, read }) => !read && !this.#newestUnread.some((one) => one.id === id)).length;
    const forget = this.#marks.soon(what, alerts, unnamed);
    const undo = () => {
      forget();
      this.#opened = new Set([...this.#opened, ...opened]);
    };
    return { count: alerts.length, undo };
  }

  #change(change: (alert: AlertView) => AlertView): void {
    this.#stored = this.#stored.map(change);
    this.#presented = this.#presented && change(this.#presented);
    const unread = this.#newestUnread.filter((alert) => !change(alert).read);
    this.#unreadThere = Math.max(0, this.#unreadThere - (this.#newestUnread.length - unread.length));
    this.#newestUnread = unread;
  }

  async #read(filter: AlertFilter, before: number | null, limit: number): Promise<AlertView[] | null> {
    const reading = ++this.#reading;
    this.#loading = true;
    try {
      const page = await askFor(this.#backend, 'alerts', { call: 'alerts', query: query(filter, before, limit) });
      if (reading !== this.#reading) return null;
      this.#trouble = '';
      return page;
    } catch (thrown) {
      if (reading === this.#reading) this.#trouble = Refusal.from(thrown).message;
      return null;
    } finally {
      if (reading === this.#reading) this.#loading = false;
    }
  }

  /** Whether an alert lies below the list and there is more to read. */
  #liesBelow(id: number): boolean {
    const last = this.#stored.at(-1);
    return !!last && last.id > id && !this.#reachedEnd && !this.#loading && !this.#trouble && !this.full;
  }

  /** Whether it was shown and answered meanwhile, nobody tells unasked. */
  async #refresh(id: number): Promise<void> {
    const fresh = await askFor(this.#backend, 'alerts', { call: 'alerts', query: query(EVERY_ALERT, id + 1, 1) }).catch(() => []);
    const [found] = fresh;
    if (found?.id === id) this.#change((alert) => (alert.id === id ? found : alert));
  }
}

/** Whether an alert is one the resident would find for the same filter. */
export function isMeant({ read, answer, resolvedAtMs, ...alert }: AlertView, { show, text }: AlertFilter): boolean {
  if (show === 'unread' && read) return false;
  if (show === 'acknowledged' && answer !== 'acknowledged') return false;
  if (show === 'resolved' && resolvedAtMs === null) return false;
  const words = text.trim().toLowerCase();
  return !words || [alert.title, alert.body, alert.group, alert.rule, alert.stream, alert.event].some((one) => one.toLowerCase().includes(words));
}

function query({ show, text }: AlertFilter, before: number | null, limit: number): AlertQuery {
  return { show, stream: null, rule: null, group: null, urgency: null, search: text.trim() || null, sinceMs: null, before, limit };
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
