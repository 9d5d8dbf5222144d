/** Holds back what nobody can see: while the window is hidden only the newest snapshot and events are kept. */
import type { Hearer } from './backend';
import { MOST_ROWS } from './feed.svelte';
import type { AlertView, EventBatch, Link, Push, Snapshot } from './protocol';

export class Gate implements Hearer {
  readonly #hearer: Hearer;
  readonly #page: Document;
  #snapshot: Snapshot | null = null;
  #batch: EventBatch = { events: [], omitted: 0 };
  /** What became of alerts: that comes behind the events that they are of. */
  #changed = new Map<number, AlertView>();

  constructor(hearer: Hearer, page: Document) {
    this.#hearer = hearer;
    this.#page = page;
  }

  link(link: Link): void {
    this.#hearer.link(link);
  }

  push(push: Push): void {
    if (this.#page.visibilityState !== 'hidden') {
      this.#hearer.push(push);
    } else if (push.push === 'snapshot') {
      this.#snapshot = push.value;
    } else if (push.push === 'events') {
      const events = [...this.#batch.events, ...push.value.events];
      const cut = Math.max(0, events.length - MOST_ROWS);
      this.#batch = { events: events.slice(cut), omitted: this.#batch.omitted + push.value.omitted + cut };
    } else if (push.push === 'alerts') {
      for (const alert of push.value) this.#changed.set(alert.id, alert);
      for (const id of [...this.#changed.keys()].slice(0, Math.max(0, this.#changed.size - MOST_ROWS))) this.#changed.delete(id);
    } else {
      this.#hearer.push(push);
    }
  }

  /** Follows the document's visibility until the returned function is called. */
  run(): () => void {
    const follow = () => {
      if (this.#page.visibilityState !== 'hidden') this.#release();
    };
    this.#page.addEventListener('visibilitychange', follow);
    return () => this.#page.removeEventListener('visibilitychange', follow);
  }

  #release(): void {
    const [snapshot, batch, changed] = [this.#snapshot, this.#batch, [...this.#changed.values()]];
    this.#snapshot = null;
    this.#changed.clear();
    this.#batch = { events: [], omitted: 0 };
    if (batch.events.length) this.#hearer.push({ push: 'events', value: batch });
    if (changed.length) this.#hearer.push({ push: 'alerts', value: changed });
    if (snapshot) this.#hearer.push({ push: 'snapshot', value: snapshot });
  }
}
