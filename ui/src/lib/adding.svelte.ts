/** A stream being added step by step: its address, what the server asks for, and what shall become of what comes. */
import { SvelteMap, SvelteSet } from 'svelte/reactivity';

import { askFor, Refusal, type Backend } from './backend';
import { toDraft, toStream, wantsSecret } from './form';
import { plain } from './i18n/text';
import { listening, type Heard } from './listening';
import type { AuthKind, EventBatch, FilledPreset, MoreSecrets, PresetView, RuleForm, StoredEvent, Text, TileGuess, WatchedEvent, WatchView } from './protocol';
import { free, suggestRule } from './rule-draft';
import type { Editing } from './stream-editing.svelte';

export const STEPS = ['address', 'sign-in', 'events'] as const;
export type Step = (typeof STEPS)[number];

/** What came of adding. */
export interface Added {
  readonly name: string;
  readonly rules: number;
  readonly tiles: number;
  /** Why something of it could not be made; null where all was. */
  readonly trouble: Text | null;
}

const LISTED = 30;
/** Numbers of watches: the page chooses them. */
let lastWatch = 0;

export class Adding {
  readonly #backend: Backend;
  readonly editing: Editing;
  #presets = $state.raw<readonly PresetView[]>([]);
  #preset = $state.raw<PresetView | null>(null);
  /** What was typed for the preset, by field. */
  values: Record<string, string> = $state({});
  #filled = $state.raw<FilledPreset | null>(null);
  #step = $state<Step>('address');
  #watch = 0;
  /** What was heard of the stream itself, where it is listened to rather than watched. */
  #heard: Heard | null = null;
  #view = $state.raw<WatchView | null>(null);
  #events = $state.raw<readonly WatchedEvent[]>([]);
  #connecting = $state(false);
  #refusal = $state.raw<Refusal | null>(null);
  #askedWith = $state<'nothing' | 'secret'>('nothing');
  /** The name under which it was saved before its sign-in with a code. */
  #saved = $state<string | null>(null);
  #busy = $state(false);
  /** The event names that shall ring. */
  readonly rings = new SvelteSet<string>();
  /** The event names that shall feed tiles, with the values that were picked. */
  readonly tiles = new SvelteMap<string, TileGuess>();
  /** The rules and tiles that a preset suggests and that are wanted, as they are written. */
  readonly suggested = new SvelteSet<string>();

