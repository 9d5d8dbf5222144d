/** The rules in force, how often they fired, and the one that is being edited. */
import { askFor, Refusal, type Backend } from './backend';
import type { KeptRule } from './drafts';
import { ignoring, sameIgnoring } from './ignoring';
import type { RuleCount, RuleForm, RuleView, StoredEvent } from './protocol';
import { emptyRule, free } from './rule-draft';
import { RuleEditing } from './rule-editing.svelte';
import type { Streams } from './streams.svelte';

/** How it came that an event is ignored: by a rule that was added for it, was switched on, or was there. */
export interface Ignored {
  readonly rule: string;
  readonly by: 'added' | 'switched-on' | 'there';
}

/** How long alerts are awaited before the counts are read anew. */
const COUNT_MS = 1000;

export class Rules {
  readonly #backend: Backend;
  readonly #streams: Streams;
  /** What a rule is called that has neither name nor event: a word of the page. */
  nameless: () => string = () => 'Rule';
  #counts = $state.raw<ReadonlyMap<string, RuleCount>>(new Map());
  /** Whether somebody sees the counts, and whether they are about to be read. */
  #following = false;
  #counting = false;
  #editing = $state.raw<RuleEditing | null>(null);
  #sounds = $state.raw<readonly string[]>([]);
  #trouble = $state('');
  #ignoring: Promise<unknown> = Promise.resolve();

  constructor(backend: Backend, streams: Streams) {
    this.#backend = backend;
    this.#streams = streams;
  }

  /** In the order in which they are asked; null until they are known. */
  get list(): readonly RuleView[] | null {
    return this.#streams.configuration?.rules ?? null;
  }
  get names(): string[] {
    return this.list?.map(({ name }) => name) ?? [];
  }
  get editing(): RuleEditing | null {
    return this.#editing;
  }
  get trouble(): string {
    return this.#trouble;
  }

  /** The names of the desktop's sounds. */
  get sounds(): readonly string[] {
    return this.#sounds;
  }

  countOf(rule: string): RuleCount | null {
    return this.#counts.get(rule) ?? null;
  }

  /** Reads how often the rules fired, and again as alerts come, until the returned function is called. */
  followCounts(): () => void {
    this.#following = true;
    void this.loadCounts();
    return () => (this.#following = false);
  }

  /** Alerts came, or were shown: of many that come together the counts are read once. */
  alertsCame(): void {
    if (!this.#following || this.#counting) return;
    this.#counting = true;
    setTimeout(() => {
      this.#counting = false;
      if (this.#following) void this.loadCounts();
    }, COUNT_MS);
  }

  async loadCounts(): Promise<void> {
    try {
      const counts = await askFor(this.#backend, 'rule-counts', { call: 'rule-counts' });
      this.#counts = new Map(counts.map((one) => [one.rule, one]));
      this.#trouble = '';
    } catch (thrown) {
      this.#trouble = Refusal.from(thrown).message;
    }
  }

  /** Without them, a name can still be typed. */
  async loadSounds(): Promise<void> {
    this.#sounds = await askFor(this.#backend, 'sounds', { call: 'sounds' }).catch(() => []);
  }

  add(part: Partial<RuleForm> = {}): void {
    this.#editing = new RuleEditing(this.#backend, () => this.nameless(), emptyRule('', part), this.names);
  }

  /** Opens the editor with a rule suggested for events like a stored one. */
  async draft(seq: number): Promise<void> {
    const form = await askFor(this.#backend, 'rule-form', { call: 'draft-rule', seq });
    this.#editing = new RuleEditing(this.#backend, () => this.nameless(), { ...form, name: free(form.name, this.names) }, this.names);
  }

  /** Reads the file anew first, so that a change made there is not lost. */
  async edit(name: string): Promise<void> {
    await this.#streams.load();
    const rule = this.list?.find((one) => one.name === name);
    if (rule) this.#editing = new RuleEditing(this.#backend, () => this.nameless(), rule.form, this.names.filter((other) => other !== name), name, rule.text);
  }

  /** Closes the editor; what was typed and is lost by that can be had back with {@link reopen}. */
  close(): RuleEditing | null {
    const editing = this.#editing;
    this.#editing = null;
    return editing?.changed ? editing : null;
  }

  /** Goes on with what was kept; as a new one where the rule is there no more. */
  resume(kept: KeptRule): RuleEditing {
    const there = this.list?.find(({ name }) => name === kept.original);
    const others = this.names.filter((name) => name !== there?.name);
    const editing = new RuleEditing(this.#backend, () => this.nameless(), there?.form ?? emptyRule(), others, there?.name ?? null, there ? kept.base : null);
    editing.resume(kept);
    this.#editing = editing;
    return editing;
  }

  reopen(editing: RuleEditing): void {
    this.#editing = editing;
  }

  /** Saves what is being edited; the number to undo it by, or null where it was refused. */
  async save(): Promise<number | null> {
    const editing = this.#editing;
    const undo = (await editing?.save()) ?? null;
    if (undo === null) return null;
    if (this.#editing === editing) this.#editing = null;
    await this.#streams.load();
    return undo;
  }

  async remove(name: string): Promise<number> {
    return this.#edited({ call: 'remove-rule', name }, () => {
      if (this.#editing?.original === name) this.#editing = null;
    });
  }

  /** Gives a rule another place in the order, from 0. */
  async move(name: string, to: number): Promise<number> {
    return this.#edited({ call: 'move-rule', name, to });
  }

  async enable(name: string, enabled: boolean): Promise<number> {
    return this.#edited({ call: 'enable-rule', name, enabled });
  }

  /** Shows a notification as a rule that stands in the file would. */
  async test(name: string): Promise<void> {
    const rule = this.list?.find((one) => one.name === name);
    if (rule) await askFor(this.#backend, 'done', { call: 'test-notification', draft: { draft: 'form', value: rule.form }, seq: null });
  }

  /** Keeps events like one from all other rules, by the rule that says so already where there is one. One after the other: the next one sees what the last one made. */
  ignore(event: StoredEvent, name: string): Promise<Ignored> {
    const done = this.#ignoring.then(() => this.#ignore(event, name));
    this.#ignoring = done.catch(() => {});
    return done;
  }

  async #ignore(event: StoredEvent, name: string): Promise<Ignored> {
    const rule = ignoring(event, name, this.names);
    // One below a rule that tells comes too late.
    const list = this.list ?? [];
    const telling = list.findIndex(({ enabled, form }) => enabled && !form.ignore);
    const same = sameIgnoring(telling < 0 ? list : list.slice(0, telling), rule);
    if (same) {
      if (!same.enabled) await this.enable(same.name, true);
      return { rule: same.name, by: same.enabled ? 'there' : 'switched-on' };
    }
    await this.#edited({ call: 'save-rule', original: null, base: null, draft: { draft: 'form', value: rule } });
    try {
      await this.move(rule.name, 0);
    } catch (thrown) {
      await this.remove(rule.name);
      throw thrown;
    }
    return { rule: rule.name, by: 'added' };
  }

  async #edited(call: Parameters<Backend['ask']>[0], edited: () => void = () => {}): Promise<number> {
    try {
      const { undo } = await askFor(this.#backend, 'edited', call);
      edited();
      return undo;
    } finally {
      await this.#streams.load();
    }
  }
}
