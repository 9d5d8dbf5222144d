/** A stream that the fake resident pretends to look at; the words in its address choose what happens. */
import type { Call, WatchedEvent, WatchView } from '../protocol';
import { streamOf } from './stream-text';

type Start = Extract<Call, { call: 'watch-stream' }>;

export class Watch {
  readonly #push: (view: WatchView) => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #view: WatchView | null = null;

  constructor(push: (view: WatchView) => void) {
    this.#push = push;
  }

  /** `secret` in the address wants a token, `page` answers with a page, `silent` sends nothing, `empty` has nothing to send, `refused` is not there. */
  start({ watch, stream: draft, secret, original }: Start): void {
    clearInterval(this.#timer);
    const stream = streamOf(draft);
    const { url } = stream;
    this.#tell({ watch, phase: 'connecting', message: { en: 'connecting', zh: '正在连接' }, over: false, status: null, http: '', headerMs: null, firstEventMs: null, total: 0, names: [], events: [], omitted: 0 });
    const opened = { status: 200, http: '2', headerMs: 34 };
    let ticks = 0;
    this.#timer = setInterval(() => {
      ticks += 1;
      if (url.includes('refused')) this.#end({ phase: 'refused', message: { en: 'cannot reach localhost:9: connection refused', zh: '无法连接 localhost:9：连接被拒绝' } });
      else if (url.includes('empty')) this.#end({ phase: 'refused', status: 204, message: { en: 'the server answers 204 No Content: it wants no further connection', zh: '服务器返回 204：不希望再有连接' } });
      else if (url.includes('page')) this.#end({ phase: 'not-a-stream', status: 200, message: { en: 'the answer is text/html, not text/event-stream', zh: '应答是 text/html，而不是 text/event-stream' } });
      else if ((url.includes('secret') || stream.auth.kind !== 'none') && secret === null && original === null)
        this.#end({ phase: 'needs-sign-in', status: 401, message: { en: 'the server answers 401 Unauthorized: it wants to know who asks', zh: '服务器返回 401：需要登录' } });
      else if (ticks > 60) this.#end({ phase: 'done', message: { en: 'a minute is over', zh: '一分钟到了' } });
      else this.#see(url.includes('silent') ? [] : [price(ticks), ...(ticks % 7 === 3 ? [alert(ticks)] : [])], { phase: 'open', message: { en: 'the server answers with an event stream', zh: '服务器返回了事件流' }, ...opened });
    }, 900);
  }

  stop(watch: number): void {
    if (this.#view?.watch === watch) clearInterval(this.#timer);
  }

  #see(events: WatchedEvent[], change: Partial<WatchView>): void {
    const view = this.#view;
    if (!view) return;
    const names = [...view.names];
    for (const { name, data } of events) {
      const at = names.findIndex((one) => one.name === name);
      const tiles = name === 'price-update' ? [{ key: '/symbol', value: '/price' }] : [];
      if (at < 0) names.push({ name, count: 1, sample: data, tiles });
      else names[at] = { name, count: names[at]!.count + 1, sample: data, tiles };
    }
    this.#tell({ ...view, ...change, events, names, total: view.total + events.length, firstEventMs: view.firstEventMs ?? (events.length ? 410 : null) });
  }

  #end(change: Partial<WatchView>): void {
    clearInterval(this.#timer);
    if (this.#view) this.#tell({ ...this.#view, ...change, events: [], over: true });
  }

  #tell(view: WatchView): void {
    this.#view = view;
    this.#push(view);
  }
}

function price(tick: number): WatchedEvent {
  const symbol = ['BTC', 'ETH', 'ACME'][tick % 3];
  return { atMs: Date.now(), name: 'price-update', id: String(tick), data: JSON.stringify({ symbol, price: 100 + tick, volume: tick * 10 }) };
}

function alert(tick: number): WatchedEvent {
  return { atMs: Date.now(), name: 'market-alert', id: `a${tick}`, data: JSON.stringify({ symbol: 'BTC', change_pct: 3.4, message: 'Moved more than usual.' }) };
}
