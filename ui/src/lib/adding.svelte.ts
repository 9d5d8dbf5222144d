/** A stream being added step by step: its address, what the server asks for, and what shall become of what comes. */
import { SvelteMap, SvelteSet } from 'svelte/reactivity';

import { makeAlong, type Made, type Wanted } from './adding-along';
import { nameFor, originOf } from './address';
import { askFor, Refusal, type Backend } from './backend';
import { Diagnosis } from './diagnosis.svelte';
import { emptyDraft, toDraft, toStream, wantsSecret, type Draft } from './form';
import { listening, type Heard } from './listening';
import type { AuthKind, EventBatch, FilledPreset, MoreSecrets, PresetChoice, PresetView, StoredEvent, TileGuess, WatchedEvent, WatchedName, WatchView } from './protocol';
import type { Editing } from './stream-editing.svelte';

export const STEPS = ['address', 'sign-in', 'events'] as const;
export type Step = (typeof STEPS)[number];

/** What came of adding. */
export interface Added extends Made {
  readonly name: string;
}

const LISTED = 30;
/** Numbers of watches: the page chooses them. */
let lastWatch = 0;

export class Adding {
  readonly #backend: Backend;
  readonly editing: Editing;
  /** What is wrong on the way to its server, where somebody asks. */
  readonly diagnosis: Diagnosis;
  #presets = $state.raw<readonly PresetView[]>([]);
  #preset = $state.raw<PresetView | null>(null);
  /** What was typed for the preset, by field. */
  values: Record<string, string> = $state({});
  #filled = $state.raw<FilledPreset | null>(null);
  /** What was typed before a preset made a stream of its own; null where none did. */
  #before: Draft | null = null;
  /** The preset to go on with, once it is known which there are. */
  #resumed: PresetChoice | null;
  /** Where it was connected to last: what was seen and ticked is of that alone. */
  #seenAt: string | null = null;
  /** The name that was made of that address. */
  #nameMade = '';
  /** What was seen before it was looked at anew. */
  #known = $state.raw<readonly WatchedName[]>([]);
  #step = $state<Step>('address');
  #watch = 0;
  /** What was heard of the stream itself, where it is listened to rather than watched. */
  #heard: Heard | null = null;
  #view = $state.raw<WatchView | null>(null);
  #events = $state.raw<readonly WatchedEvent[]>([]);
  #connecting = $state(false);
  #refusal = $state.raw<Refusal | null>(null);
  #askedWith = $state<'nothing' | 'secret'>('nothing');
  /** The origin of the server that asked who is there: what was typed since is for it alone. */
  #asker: string | null = null;
  #forgotten = $state(0);
  /** The name under which it was saved before its sign-in with a code. */
  #saved = $state<string | null>(null);
  #busy = $state(false);
  /** What was changed so far, in order. */
  readonly #edits: number[] = [];
  /** The event names that shall ring. */
  readonly rings = new SvelteSet<string>();
  /** The event names that shall feed tiles, with the values that were picked. */
  readonly tiles = new SvelteMap<string, TileGuess>();
  /** The rules and tiles that a preset suggests and that are wanted, as they are written. */
  readonly suggested = new SvelteSet<string>();

  constructor(backend: Backend, editing: Editing, resumed: PresetChoice | null = null) {
    this.#backend = backend;
    this.editing = editing;
    this.#resumed = resumed;
    this.diagnosis = new Diagnosis(backend);
  }