  constructor(backend: Backend, editing: Editing) {
    this.#backend = backend;
    this.editing = editing;
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
    }
  }

  pick(preset: PresetView | null): void {
    this.#preset = preset;
    this.#filled = null;
    this.#refusal = null;
    this.values = Object.fromEntries(preset?.fields.map(({ key }) => [key, '']) ?? []);
  }

  back(): void {
    this.#unwatch();
    this.#view = null;
    this.#step = 'address';
  }

  /** Connects with what is known; what comes of it is told by {@link take}. */
  async connect(secret: string): Promise<void> {
    this.#refusal = null;
    if (this.#step === 'address' ? !(await this.#settleAddress()) : !this.editing.check()) return;
    const { draft } = this.editing;
    this.#askedWith = secret ? 'secret' : 'nothing';
    this.#connecting = true;
    this.#view = null;
    this.#events = [];
    this.#watch = ++lastWatch;
    const call = { call: 'watch-stream', watch: this.#watch, original: this.#saved, stream: toStream($state.snapshot(draft)), secret: wantsSecret(draft) && secret ? secret : null } as const;
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
    const heard = (this.#heard = listening(this.#saved));
    this.#view = heard.view;
    this.#step = 'events';
    try {
      const query = { stream: this.#saved, event: null, sinceMs: null, search: null, alerts: false, before: null, limit: LISTED };
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

  /** Goes on without having seen an event stream: some servers are only up at times. */
  skip(): void {
    this.#connecting = false;
    this.#unwatch();
    this.#step = 'events';
  }

  /** Saves the stream, so that it can be signed in to with a code. */
  async saveForCode(): Promise<string | null> {
    // Each time: what was at fault may have been typed anew.
    if ((await this.editing.save(this.#backend, '', { original: this.#saved })) === null) return null;
    this.#saved = this.editing.draft.name.trim();
    return this.#saved;
  }

  /** Saves the stream with the rules and tiles that were ticked; null where it was refused. */
  async finish(secret: string, takenRules: readonly string[], { more }: { more?: MoreSecrets } = {}): Promise<Added | null> {
    if (this.#busy) return null;
    // The secret that was accepted is gone with its field, as when another view was looked at: it is asked for again.
    if (this.#askedWith === 'secret' && !secret && this.#saved === null && wantsSecret(this.editing.draft)) {
      this.#unwatch();
      this.#askedWith = 'nothing';
      this.#step = 'sign-in';
      return null;
    }
    this.#busy = true;
    try {
      if ((await this.editing.save(this.#backend, secret, { original: this.#saved, more })) === null) return null;
      await this.#keep();
      return await this.#make(this.editing.draft.name.trim(), takenRules);
    } finally {
      this.#busy = false;
    }
  }

  close(): void {
    this.#unwatch();
  }

  async #make(name: string, takenRules: readonly string[]): Promise<Added> {
    const taken = [...takenRules];
    const added = { name, rules: 0, tiles: 0, trouble: null as Text | null };
    const attempt = async (what: 'rules' | 'tiles', act: () => Promise<unknown>) => {
      try {
        await act();
        added[what] += 1;
      } catch (thrown) {
        added.trouble ??= Refusal.from(thrown).text;
      }
    };
    for (const text of this.#filled?.rules ?? []) {
      if (this.suggested.has(text)) await attempt('rules', async () => taken.push(await this.#saveRuleText(text, name, taken)));
    }
    for (const text of this.#filled?.tiles ?? []) {
      if (this.suggested.has(text)) await attempt('tiles', () => this.#importTile(text, name));
    }
    for (const { name: event, sample } of this.#view?.names ?? []) {
      if (!this.rings.has(event)) continue;
      const rule = suggestRule(name, event, sample, taken);
      taken.push(rule.name);
      await attempt('rules', () => this.#saveRule(rule));
    }
    for (const [event, guess] of this.tiles) {
      const tile = { stream: name, event, key: guess.key, value: guess.value, change: null };
      await attempt('tiles', () => askFor(this.#backend, 'edited', { call: 'save-tile', original: null, tile }));
    }
    return added;
  }

  async #saveRule(rule: RuleForm): Promise<void> {
    await askFor(this.#backend, 'edited', { call: 'save-rule', original: null, base: null, draft: { draft: 'form', value: rule } });
  }

  /** Saves a suggested rule for the stream as it is called now; the rule's name. */
  async #saveRuleText(text: string, stream: string, taken: readonly string[]): Promise<string> {
    const { form, faults } = await askFor(this.#backend, 'rule-text', { call: 'rule-text', original: null, base: null, draft: { draft: 'text', value: text } });
    if (!form) throw new Refusal('invalid', faults[0]?.message ?? plain(''));
    const rule = { ...form, name: free(form.name, taken), streams: form.streams.length ? [stream] : [] };
    await this.#saveRule(rule);
    return rule.name;
  }

  /** Adds a suggested tile for the stream as it is called now. */
  async #importTile(text: string, stream: string): Promise<void> {
    const own = text.replace(/^stream\s*=.*$/m, `stream = ${JSON.stringify(stream)}`);
    const { faults } = await askFor(this.#backend, 'imported', { call: 'import', text: `version = 1\n\n${own}`, apply: true });
    if (faults[0]) throw new Refusal('invalid', faults[0].message);
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
      const { name } = this.editing.draft;
      this.editing.draft = toDraft(this.#filled.stream);
      this.editing.nameFreely(name || this.editing.draft.name);
      this.suggested.clear();
      for (const text of [...this.#filled.rules, ...this.#filled.tiles]) this.suggested.add(text);
    } else if (!this.editing.draft.name.trim()) {
      this.editing.nameFreely(nameFor(this.editing.draft.url));
    }
    return this.editing.check();
  }

  #askToSignIn(): void {
    this.#step = 'sign-in';
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

const COMMON = new Set(['www', 'api', 'app', 'events', 'event', 'stream', 'streams', 'sse', 'live', 'push']);

/** A short name for an address: what tells its host from others. */
export function nameFor(url: string): string {
  let host: string;
  try {
    host = new URL(url.trim()).hostname;
  } catch {
    return '';
  }
  if (/^[\d.]+$|^\[/.test(host)) return host;
  const labels = host.split('.');
  return labels.find((label, at) => !COMMON.has(label) && (at < labels.length - 1 || at === 0)) ?? host;
}
