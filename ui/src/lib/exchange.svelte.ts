/** Streams, rules and tiles on their way out and in, as a text without secrets. */
import { askFor, Refusal, type Backend } from './backend';
import type { Configuration, ImportReport, ItemForm, ItemKind } from './protocol';
import type { Streams } from './streams.svelte';

export const KINDS: readonly ItemKind[] = ['stream', 'rule', 'tile'];
/** What the resident takes at most. */
const LONGEST = 1_048_576;

/** All of a kind that can be given away, in the order of the file. */
export function itemsOf(kind: ItemKind, { streams, rules, tiles }: Pick<Configuration, 'streams' | 'rules' | 'tiles'>): ItemForm[] {
  if (kind === 'stream') return streams.map(({ name }) => ({ kind, name }));
  if (kind === 'rule') return rules.map(({ name }) => ({ kind, name }));
  return tiles.map((tile) => ({ kind, tile }));
}

export class Exchange {
  readonly #backend: Backend;
  readonly #streams: Streams;
  #open = $state<'no' | 'export' | 'import'>('no');
  #text = $state('');
  #report = $state.raw<ImportReport | null>(null);
  #trouble = $state('');
  #tooLong = $state(false);
  #busy = $state(false);
  #asked = 0;

  constructor(backend: Backend, streams: Streams) {
    this.#backend = backend;
    this.#streams = streams;
  }

  get open(): 'no' | 'export' | 'import' {
    return this.#open;
  }
  /** What is given away. */
  get text(): string {
    return this.#text;
  }
  /** What an import would do, or did. */
  get report(): ImportReport | null {
    return this.#report;
  }
  get trouble(): string {
    return this.#trouble;
  }
  get tooLong(): boolean {
    return this.#tooLong;
  }
  get busy(): boolean {
    return this.#busy;
  }

  close(): void {
    this.#forget('no');
  }

  startImport(): void {
    this.#forget('import');
  }

  /** Keeps it as a file. Says where that is; null where only the browser knows. */
  save(): Promise<string | null> {
    return this.#backend.saveText('streambell.toml', this.#text);
  }

  /** All of these kinds, or only these of them. */
  async export(kinds: readonly ItemKind[], items: readonly ItemForm[] | null = null): Promise<void> {
    this.#forget('export');
    if (!kinds.length || items?.length === 0) return;
    await this.#attempt(async () => {
      const { text } = await askFor(this.#backend, 'exported', { call: 'export', kinds: [...kinds], names: [], items: items && [...items] });
      return () => (this.#text = text);
    });
  }

  /** Says what an import would do, and does nothing. */
  async rehearse(text: string): Promise<void> {
    this.#forget('import');
    this.#tooLong = text.length > LONGEST;
    if (!text.trim() || this.#tooLong) return;
    await this.#import(text, false);
  }

  async import(text: string): Promise<void> {
    await this.#import(text, true);
    await this.#streams.load();
  }

  async #import(text: string, apply: boolean): Promise<void> {
    await this.#attempt(async () => {
      const report = await askFor(this.#backend, 'imported', { call: 'import', text, apply });
      return () => (this.#report = report);
    });
  }

  async #attempt(act: () => Promise<() => void>): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    this.#busy = true;
    this.#trouble = '';
    try {
      const take = await act();
      if (asked === this.#asked) take();
    } catch (thrown) {
      if (asked === this.#asked) this.#trouble = Refusal.from(thrown).message;
    } finally {
      if (asked === this.#asked) this.#busy = false;
    }
  }

  #forget(open: 'no' | 'export' | 'import'): void {
    this.#asked += 1;
    this.#open = open;
    this.#text = '';
    this.#report = null;
    this.#trouble = '';
    this.#tooLong = false;
    this.#busy = false;
  }
}