  get presets(): readonly PresetView[] {
    return this.#presets;
  }
  get preset(): PresetView | null {
    return this.#preset;
  }
  get filled(): FilledPreset | null {
    return this.#filled;
  }
  get step(): Step {
    return this.#step;
  }
  get view(): WatchView | null {
    return this.#view;
  }
  /** The names of what came, also of what came before it was looked at anew; each keeps its place. */
  get names(): readonly WatchedName[] {
    const names = new Map(this.#known.map((one) => [one.name, one]));
    for (const one of this.#view?.names ?? []) names.set(one.name, one);
    return [...names.values()];
  }
  /** The preset that was picked, with what was answered of its questions. */
  get choice(): PresetChoice | null {
    return this.#preset ? { key: this.#preset.key, values: $state.snapshot(this.values) } : this.#resumed;
  }
  /** Whether anything was typed that is not saved; a secret is not among it. */
  get changed(): boolean {
    return this.editing.changed || Object.values(this.values).some((value) => value.trim() !== '');
  }
  /** What came, newest first. */
  get events(): readonly WatchedEvent[] {
    return this.#events;
  }
  /** Whether a connection was asked for and has not answered yet. */
  get connecting(): boolean {
    return this.#connecting;
  }
  get refusal(): Refusal | null {
    return this.#refusal;
  }
  /** How often what was typed to sign in was forgotten, because the address led to another server. */
  get forgotten(): number {
    return this.#forgotten;
  }
  /** Whether the server refused what was typed, rather than asking for the first time. */
  get refused(): boolean {
    return this.#askedWith === 'secret';
  }
  get saved(): string | null {
    return this.#saved;
  }
  get busy(): boolean {
    return this.#busy;
  }

  async loadPresets(): Promise<void> {
    try {
      this.#presets = await askFor(this.#backend, 'presets', { call: 'presets' });
    } catch {
      // An address can be typed without them.
      this.#presets = [];
      return;
    }
    const resumed = this.#resumed;
    this.#resumed = null;
    const preset = resumed && this.#presets.find(({ key }) => key === resumed.key);
    if (!preset || this.#preset) return;
    this.pick(preset);
    this.#before = { ...emptyDraft(), name: this.editing.draft.name };
    for (const { key } of preset.fields) this.values[key] = resumed.values[key] ?? '';
  }

  /** Asks a preset's questions, or for the address again. Nothing stays of a preset that is left. */
  pick(preset: PresetView | null): void {
    if (this.#before) this.editing.draft = this.#before;
    this.#before = null;
    this.#preset = preset;
    this.#filled = null;
    this.#refusal = null;
    this.values = Object.fromEntries(preset?.fields.map(({ key }) => [key, '']) ?? []);
  }

  back(): void {
    this.#unwatch();
    this.diagnosis.close();
    this.#lookAnew();
    this.#step = 'address';
  }

  /** Connects with what is known; what comes of it is told by {@link take}. */
  async connect(secret: string): Promise<void> {
    this.#refusal = null;
    this.diagnosis.close();
    if (this.#step === 'address' ? !(await this.#settleAddress()) : !this.editing.check()) return;
    const { draft } = this.editing;
    const own = this.#leadsElsewhere() ? '' : secret;
    this.#askedWith = own ? 'secret' : 'nothing';
    this.#connecting = true;
    this.#lookAnew();
    this.#events = [];
    this.#watch = ++lastWatch;
    const call = { call: 'watch-stream', watch: this.#watch, original: this.#saved, stream: toStream($state.snapshot(draft)), secret: wantsSecret(draft) && own ? own : null } as const;
    try {
      await askFor(this.#backend, 'done', call);
    } catch (thrown) {
      this.#connecting = false;
      this.#refusal = Refusal.from(thrown);
    }
  }

  /** Hears what a watch has seen. */
  take(view: WatchView): void {
    if (view.watch !== this.#watch) return;
    this.#view = view;
    this.#events = [...view.events.toReversed(), ...this.#events].slice(0, LISTED);
    if (view.phase !== 'connecting') this.#connecting = false;
    if (view.phase === 'open' && this.#step !== 'events') this.#step = 'events';
    if (view.phase === 'needs-sign-in') this.#askToSignIn();
  }

  /** Signed in with a code, the stream itself is listened to: a connection beside it would spend its token. */
  async listen(): Promise<void> {
    if (this.#saved === null || this.#step !== 'sign-in') return;
    this.#unwatch();
    this.#refusal = null;
    this.#events = [];
    this.#lookAnew();
    const heard = (this.#heard = listening(this.#saved));
    this.#view = heard.view;
    this.#step = 'events';
    try {
      const query = { stream: this.#saved, event: null, sinceMs: null, untilMs: null, search: null, alerts: false, before: null, limit: LISTED };
      const events = await askFor(this.#backend, 'history', { call: 'history', query });
      if (heard === this.#heard) this.hear({ events, omitted: 0 });
    } catch {
      // What comes from now on is heard.
    }
  }

  /** Hears what came on all streams. */
  hear(batch: EventBatch): void {
    const heard = this.#heard;
    if (!heard) return;
    const fresh = heard.take(batch, (sample) => void this.#guess(heard, sample));
    const shown = fresh.map(({ atMs, event, id, data }) => ({ atMs, name: event, id, data }));
    this.#events = [...shown.reverse(), ...this.#events].sort((a, b) => b.atMs - a.atMs).slice(0, LISTED);
    this.#view = heard.view;
  }

  /** Looks what is wrong between here and the server. */
  async diagnose(seconds: number, secret: string): Promise<void> {
    const own = this.#leadsElsewhere() ? '' : secret;
    const { draft } = this.editing;
    await this.diagnosis.look(toStream($state.snapshot(draft)), seconds, { original: this.#saved, secret: wantsSecret(draft) && own ? own : null });
  }

  /** Goes on without having seen an event stream: some servers are only up at times. */
  skip(): void {
    this.#connecting = false;
    this.#unwatch();
    this.#step = 'events';
  }

  /** Saves the stream, so that it can be signed in to with a code. */
  async saveForCode(): Promise<string | null> {
    // Each time: what was at fault may have been typed anew.
    if (!(await this.#save('', undefined))) return null;
    this.#saved = this.editing.draft.name.trim();
    return this.#saved;
  }

  /** Saves the stream with the rules and tiles that were ticked; null where it was refused. */
  async finish(secret: string, takenRules: readonly string[], { more }: { more?: MoreSecrets } = {}): Promise<Added | null> {
    if (this.#busy) return null;
    const elsewhere = this.#leadsElsewhere();
    const own = elsewhere ? '' : secret;
    // The secret that was accepted is gone with its field, as when another view was looked at: it is asked for again.
    if (this.#askedWith === 'secret' && !own && this.#saved === null && wantsSecret(this.editing.draft)) {
      this.#unwatch();
      this.#askedWith = 'nothing';
      this.#asker = originOf(this.editing.draft.url);
      this.#step = 'sign-in';
      return null;
    }
    this.#busy = true;
    try {
      if (!(await this.#save(own, elsewhere ? undefined : more))) return null;
      await this.#keep();
      const name = this.editing.draft.name.trim();
      const made = await makeAlong(this.#backend, name, this.#wanted, takenRules);
      made.edits.forEach((edit) => this.#changed(edit));
      return { name, ...made, edits: this.#edits };
    } finally {
      this.#busy = false;
    }
  }

  close(): void {
    this.#unwatch();
  }

  /** The link to the resident is lost, and with it what it watched. A stream that is saved already is heard again after it. */
  lost(): void {
    if (this.#heard) return;
    this.#unwatch();
    if (this.#view) this.#view = { ...this.#view, over: true };
  }

  /** What was ticked. */
  get #wanted(): Wanted {
    const suggested = (texts: readonly string[] = []) => texts.filter((text) => this.suggested.has(text));
    return {
      ruleTexts: suggested(this.#filled?.rules),
      tileTexts: suggested(this.#filled?.tiles),
      rings: this.names.filter(({ name }) => this.rings.has(name)),
      tiles: [...this.tiles],
    };
  }

  /** Saves the stream; whether it could be. */
  async #save(secret: string, more: MoreSecrets | undefined): Promise<boolean> {
    const edit = await this.editing.save(this.#backend, secret, { original: this.#saved, more });
    if (edit !== null) this.#changed(edit);
    return edit !== null;
  }

  /** Where nothing was changed there is nothing to undo. */
  #changed(edit: number): void {
    if (edit) this.#edits.push(edit);
  }

  /** What a preset makes of what was typed, or the address itself; false where it cannot be. */
  async #settleAddress(): Promise<boolean> {
    if (this.#preset) {
      try {
        const choice = { key: this.#preset.key, values: $state.snapshot(this.values) };
        this.#filled = await askFor(this.#backend, 'filled-preset', { call: 'fill-preset', choice });
      } catch (thrown) {
        this.#refusal = Refusal.from(thrown);
        return false;
      }
      this.#before ??= $state.snapshot(this.editing.draft);
      this.#arrive(toDraft(this.#filled.stream), this.#filled.stream.name);
    } else {
      this.#arrive(this.editing.draft, nameFor(this.editing.draft.url));
    }
    return this.editing.check();
  }

  /** Has the address that is connected to, with the name it suggests where nobody gave one. */
  #arrive(draft: Draft, name: string): void {
    const given = this.editing.draft.name;
    const isGiven = given.trim() !== '' && given !== this.#nameMade;
    const at = placeOf(draft);
    // What else was filled in since is of the same place.
    if (at !== placeOf(this.editing.draft)) this.editing.draft = draft;
    this.editing.nameFreely(isGiven ? given : name);
    if (!isGiven) this.#nameMade = this.editing.draft.name;
    if (at === this.#seenAt) return;
    this.#seenAt = at;
    this.#known = [];
    this.rings.clear();
    this.tiles.clear();
    this.suggested.clear();
    for (const text of [...(this.#filled?.rules ?? []), ...(this.#filled?.tiles ?? [])]) this.suggested.add(text);
  }

  /** What was seen so far stays to be chosen from. */
  #lookAnew(): void {
    this.#known = this.names;
    this.#view = null;
  }

  /** Whether the address leads to another server by now than the one that asked: what was typed for that one is not for this one. */
  #leadsElsewhere(): boolean {
    if (this.#asker === null || this.#asker === originOf(this.editing.draft.url)) return false;
    this.#asker = null;
    this.#forgotten += 1;
    return true;
  }

  #askToSignIn(): void {
    this.#step = 'sign-in';
    this.#asker = originOf(this.editing.draft.url);
    this.editing.uncheck();
    const { draft } = this.editing;
    const usual = this.#preset?.auth.find(({ kind }) => kind !== 'none');
    if (draft.authKind !== 'none') return;
    draft.authKind = usual?.kind ?? ('bearer' satisfies AuthKind);
    draft.authName = usual?.name ?? '';
  }

  /** What a tile could be made of, for events like one. */
  async #guess(heard: Heard, { seq, event }: StoredEvent): Promise<void> {
    try {
      const { key, value } = await askFor(this.#backend, 'tile-form', { call: 'draft-tile', seq });
      heard.offer(event, { key: key ?? '/symbol', value: value ?? '/price' });
      if (heard === this.#heard) this.#view = heard.view;
    } catch {
      // There is no number in it.
    }
  }

  /** What was seen while it was added are the stream's first events: a quiet server may not send another for hours. */
  async #keep(): Promise<void> {
    const watch = this.#watch;
    if (watch && this.#saved === null) {
      try {
        await askFor(this.#backend, 'done', { call: 'keep-watched', watch, stream: this.editing.draft.name.trim() });
      } catch {
        // The stream is there all the same.
      }
    }
    this.#unwatch();
  }

  #unwatch(): void {
    const watch = this.#watch;
    this.#watch = 0;
    this.#heard = null;
    this.#connecting = false;
    if (watch) this.#backend.ask({ call: 'unwatch-stream', watch }).catch(() => {});
  }
}

/** What makes a stream another one: its address, and the preset that asks there for one thing among others. */
function placeOf({ url, preset }: Draft): string {
  return JSON.stringify([url, preset]);
}
