/** What comes on a stream that is saved already, told as if it were watched. */
import { plain } from './i18n/text';
import type { EventBatch, StoredEvent, TileGuess, WatchView } from './protocol';

/** How many names are told apart. */
const NAMES = 100;

/** What was heard so far of one stream. */
export interface Heard {
  readonly view: WatchView;
  /** The events of a batch that are new here, the oldest first; the first of each name is told. */
  take(batch: EventBatch, first: (event: StoredEvent) => void): StoredEvent[];
  /** Adds what a tile for events of this name could be made of. */
  offer(name: string, guess: TileGuess): void;
}

export function listening(stream: string): Heard {
  let view: WatchView = { watch: 0, phase: 'open', message: plain(''), over: false, status: 200, http: '', headerMs: null, firstEventMs: null, total: 0, names: [], events: [], omitted: 0 };
  // What is stored and what comes may overlap.
  let [least, most] = [Infinity, -Infinity];
  return {
    get view() {
      return view;
    },
    take({ events }, first) {
      const fresh = events.filter((event) => event.stream === stream && (event.seq < least || event.seq > most));
      const names = new Map(view.names.map((one) => [one.name, one]));
      for (const event of fresh) {
        [least, most] = [Math.min(least, event.seq), Math.max(most, event.seq)];
        const known = names.get(event.event);
        if (!known && names.size >= NAMES) continue;
        names.set(event.event, { name: event.event, count: (known?.count ?? 0) + 1, sample: event.data, tiles: known?.tiles ?? [] });
        if (!known) first(event);
      }
      view = { ...view, total: view.total + fresh.length, names: [...names.values()] };
      return fresh;
    },
    offer(name, guess) {
      view = { ...view, names: view.names.map((one) => (one.name === name ? { ...one, tiles: [guess] } : one)) };
    },
  };
}
