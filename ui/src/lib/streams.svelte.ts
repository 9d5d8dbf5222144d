/** All that is configured, and the one stream that is being added or edited. */
import { Adding } from './adding.svelte';
import { askFor, Refusal, type Backend } from './backend';
import type { KeptStream } from './drafts';
import { emptyDraft, toDraft } from './form';
import type { Configuration, MoreSecrets, PresetChoice } from './protocol';
import { keepsSecret } from './secret-form';
import { Editing } from './stream-editing.svelte';

/** A form that was closed with something in it. */
export interface Unsaved {
  readonly editing: Editing;
  /** Whether the stream was being added step by step. */
  readonly inSteps: boolean;
  /** The preset that was picked for it; its answers may say what is a secret, and stay in the window. */
  readonly choice: PresetChoice | null;
}

/** What that is called: by its name, or by what was typed first. */
export function calledOf({ editing: { original, draft }, choice }: Unsaved): string {
  return original ?? [draft.name, draft.url, ...Object.values(choice?.values ?? {})].map((text) => text.trim()).find(Boolean) ?? '';
}

/** What goes with a stream that is removed. */
export interface Going {
  /** How many rules and tiles are about it alone. */
  readonly rules: number;
  readonly tiles: number;
  /** Whether the keyring may hold anything for it. */
  readonly secret: boolean;
}

export class Streams {
  readonly #backend: Backend;
  /** Told of the configuration whenever it was read. */
  onread: (configuration: Configuration) => void = () => {};
  #configuration = $state.raw<Configuration | null>(null);
  #editing = $state.raw<Editing | null>(null);
  #adding = $state.raw<Adding | null>(null);
  #trouble = $state('');

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  get configuration(): Configuration | null {
    return this.#configuration;
  }
  get editing(): Editing | null {
    return this.#editing;
  }
  /** A stream being added step by step. */
  get adding(): Adding | null {
    return this.#adding;
  }
  get trouble(): string {
    return this.#trouble;
  }

  async load(): Promise<void> {
    try {
      this.#configuration = await askFor(this.#backend, 'configuration', { call: 'configuration' });
      this.onread(this.#configuration);
      this.#trouble = '';
    } catch (thrown) {
      this.#trouble = Refusal.from(thrown).message;
    }
  }

  /** What is open for a stream and has something in it that is not saved. */
  get unsaved(): Unsaved | null {
    const [adding, editing] = [this.#adding, this.#editing ?? this.#adding?.editing];
    return editing && (adding ?? editing).changed ? { editing, inSteps: adding !== null, choice: adding?.choice ?? null } : null;
  }

  /** Starts adding a stream step by step, or goes on with it. */
  add(): void {
    if (!this.#adding) this.#addWith(new Editing(null, emptyDraft(), this.#names()));
  }

  /** Goes on with all fields at once; what was typed so far stays, but for the secret. */
  addByHand(): void {
    const editing = this.#adding?.editing ?? new Editing(null, emptyDraft(), this.#names());
    this.close();
    this.#editing = editing;
  }

  async edit(name: string): Promise<void> {
    this.close();
    await this.load();
    const stream = this.#configuration?.streams.find((one) => one.name === name);
    if (stream) this.#editing = new Editing(name, toDraft(stream), this.#names().filter((other) => other !== name));
  }

  /** Closes what is open; what was typed and is lost by that, but for the secret, can be had back with {@link reopen}. */
  close(): Unsaved | null {
    const unsaved = this.unsaved;
    this.#adding?.close();
    this.#adding = null;
    this.#editing = null;
    return unsaved;
  }

  /** Goes on with what was kept; as a new one where the stream is there no more. */
  resume(kept: KeptStream): Unsaved {
    const there = this.#configuration?.streams.find(({ name }) => name === kept.original);
    const file = there ? toDraft(there) : null;
    const editing = new Editing(there?.name ?? null, file ?? emptyDraft(), this.#names().filter((name) => name !== there?.name));
    editing.resume(kept, file);
    const unsaved = { editing, inSteps: kept.inSteps, choice: null };
    this.reopen(unsaved);
    return unsaved;
  }

  reopen({ editing, inSteps, choice }: Unsaved): void {
    if (inSteps) this.#addWith(editing, choice);
    else this.#editing = editing;
  }

  /** Saves what is being edited; its name now and the number to undo it by, or null where it was refused. */
  async save(secret: string, more?: MoreSecrets): Promise<{ name: string; undo: number } | null> {
    const editing = this.#editing;
    const undo = (await editing?.save(this.#backend, secret, { more })) ?? null;
    if (!editing || undo === null) return null;
    if (this.#editing === editing) this.#editing = null;
    await this.load();
    return { name: editing.savedAs, undo };
  }

  async test(secret: string, more?: MoreSecrets): Promise<void> {
    await this.#editing?.test(this.#backend, secret, more);
  }

  /** Shows the other face of what is being edited. */
  async show(mode: 'form' | 'text'): Promise<void> {
    await this.#editing?.turn(this.#backend, mode);
  }

  /** Looks what is wrong with the text that is being written. */
  async checkText(): Promise<void> {
    await this.#editing?.checkText(this.#backend);
  }

  /** What would go with a stream. What is not known may be in the keyring. */
  goingWith(name: string): Going {
    const { streams = [], rules = [], tiles = [] } = this.#configuration ?? {};
    const form = streams.find((one) => one.name === name);
    return {
      rules: rules.filter(({ form }) => form.streams.length === 1 && form.streams[0] === name).length,
      tiles: tiles.filter(({ stream }) => stream === name).length,
      secret: !form || keepsSecret(form),
    };
  }

  /** Removes a stream, and its secret; the number to undo it by. */
  async remove(name: string): Promise<number> {
    const { undo } = await askFor(this.#backend, 'edited', { call: 'remove-stream', name });
    if (this.#editing?.original === name) this.#editing = null;
    await this.load();
    return undo;
  }

  /** Has a stream connected, or no longer; the number to undo it by, or null where there is no such stream. */
  turn(name: string, enabled: boolean): Promise<number | null> {
    return this.#change(name, { enabled }, null);
  }

  /** Stores a new secret for a stream, which then connects with it. */
  async renewSecret(name: string, secret: string): Promise<void> {
    await this.#change(name, {}, secret);
  }

  /** Takes back edits of the file that were made in this order. */
  async undo(...edits: readonly number[]): Promise<void> {
    try {
      for (const edit of edits.toReversed()) await askFor(this.#backend, 'edited', { call: 'undo', edit });
    } finally {
      await this.load();
    }
  }

  async #change(name: string, part: { enabled?: boolean }, secret: string | null): Promise<number | null> {
    await this.load();
    const stream = this.#configuration?.streams.find((one) => one.name === name);
    if (!stream) return null;
    const { undo } = await askFor(this.#backend, 'edited', { call: 'save-stream', original: name, stream: { ...stream, ...part }, secret });
    await this.load();
    return undo;
  }

  #addWith(editing: Editing, choice: PresetChoice | null = null): void {
    this.close();
    this.#adding = new Adding(this.#backend, editing, choice);
    void this.#adding.loadPresets();
  }

  #names(): string[] {
    return this.#configuration?.streams.map(({ name }) => name) ?? [];
  }
}
