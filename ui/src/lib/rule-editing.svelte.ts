/** The rule that is being written: as a form or as text, with what it would have done so far. */
import { askFor, Refusal, type Backend } from './backend';
import type { KeptRule } from './drafts';
import { asIgnoring, asTelling } from './ignoring';
import type { Fault, PreviewReport, RuleDraft, RuleForm, StoredEvent, Text, TriggerForm } from './protocol';
import { emptyRule, free } from './rule-draft';
import { countOf, fieldsOf, NO_SLIPS, numbersOf, slipsOf, typedOf, withNumbers, type Slips, type Typed } from './rule-typed';
import { literally } from './silencing';

/** How many events are looked at for names and fields. */
const LEARNED = 500;

export class RuleEditing {
  readonly #backend: Backend;
  /** The rule's name in the file; null for a new one. */
  readonly original: string | null;
  /** Its text as it was read. */
  readonly #base: string | null;
  readonly #before: string;
  /** The text that stands for what was read; null where it was changed before it was shown as text. */
  #textBefore: string | null = null;
  readonly #taken: readonly string[];
  readonly #nameless: () => string;
  /** What it said before it was made to ignore. */
  #told: RuleForm | null = null;
  /** What the fields mean; what is {@link typed} in some of them may mean nothing, and then is not saved. */
  form: RuleForm = $state(null!);
  #typed: Typed = $state.raw(null!);
  /** The condition that somebody is at. */
  #at = $state<number | null>(null);
  /** Whether it was tried to save what stands here. */
  #checked = $state(false);
  text = $state('');
  #mode = $state<'form' | 'text'>('form');
  #busy = $state<'no' | 'saving' | 'testing' | 'turning'>('no');
  #refusal = $state.raw<Refusal | null>(null);
  #tested = $state(false);
  #preview = $state.raw<PreviewReport | null>(null);
  #faults = $state.raw<readonly Fault[]>([]);
  #samples = $state.raw<ReadonlyMap<string, StoredEvent>>(new Map());
  #sampleBefore: StoredEvent | null = null;
  readonly #sample = $derived.by(() => {
    const [first] = this.form.events;
    this.#sampleBefore = [...this.#samples.values()].find(({ event }) => first === undefined || literally(event) === first) ?? this.#sampleBefore;
    return this.#sampleBefore;
  });
  #asked = 0;
  /** Counts the looks at what came, so that an answer about another stream is dropped. */
  #learning = 0;

  /** `taken` are the names of the other rules; `nameless` says what one is called that has neither name nor event. */
  constructor(backend: Backend, nameless: () => string, form: RuleForm, taken: readonly string[], original: string | null = null, base: string | null = null) {
    this.#backend = backend;
    this.#nameless = nameless;
    this.#taken = taken;
    this.form = structuredClone(form);
    this.#typed = typedOf(form);
    this.#before = JSON.stringify(form);
    this.original = original;
    this.#base = base;
  }

  /** What is kept of it over the window's end. */
  get kept(): KeptRule {
    return { original: this.original, base: this.#base, form: $state.snapshot(this.form), typed: this.#typed, text: this.#mode === 'text' ? this.text : null };
  }

  /** Goes on with what was kept. */
  resume({ form, typed, text }: KeptRule): void {
    this.form = structuredClone(form);
    this.#typed = typed;
    if (text === null) return;
    [this.text, this.#mode] = [text, 'text'];
  }

  get mode(): 'form' | 'text' {
    return this.#mode;
  }
  get busy(): 'no' | 'saving' | 'testing' | 'turning' {
    return this.#busy;
  }
  get refusal(): Refusal | null {
    return this.#refusal;
  }
  /** Whether a test notification was shown for what stands here now. */
  get tested(): boolean {
    return this.#tested;
  }
  get preview(): PreviewReport | null {
    return this.#preview;
  }
  get faults(): readonly Fault[] {
    return this.#faults;
  }
  /** What it is called while nobody has named it: after its event. */
  get suggestedName(): string {
    const [event] = this.form.events;
    return free(event && /^[\w.:-]{1,48}$/.test(event) ? event : this.#nameless(), this.#taken);
  }
  get draft(): RuleDraft {
    if (this.#mode === 'text') return { draft: 'text', value: this.text };
    return { draft: 'form', value: { ...$state.snapshot(this.form), name: this.form.name.trim() || this.suggestedName } };
  }
  /** Whether anything was typed that is not saved. */
  get changed(): boolean {
    return this.#mode === 'text' ? this.text !== this.#textBefore : JSON.stringify(this.form) !== this.#before || countOf(this.slips) > 0;
  }
  /** Whether there is anything to save. */
  get dirty(): boolean {
    return this.original === null || this.changed;
  }

  /** The newest event of each name that came of late on the rule's stream, by name. */
  get samples(): ReadonlyMap<string, StoredEvent> {
    return this.#samples;
  }
  /** An event such as the rule is about; while a name is typed that none has, the one before. Null where none came of late. */
  get sample(): StoredEvent | null {
    return this.#sample;
  }

  /** What stands in the fields of numbers and conditions, as it was typed. */
  get typed(): Typed {
    return this.#typed;
  }
  /** What of it means nothing: until that is mended, nothing is saved. */
  get slips(): Slips {
    return this.#mode === 'form' ? slipsOf(this.#typed, this.form) : NO_SLIPS;
  }
  /** What of it is marked: all but the condition that somebody is at, until it is tried to save it. */
  get marked(): Slips {
    const { slips } = this;
    return this.#checked ? slips : { ...slips, rows: slips.rows.map((slip, at) => (at === this.#at ? null : slip)) };
  }
  /** How much there is to mend. */
  get toMend(): number {
    return this.#faults.length + countOf(this.marked);
  }

  /** Takes what is typed; the form gets what it means. */
  type(part: Partial<Typed>): void {
    this.#typed = { ...this.#typed, ...part };
    if (part.rows) this.form.fields = fieldsOf(part.rows);
    else this.form.trigger = withNumbers(this.form.trigger, this.#typed);
  }

  /** Somebody is at a condition, or at none. */
  work(at: number | null): void {
    this.#at = at;
  }

  /** Has it ring at something else. */
  ring(trigger: TriggerForm): void {
    this.form.trigger = trigger;
    this.#typed = { ...this.#typed, ...numbersOf(trigger) };
  }

  /** Makes it a rule that ignores, or one that tells, as it did before. */
  ignore(on: boolean): void {
    const form = $state.snapshot(this.form);
    if (on) this.#told = form;
    this.form = on ? asIgnoring(form) : asTelling(form, this.#told);
    this.#typed = { ...this.#typed, ...numbersOf(this.form.trigger) };
  }

  /** What is wrong with a key of the form. */
  wrong(field: string): Text | undefined {
    return this.#mode === 'form' ? this.#faults.find((fault) => fault.field === field)?.message : undefined;
  }

  /** What is wrong and has no field to stand at: with the text, or with the rule as a whole. */
  get otherFaults(): readonly Fault[] {
    return this.#mode === 'text' ? this.#faults : this.#faults.filter(({ field }) => field === null);
  }

  /** Looks what came of late, so that names and fields can be picked rather than typed. */
  async learn(): Promise<void> {
    const [stream = null] = this.form.streams.length === 1 ? this.form.streams : [];
    const query = { stream, event: null, sinceMs: null, untilMs: null, search: null, alerts: false, before: null, limit: LEARNED };
    const learning = ++this.#learning;
    // Without any they are typed.
    const events = await askFor(this.#backend, 'history', { call: 'history', query }).catch(() => []);
    if (learning !== this.#learning) return;
    this.#sampleBefore = null;
    this.#samples = new Map(events.map((event) => [event.event, event]));
  }

  /** Tries what stands here on what came last. */
  async try(): Promise<void> {
    this.#asked += 1;
    this.#tested = false;
    const asked = this.#asked;
    try {
      const preview = await askFor(this.#backend, 'preview', { call: 'preview-rule', original: this.original, draft: this.draft });
      if (asked !== this.#asked) return;
      this.#faults = preview.faults;
      // What was found last stays to be seen until it can be found anew: of a rule that says what stands here.
      if (!preview.faults.length && !countOf(this.slips)) this.#preview = preview;
      this.#refusal = null;
    } catch (thrown) {
      if (asked === this.#asked) this.#refusal = Refusal.from(thrown);
    }
  }

  /** Shows the other face of the same rule; stays where the text is no rule. */
  async turn(mode: 'form' | 'text'): Promise<void> {
    if (mode === this.#mode || !this.#check()) return;
    const view = await this.#attempt('turning', () =>
      askFor(this.#backend, 'rule-text', { call: 'rule-text', original: this.original, base: this.#mode === 'form' ? (this.text || this.#base) : null, draft: this.draft }),
    );
    if (!view) return;
    this.#faults = view.faults;
    if (mode === 'text') {
      this.#textBefore = this.changed ? null : view.text;
      this.text = view.text;
    } else if (view.form) [this.form, this.#typed] = [view.form, typedOf(view.form)];
    else return;
    this.#mode = mode;
  }

  /** Shows a notification as this rule would, of an event or of the newest there is. */
  async test(seq: number | null = null): Promise<void> {
    if (!this.#check()) return;
    const done = await this.#attempt('testing', () => askFor(this.#backend, 'done', { call: 'test-notification', draft: this.draft, seq }).then(() => true));
    this.#tested = done === true;
  }

  /** Plays the rule's sound the way its notifications do: with one. */
  async hear(title: string, body: string): Promise<void> {
    const { sound, urgency } = this.form;
    const draft: RuleDraft = { draft: 'form', value: emptyRule('sound', { title, body, sound, urgency: urgency === 'critical' ? urgency : null }) };
    await this.#attempt('testing', () => askFor(this.#backend, 'done', { call: 'test-notification', draft, seq: null }));
  }

  /** Saves; the number to undo it by, or null where it was refused. */
  async save(): Promise<number | null> {
    if (!this.#check()) return null;
    const edited = await this.#attempt('saving', () =>
      askFor(this.#backend, 'edited', { call: 'save-rule', original: this.original, base: this.#base, draft: this.draft }),
    );
    return edited?.undo ?? null;
  }

  /** Whether all that was typed means something; what does not is marked. */
  #check(): boolean {
    this.#checked = true;
    return countOf(this.slips) === 0;
  }

  async #attempt<T>(what: 'saving' | 'testing' | 'turning', act: () => Promise<T>): Promise<T | null> {
    if (this.#busy !== 'no') return null;
    this.#busy = what;
    this.#refusal = null;
    this.#tested = false;
    try {
      return await act();
    } catch (thrown) {
      this.#refusal = Refusal.from(thrown);
      return null;
    } finally {
      this.#busy = 'no';
    }
  }
}
