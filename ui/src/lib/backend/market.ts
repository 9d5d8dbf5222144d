/** A small market for the fake backend: prices that wander, and now and then an alert. */
import type { AlertView, StoredEvent, TileView, Urgency } from '../protocol';

/** `feed`: which entry of the configuration makes its tile. */
type Quote = readonly [symbol: string, price: number, decimals: number, feed?: number];

const QUOTES: readonly Quote[] = [
  ['BTC', 64210.5, 1],
  ['ETH', 3120.42, 2],
  ['ACME', 101.2, 2],
  ['EUR/USD', 1.0842, 4],
  ['GOLD', 2388.1, 1, 1],
];
const MOST_KEPT = 5000;

export class Market {
  readonly tiles: TileView[];
  readonly events: StoredEvent[] = [];
  readonly alerts: AlertView[] = [];
  /** The same market at each start, so that pictures can be compared. */
  readonly #random = chance(7);
  #seq = 0;
  #alertId = 0;

  readonly #quotes: readonly Quote[];

  /** `connectedAt`: so many minutes ago the streams were connected again. */
  constructor(now: number, quotes = QUOTES, connectedAt = 0) {
    this.#quotes = quotes;
    this.tiles = quotes.map(([key, price, decimals, feed = 0]) => ({
      feed, stream: 'market', key, keyed: true, label: null, unit: null, text: price.toFixed(decimals), value: price, changePct: 0, change: 0, trend: 'flat', atMs: now, spark: [price],
    }));
    for (let minutes = 70; minutes > 0; minutes -= 0.25) {
      if (minutes === connectedAt) this.interrupt();
      this.tick(now - minutes * 60_000);
    }
  }

  /** One moment: a price moves, at times the clock of the server ticks or something calls for attention. */
  tick(now: number, live: ReadonlySet<string> = new Set(['market', 'ops'])): StoredEvent[] {
    const at = Math.floor(this.#random() * this.#quotes.length);
    const came = live.has('market') ? [this.#price(at, now)] : [];
    if (live.has('ops') && (this.#seq % 6 === 0 || !came.length)) came.push(this.#add('ops', 'server-time', { now: new Date(now).toISOString(), load: [0.4, 0.3, 0.2] }, now));
    if (live.has('market') && this.#seq % 41 === 0) came.push(this.#marketAlert(at, now));
    if (this.#seq % 97 === 0) came.push(this.#backupMissing(now));
    return came;
  }

  /** The streams are connected again: the lines of the tiles break. */
  interrupt(): void {
    this.tiles.forEach((tile, at) => (this.tiles[at] = { ...tile, spark: [...tile.spark, null].slice(-120) }));
  }

  markRead(ids: readonly number[]): void {
    this.alerts.forEach((alert, at) => {
      if (!ids.length || ids.includes(alert.id)) this.alerts[at] = { ...alert, read: true };
    });
  }

  /** Takes back that alerts are read, or only that they are acknowledged. */
  takeBack(ids: readonly number[], read: boolean): void {
    this.alerts.forEach((alert, at) => {
      if (!ids.includes(alert.id)) return;
      const noted = alert.answer === 'acknowledged';
      this.alerts[at] = { ...alert, read: !read && alert.read, answer: noted ? '' : alert.answer, answeredAtMs: noted ? null : alert.answeredAtMs };
    });
  }

  acknowledge(ids: readonly number[]): void {
    this.alerts.forEach((alert, at) => {
      if (ids.includes(alert.id)) this.alerts[at] = { ...alert, read: true, answer: 'acknowledged', answeredAtMs: Date.now() };
    });
  }

  #price(at: number, now: number): StoredEvent {
    const [symbol, first, decimals] = this.#quotes[at]!;
    const before = this.tiles[at]!;
    const price = (before.value ?? first) * (1 + (this.#random() - 0.495) * 0.006);
    const value = Number(price.toFixed(decimals));
    this.tiles[at] = {
      ...before, text: price.toFixed(decimals), value, atMs: now, changePct: (value / first - 1) * 100, change: value - first,
      trend: value > (before.value ?? first) ? 'up' : 'down', spark: [...before.spark, value].slice(-120),
    };
    return this.#add('market', 'price-update', { symbol, price: value, volume: Math.floor(this.#random() * 900), venue: 'XDEMO' }, now);
  }

  #marketAlert(at: number, now: number): StoredEvent {
    const { key, text, changePct } = this.tiles[at]!;
    const change = `${(changePct ?? 0) < 0 ? '−' : '+'}${Math.abs(changePct ?? 0).toFixed(1)} %`;
    const data = { symbol: key, price: text, change_pct: changePct, message: 'Moved more than usual within the last hour.' };
    const event = this.#add('market', 'market-alert', data, now);
    this.#alert(event, 'Market alert', `${key} ${change} in an hour`, `${data.message} Now at ${text}.`, this.#alertId % 3 ? 'normal' : 'critical', 'https://example.com/quotes', key);
    return event;
  }

  #backupMissing(now: number): StoredEvent {
    const event = this.#add('ops', 'backup-missing', { host: 'files-01.internal.example.com', due: '03:30', '说明': '备份没有按时完成' }, now);
    this.#alert(event, 'Backup overdue', 'Backup did not come by 03:30', 'files-01.internal.example.com has sent nothing since yesterday evening.', 'low', '', '');
    return event;
  }

  #add(stream: string, event: string, data: object, now: number): StoredEvent {
    const seq = ++this.#seq;
    const stored: StoredEvent = { seq, atMs: now, stream, event, id: `${stream}-${seq}`, data: JSON.stringify(data), alerts: [] };
    this.events.push(stored);
    if (this.events.length > MOST_KEPT) this.events.shift();
    return stored;
  }

  #alert(event: StoredEvent, rule: string, title: string, body: string, urgency: Urgency, link: string, group: string): void {
    const id = ++this.#alertId;
    const suppressed = id % 5 === 4;
    const alert: AlertView = {
      id, seq: event.seq, atMs: event.atMs, stream: event.stream, event: event.event, rule, title, body, urgency, group, link,
      state: suppressed ? 'suppressed' : 'shown', reason: suppressed ? 'throttled' : '', read: id < 4, shownAtMs: suppressed ? null : event.atMs + 90, resolvedAtMs: null, value: '', answer: '', answeredAtMs: null,
    };
    event.alerts.push(alert);
    this.alerts.unshift(alert);
    if (this.alerts.length > MOST_KEPT) this.alerts.pop();
  }
}

/** Numbers from 0 to 1 that seem to come by chance, the same ones for the same seed (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
