/** All that is configured, and the one stream that is being added or edited. */
import { Adding } from './adding.svelte';
import { askFor, Refusal, type Backend } from './backend';
import { emptyDraft, faults, toDraft, toStream, wantsSecret, type Draft, type Faults } from './form';
import type { Configuration, TestReport } from './protocol';
import { free } from './rule-draft';

/** A form that is open: for a new stream, or for the one named. */
export class Editing {
  readonly original: string | null;
  readonly #taken: readonly string[];
  readonly #before: string;
  readonly hadSecret: boolean;
  draft: Draft = $state(emptyDraft());
  #shown = $state(false);
  #busy = $state<'no' | 'saving' | 'testing'>('no');
  #report = $state.raw<TestReport | null>(null);
  #refusal = $state.raw<Refusal | null>(null);

  constructor(original: string | null, draft: Draft, taken: readonly string[]) {
    this.original = original;
    this.draft = draft;
    this.#before = JSON.stringify(draft);
    this.#taken = taken;
    this.hadSecret = original !== null && wantsSecret(draft);
  }

  /** Whether anything was typed that is not saved; a secret is not among it. */
  get changed(): boolean {
    return JSON.stringify(this.draft) !== this.#before;
  }
  get faults(): Faults {
    return this.#shown ? faults(this.draft, this.#taken) : {};
  }
  get busy(): 'no' | 'saving' | 'testing' {
    return this.#busy;
  }
  get report(): TestReport | null {
    return this.#report;
  }
  get refusal(): Refusal | null {
    return this.#refusal;
  }

  /** Gives it this name, or one like it that no other stream has. */
  nameFreely(name: string): void {
    this.draft.name = name && free(name, this.#taken);
  }

  /** Whether it could be saved; what is wrong shows from then on. */
  check(): boolean {
    this.#shown = true;
    return Object.keys(this.faults).length === 0;
  }

  /** Saves; true when it is done. The secret passes through and stays nowhere. */
  async save(backend: Backend, secret: string, original: string | null = this.original): Promise<boolean> {
    const done = await this.#attempt('saving', () =>
      askFor(backend, 'done', { call: 'save-stream', ...this.#question(secret), original }),
    );
    return done !== null;
  }

  /** Connects once with what stands in the form. */
  async test(backend: Backend, secret: string): Promise<void> {
    const report = await this.#attempt('testing', () =>
      askFor(backend, 'tested', { call: 'test-stream', ...this.#question(secret) }),
    );
    this.#report = report?.value ?? null;
  }

  #question(secret: string) {
    return { original: this.original, stream: toStream($state.snapshot(this.draft)), secret: wantsSecret(this.draft) && secret ? secret : null };
  }

  async #attempt<T>(what: 'saving' | 'testing', act: () => Promise<T>): Promise<{ value: T } | null> {
    this.#shown = true;
    this.#report = null;
    this.#refusal = null;
    if (this.#busy !== 'no' || Object.keys(faults(this.draft, this.#taken)).length) return null;
    this.#busy = what;
    try {
      return { value: await act() };
    } catch (thrown) {
      this.#refusal = Refusal.from(thrown);
      return null;
    } finally {
      this.#busy = 'no';
    }
  }
}

/** A form that was closed with something in it. */
export interface Unsaved {
  readonly editing: Editing;
  /** Whether the stream was being added step by step. */
  readonly inSteps: boolean;
}

export class Streams {
  readonly #backend: Backend;
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
      this.#trouble = '';
    } catch (thrown) {
      this.#trouble = Refusal.from(thrown).message;
    }
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
    const [editing, adding] = [this.#editing ?? this.#adding?.editing, this.#adding];
    adding?.close();
    this.#adding = null;
    this.#editing = null;
    return editing?.changed ? { editing, inSteps: adding !== null } : null;
  }

  reopen({ editing, inSteps }: Unsaved): void {
    if (inSteps) this.#addWith(editing);
    else this.#editing = editing;
  }

  /** Saves what is being edited; the name it was saved under, or null where it was refused. */
  async save(secret: string): Promise<string | null> {
    const editing = this.#editing;
    if (!editing || !(await editing.save(this.#backend, secret))) return null;
    if (this.#editing === editing) this.#editing = null;
    await this.load();
    return editing.draft.name.trim();
  }

  async test(secret: string): Promise<void> {
    await this.#editing?.test(this.#backend, secret);
  }

  /** Removes a stream, and its secret; the number to undo it by. */
  async remove(name: string): Promise<number> {
    const { undo } = await askFor(this.#backend, 'edited', { call: 'remove-stream', name });
    if (this.#editing?.original === name) this.#editing = null;
    await this.load();
    return undo;
  }

  /** Has a stream connected, or no longer. */
  async turn(name: string, enabled: boolean): Promise<void> {
    await this.#change(name, { enabled }, null);
  }

  /** Stores a new secret for a stream, which then connects with it. */
  async renewSecret(name: string, secret: string): Promise<void> {
    await this.#change(name, {}, secret);
  }

  /** Takes back an edit of the file. */
  async undo(edit: number): Promise<void> {
    await askFor(this.#backend, 'edited', { call: 'undo', edit });
    await this.load();
  }

  async #change(name: string, part: { enabled?: boolean }, secret: string | null): Promise<void> {
    await this.load();
    const stream = this.#configuration?.streams.find((one) => one.name === name);
    if (!stream) return;
    await askFor(this.#backend, 'done', { call: 'save-stream', original: name, stream: { ...stream, ...part }, secret });
    await this.load();
  }

  #addWith(editing: Editing): void {
    this.close();
    this.#adding = new Adding(this.#backend, editing);
    void this.#adding.loadPresets();
  }

  #names(): string[] {
    return this.#configuration?.streams.map(({ name }) => name) ?? [];
  }
}
