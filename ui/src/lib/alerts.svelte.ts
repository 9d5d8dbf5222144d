/** The alerts that match a filter, newest first: a window on the ledger; and what has been done about them. */
import { EVERY_ALERT, isMeant, merge, query, reconcile, type AlertFilter } from './alert-lists';
import { Announcer } from './announcer.svelte';
import { askFor, Refusal, type Backend } from './backend';
import { Marks, type WayBack } from './marks.svelte';
import type { AlertView, EventBatch, Snapshot } from './protocol';

/** The most alerts that are kept at a time: of more the list is a window, which moves as somebody scrolls. */
export const MOST_ALERTS = 2000;
const PAGE = 50;
/** The most that the resident answers at a time. */
const MOST_READ = 500;

/** Something that was done, to how many, and how to undo it. */
export interface Done extends WayBack {
  readonly count: number;
}

/** Of so many alerts at least it is known whether they were announced. */
const MOST_HEARD = 500;

export class Alerts {
  readonly #backend: Backend;
  readonly #marks: Marks;
  readonly #announcer = new Announcer();
  /** The newest alert that was there when the window opened; null before that. Later ones are announced, each once. */
  #old: number | null = null;
  #heard = new Set<number>();
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
  /** Whether there are newer alerts than those of the list, which somebody scrolled away from. */
  #cut = $state(false);
  /** How many came meanwhile. */
  #above = $state(0);
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
    return this.#matching.length - this.#list.length + this.#above;
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
  /** Whether the newest alerts are not those of the list. */
  get farBack(): boolean {
    return this.#cut;
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
    // Some come in no batch: of what did not come, and of events that are not stored.
    if (this.#old === null) this.#old = newestOf(snapshot.alerts);
    else this.#announce(snapshot.alerts.toReversed());
    const known = (alert: AlertView) => this.#marks.since(snapshot.atMs, alert);
    this.#newestUnread = snapshot.alerts.filter((alert) => !known(alert).read);
    this.#unreadThere = snapshot.unread - (snapshot.alerts.length - this.#newestUnread.length);
    if (!this.#loaded) return;
    const here = new Set(this.#stored.map(({ id }) => id));
    const now = reconcile(this.#stored, snapshot).map(known);
    this.#keep(now.filter((alert) => here.has(alert.id) || (!this.#cut && isMeant(alert, this.#filter))));
  }

  /** Alerts that became something else, as they are now. */
  takeChanged(alerts: readonly AlertView[]): void {
    const now = new Map(alerts.map((alert) => [alert.id, alert]));
    this.#change((alert) => now.get(alert.id) ?? alert);
    if (!this.#loaded) return;
    const [first, last] = [this.#cut ? (this.#stored[0]?.id ?? 0) : Infinity, this.#reachedEnd ? 0 : (this.#stored.at(-1)?.id ?? 0)];
    this.#keep(merge(this.#stored, alerts.filter((alert) => alert.id < first && alert.id > last && isMeant(alert, this.#filter))));
  }

  takeBatch(batch: EventBatch): void {
    const fresh = batch.events.flatMap(({ alerts }) => alerts);
    if (!fresh.length) return;
    this.#announce(fresh);
    if (!this.#loaded) return;
    const meant = fresh.filter((alert) => isMeant(alert, this.#filter));
    if (this.#cut) this.#above += meant.length;
    // What is known already is known better than when it came.
    else this.#keep(merge(this.#stored, meant));
  }

  /** Shows only what matches: what is known of it at once, then what is stored. */
  async narrow(filter: AlertFilter): Promise<void> {
    if (filter.show === this.#filter.show && filter.text === this.#filter.text) return;
    this.#filter = filter;
    this.#opened = new Set();
    // It begins at its top.
    this.#heldAt = null;
    this.#uncut();
    this.#stored = merge(this.#newestUnread, this.#stored).filter((alert) => isMeant(this.#marks.apply(alert), filter));
    await this.load();
  }

  /** Reads the newest page; who is further down, or far back, goes on there. */
  async load(): Promise<void> {
    if (this.#cut) {
      await this.newer();
      return this.#again(null);
    }
    const page = await this.#read(this.#filter, null, PAGE);
    if (!page) return;
    const stay = this.#stored.filter(({ id }) => this.#opened.has(id));
    const oldest = page.at(-1)?.id ?? Infinity;
    // Where somebody reads further down, the list stays, if it follows on the page without a gap.
    if (this.#heldAt !== null && oldest <= (this.#stored[0]?.id ?? -1)) {
      this.#keep(merge(page, this.#stored));
      return this.#again(oldest);
    }
    this.#stored = merge(page, stay.filter(({ id }) => id >= oldest || page.length < PAGE));
    this.#reachedEnd = page.length < PAGE;
    // What is read was there too, though no snapshot names it.
    if (!this.#loaded && this.#old !== null && !this.#heard.size) this.#old = Math.max(this.#old, newestOf(page));
    this.#loaded = true;
  }

  /** Comes to the list anew: what was only left in sight is gone. */
  async reopen(): Promise<void> {
    this.#opened = new Set(this.#selectedId === null ? [] : [this.#selectedId]);
    await this.toNewest();
  }

  /** Comes back to the newest from wherever the list is. */
  async toNewest(): Promise<void> {
    this.#heldAt = null;
    this.#uncut();
    await this.load();
  }

  /** Reads the page below the last one; where that is too much to keep, the newest alerts go. */
  async older(): Promise<void> {
    const last = this.#stored.at(-1);
    if (!last || this.#loading || this.#reachedEnd) return;
    const page = await this.#read(this.#filter, last.id, PAGE);
    if (!page) return;
    this.#reachedEnd = page.length < PAGE;
    const all = merge(this.#stored, page);
    if (all.length > MOST_ALERTS) {
      this.#cut = true;
      this.#heldAt = null;
    }
    this.#stored = all.slice(-MOST_ALERTS);
  }

  /** Reads the page above the first one, where the list does not begin with the newest; the oldest go. */
  async newer(): Promise<void> {
    const first = this.#stored[0];
    if (!first || this.#loading || !this.#cut) return;
    const page = await this.#read(this.#filter, null, PAGE, first.id);
    if (!page) return;
    if (page.length < PAGE) this.#uncut();
    this.#keep(merge(page, this.#stored));
  }

  /** Told by the list when somebody scrolls away from its top, and back. */
  scrolledAway(away: boolean): void {
    if (this.#cut) return;
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
    // One that was come to before may be open, and still not in the list as it is narrowed now.
    if (!this.#stored.some((alert) => alert.id === id)) {
      const page = await this.#around(id).catch((thrown: unknown) => {
        this.#trouble = Refusal.from(thrown).message;
        return [];
      });
      this.#presented = page.find((alert) => alert.id === id) ?? null;
      if (this.#presented && !isMeant(this.#presented, this.#filter)) await this.narrow(EVERY_ALERT);
      if (this.#presented) await this.#openAt(page);
      else if (!this.#loaded) await this.load();
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

  /** Takes note of one alert, at once. */
  acknowledge(alert: AlertView): Done {
    void this.#marks.now('acknowledged', [alert]);
    return { count: 1, undo: () => this.#marks.back([alert]) };
  }

  /** Marks as not read; what was acknowledged is not any more. */
  markUnread(alerts: readonly AlertView[]): Done {
    return this.#takenBack('unread', alerts.filter(({ read }) => read));
  }

  /** Takes back that note was taken of alerts. */
  unacknowledge(alerts: readonly AlertView[]): Done {
    return this.#takenBack('unacknowledged', alerts.filter(({ answer }) => answer === 'acknowledged'));
  }

  /** Marks every alert as read, also those that are not here, unless it is undone. */
  markAllRead(): Done {
    const count = this.#unreadCount;
    return { count, ...(count ? this.#markRead('', count) : { undo: () => {} }) };
  }

  /**
   * Marks as read all that have a text in them, also those that are not here. Gives what undoes it. How many those are
   * only the resident knows: `marked` is told once it can no longer be undone.
   */
  markFoundRead(text: string, marked: (count: number) => void): WayBack {
    const unread = [...this.#unread, ...this.#list].filter((alert) => !alert.read && isMeant(alert, { show: 'all', text }));
    return this.#markRead(text, new Set(unread.map(({ id }) => id)).size, marked);
  }

  /** Tells the resident now what can still be undone; also when the window goes away. */
  async commit(): Promise<void> {
    await this.#marks.commit();
  }

  #markRead(text: string, count: number, marked?: (count: number) => void): WayBack {
    const upTo = Math.max(newestOf(this.#stored), newestOf(this.#newestUnread));
    const of = (alert: AlertView) => alert.id <= upTo && isMeant(alert, { show: 'all', text });
    return this.#marks.allRead(query({ show: 'unread', text }, upTo + 1, 0), of, count - this.#unread.filter(of).length, marked);
  }

  /** Says once of each alert that it came. */
  #announce(alerts: readonly AlertView[]): void {
    const fresh = alerts.filter(({ id }) => id > (this.#old ?? 0) && !this.#heard.has(id));
    if (!fresh.length) return;
    this.#heard = new Set([...this.#heard, ...fresh.map(({ id }) => id)]);
    if (this.#heard.size > 2 * MOST_HEARD) {
      const ids = [...this.#heard].sort((one, other) => one - other);
      this.#old = ids.at(-MOST_HEARD - 1) ?? this.#old;
      this.#heard = new Set(ids.slice(-MOST_HEARD));
    }
    this.#announcer.take(fresh);
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

  /** At once: it is itself what takes back. */
  #takenBack(what: 'unread' | 'unacknowledged', alerts: readonly AlertView[]): Done {
    if (alerts.length) void this.#marks.now(what, alerts);
    const noted = alerts.filter(({ answer }) => answer === 'acknowledged');
    const read = alerts.filter(({ answer }) => answer !== 'acknowledged');
    const undo = () => {
      if (noted.length) void this.#marks.now('acknowledged', noted);
      if (read.length) void this.#marks.now('read', read);
    };
    return { count: alerts.length, undo };
  }

  /** Has the list begin around a page that lies anywhere. */
  async #openAt(page: readonly AlertView[]): Promise<void> {
    const above = await this.#read(this.#filter, null, PAGE, page[0]?.id ?? 0);
    if (!above) return;
    this.#stored = merge(above, page.filter((alert) => isMeant(alert, this.#filter)));
    [this.#loaded, this.#reachedEnd, this.#cut, this.#above] = [true, page.length < PAGE, above.length === PAGE, 0];
  }

  /** Reads anew what the list holds below an alert, or all of it: any of it may have become something else unheard. */
  async #again(below: number | null): Promise<void> {
    const [first, last] = [this.#stored[0]?.id, this.#stored.at(-1)?.id];
    if (first === undefined || last === undefined || below === last) return;
    const to = below ?? first + 1;
    const page = await this.#read(this.#filter, to, MOST_READ);
    if (!page) return;
    const from = page.length < MOST_READ ? last : Math.max(last, page.at(-1)!.id);
    const read = new Set(page.map(({ id }) => id));
    const stays = ({ id }: AlertView) => id < from || id >= to || read.has(id) || this.#opened.has(id);
    this.#keep(merge(page.filter(({ id }) => id >= from), this.#stored.filter(stays)));
    if (from > last) await this.#again(from);
  }

  #uncut(): void {
    [this.#cut, this.#above] = [false, 0];
  }

  /** Keeps no more than can be: the oldest go, and can be read again. */
  #keep(alerts: readonly AlertView[]): void {
    if (alerts.length > MOST_ALERTS) this.#reachedEnd = false;
    this.#stored = alerts.slice(0, MOST_ALERTS);
  }

  #change(change: (alert: AlertView) => AlertView): void {
    this.#stored = this.#stored.map(change);
    this.#presented = this.#presented && change(this.#presented);
    const unread = this.#newestUnread.filter((alert) => !change(alert).read);
    this.#unreadThere = Math.max(0, this.#unreadThere - (this.#newestUnread.length - unread.length));
    this.#newestUnread = unread;
  }

  async #read(filter: AlertFilter, before: number | null, limit: number, after: number | null = null): Promise<AlertView[] | null> {
    const [reading, atMs] = [++this.#reading, Date.now()];
    this.#loading = true;
    try {
      const page = await askFor(this.#backend, 'alerts', { call: 'alerts', query: query(filter, before, limit, after) });
      if (reading !== this.#reading) return null;
      this.#trouble = '';
      return page.map((alert) => this.#marks.since(atMs, alert));
    } catch (thrown) {
      if (reading === this.#reading) this.#trouble = Refusal.from(thrown).message;
      return null;
    } finally {
      if (reading === this.#reading) this.#loading = false;
    }
  }

  /** An alert and those below it, whatever is read for the list meanwhile. */
  async #around(id: number, limit = PAGE): Promise<AlertView[]> {
    const atMs = Date.now();
    const page = await askFor(this.#backend, 'alerts', { call: 'alerts', query: query(EVERY_ALERT, id + 1, limit) });
    return page.map((alert) => this.#marks.since(atMs, alert));
  }

  /** What it is now, where that was not heard: while the window was hidden, or the link lost. */
  async #refresh(id: number): Promise<void> {
    const [found] = await this.#around(id, 1).catch(() => []);
    if (found?.id === id) this.#change((alert) => (alert.id === id ? found : alert));
  }
}

/** The number of the first of a list that is newest first; 0 of an empty one. */
function newestOf(alerts: readonly AlertView[]): number {
  return alerts[0]?.id ?? 0;
}
