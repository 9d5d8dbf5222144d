/** How well each stream has been connected, and the connections of the one that is looked at. */
import { askFor, Refusal, type Backend } from './backend';
import type { ConnectionView, UptimeView } from './protocol';

const LISTED = 100;
/** How long what was asked is good enough where nothing else happens. */
export const REFRESH_MS = 30_000;

export class Connections {
  readonly #backend: Backend;
  #uptimes = $state.raw<ReadonlyMap<string, UptimeView>>(new Map());
  #looked = $state<string | null>(null);
  #list = $state.raw<readonly ConnectionView[] | null>(null);
  #trouble = $state('');
  /** Asked while something was asked already: many connections may come and go at once. */
  #asking: Promise<void> | null = null;
  #stale = false;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** The stream that is looked at. */
  get looked(): string | null {
    return this.#looked;
  }
  /** Its connections, newest first; null while they are asked for. */
  get list(): readonly ConnectionView[] | null {
    return this.#list;
  }
  get trouble(): string {
    return this.#trouble;
  }

  of(stream: string): UptimeView | null {
    return this.#uptimes.get(stream) ?? null;
  }

  /** Asks for all there is to see now; what happens meanwhile is asked for after it, once. */
  load(): Promise<void> {
    this.#stale = true;
    this.#asking ??= this.#ask().finally(() => (this.#asking = null));
    return this.#asking;
  }

  async #ask(): Promise<void> {
    while (this.#stale) {
      this.#stale = false;
      const looked = this.#looked;
      try {
        const uptimes = await askFor(this.#backend, 'uptime', { call: 'uptime' });
        this.#uptimes = new Map(uptimes.map((one) => [one.stream, one]));
        if (looked !== null) {
          const list = await askFor(this.#backend, 'connections', { call: 'connections', stream: looked, limit: LISTED });
          if (this.#looked === looked) this.#list = list;
        }
        this.#trouble = '';
      } catch (thrown) {
        this.#trouble = Refusal.from(thrown).message;
      }
    }
  }

  async look(stream: string): Promise<void> {
    if (this.#looked !== stream) this.#list = null;
    this.#looked = stream;
    await this.load();
  }

  close(): void {
    this.#looked = null;
    this.#list = null;
  }
}
