/** A stream that is being added or edited: as a form or as text. */
import { askFor, Refusal, type Backend } from './backend';
import { completed, type KeptStream } from './drafts';
import { emptyDraft, faults, toDraft, toStream, wantsSecret, type Draft, type Faults } from './form';
import type { Fault, MoreSecrets, StreamTextView, TestReport, Text } from './protocol';
import { free } from './rule-draft';
import { isNothing, secretHeader } from './secret-form';
import { byPlace, retypedAt, type Place } from './stream-faults';

/** What was typed with a form; it is handed on and stays nowhere. */
interface Secrets {
  readonly main: string;
  readonly more: MoreSecrets | undefined;
}

type Busy = 'no' | 'saving' | 'testing' | 'turning';

/** A form that is open: for a new stream, or for the one named. */
export class Editing {
  readonly original: string | null;
  readonly #taken: readonly string[];
  readonly #before: string;
  /** The text that stands for what was read; null where it was changed before it was shown as text. */
  #textBefore: string | null = null;
  readonly hadSecret: boolean;
  draft: Draft = $state(emptyDraft());
  /** The stream as it is written, while it is shown so. */
  text = $state('');
  #mode = $state<'form' | 'text'>('form');
  /** Its text in the file when it was first shown as text. */
  #base: string | null = null;
  #textFaults = $state.raw<readonly Fault[]>([]);
  #told = $state.raw<ReadonlyMap<Place, Text>>(new Map());
  #asked = 0;
  #shown = $state(false);
  #busy = $state<Busy>('no');
  #report = $state.raw<TestReport | null>(null);
  #refusal = $state.raw<Refusal | null>(null);

  constructor(original: string | null, draft: Draft, taken: readonly string[]) {
    this.original = original;
    this.draft = draft;
    this.#before = JSON.stringify(draft);
    this.#taken = taken;
    this.hadSecret = original !== null && wantsSecret(draft);
  }

  /** What is kept of it over the window's end; nothing of what was written as text. */
  get kept(): Pick<KeptStream, 'original' | 'draft'> | null {
    if (this.#mode === 'text' || this.draft.written !== null) return null;
    return { original: this.original, draft: $state.snapshot(this.draft) };
  }

  /** Goes on with what was kept. */
  resume({ draft }: KeptStream, file: Draft | null): void {
    // The rows are told apart by numbers of this window.
    const own = { ...draft, secretHeaders: draft.secretHeaders.map(({ name, place }) => secretHeader(name, place)) };
    this.draft = file ? completed(own, file) : own;
  }

  /** Whether anything was typed that is not saved; a secret is not among it. */
  get changed(): boolean {
    return this.#mode === 'text' ? this.text !== this.#textBefore : JSON.stringify(this.draft) !== this.#before;
  }
  get faults(): Faults {
    return this.#shown ? faults(this.draft, this.#taken) : {};
  }
  /** What the resident would not have when it was last asked, by field. */
  get told(): ReadonlyMap<Place, Text> {
    return this.#told;
  }
  get mode(): 'form' | 'text' {
    return this.#mode;
  }
  /** What is wrong with the text. */
  get textFaults(): readonly Fault[] {
    return this.#textFaults;
  }
  get busy(): Busy {
    return this.#busy;
  }
  get report(): TestReport | null {
    return this.#report;
  }
  get refusal(): Refusal | null {
    return this.#refusal;
  }
  /** The name it has. */
  get savedAs(): string {
    return this.draft.name.trim();
  }

  /** Gives it this name, or one like it that no other stream has. */
  nameFreely(name: string): void {
    this.draft.name = name && free(name, this.#taken);
  }

  /** Other fields are asked for than were checked: what is wrong with them shows once they are. */
  uncheck(): void {
    this.#shown = false;
  }

  /** Whether it could be saved; what is wrong shows from then on. */
  check(): boolean {
    this.#shown = true;
    return Object.keys(this.faults).length === 0;
  }

  /** Saves; the number to undo it by, or null where it was refused. Secrets pass through and stay nowhere. */
  async save(backend: Backend, secret: string, { original = this.original, more }: { original?: string | null; more?: MoreSecrets | undefined } = {}): Promise<number | null> {
    const done = await this.#attempt(backend, 'saving', async () => {
      // What it is called, and whether it can be saved at all, only the resident can read from a text.
      if (this.#mode === 'text' && !(await this.#read(backend))) return null;
      const base = this.#base === null ? {} : { base: this.#base };
      const { undo } = await askFor(backend, 'edited', { call: 'save-stream', ...this.#question(secret, more), original, ...base });
      return undo;
    }, { main: secret, more });
    return done?.value ?? null;
  }

  /** Connects once with what stands here. */
  async test(backend: Backend, secret: string, more?: MoreSecrets): Promise<void> {
    const report = await this.#attempt(backend, 'testing', () =>
      askFor(backend, 'tested', { call: 'test-stream', ...this.#question(secret, more) }),
      { main: secret, more },
    );
    this.#report = report?.value ?? null;
  }

  /** Shows the other face of the same stream; stays where the text is at fault. */
  async turn(backend: Backend, mode: 'form' | 'text'): Promise<void> {
    if (mode === this.#mode || this.#busy !== 'no') return;
    this.#busy = 'turning';
    this.#refusal = null;
    try {
      if (mode === 'form') {
        if (await this.#read(backend)) this.#mode = 'form';
        return;
      }
      const view = await this.#ask(backend);
      if (!view.text) {
        this.#told = byPlace(view.faults, this.draft);
        return;
      }
      this.#textBefore = this.changed ? null : view.text;
      this.text = view.text;
      this.#base ??= view.base;
      this.#textFaults = view.faults;
      this.#mode = 'text';
    } catch (thrown) {
      this.#refusal = Refusal.from(thrown);
    } finally {
      this.#busy = 'no';
    }
  }

  /** Looks what is wrong with the text. */
  async checkText(backend: Backend): Promise<void> {
    if (this.#mode !== 'text') return;
    const asked = ++this.#asked;
    try {
      const { faults } = await this.#ask(backend);
      if (asked === this.#asked) this.#textFaults = faults;
    } catch {
      // It is asked again when it is saved.
    }
  }

  /** Takes the text into the fields, where nothing is wrong with it. */
  async #read(backend: Backend): Promise<boolean> {
    this.#asked += 1;
    const { form, faults } = await this.#ask(backend);
    this.#textFaults = faults;
    if (form) this.draft = toDraft(form, this.draft);
    return form !== null;
  }

  #ask(backend: Backend): Promise<StreamTextView> {
    return askFor(backend, 'stream-text', { call: 'stream-text', original: this.original, stream: this.#stream() });
  }

  #stream() {
    return this.#mode === 'text' ? this.text : toStream($state.snapshot(this.draft));
  }

  #question(secret: string, more?: MoreSecrets) {
    const secrets = more && !isNothing(more) ? { secrets: more } : {};
    return { original: this.original, stream: this.#stream(), secret: wantsSecret(this.draft) && secret ? secret : null, ...secrets };
  }

  /** Learns at which fields it stands what was refused; where nothing is wrong with them, it is about the `secrets` that were typed, or were not. */
  async #locate(backend: Backend, refused: Refusal, secrets: Secrets | undefined): Promise<void> {
    try {
      const { form, faults } = await this.#ask(backend);
      this.#told = byPlace(faults, this.draft);
      const place = form && secrets && this.original !== null ? retypedAt(this.draft, JSON.parse(this.#before), secrets.main, secrets.more) : null;
      if (place) this.#told = new Map([[place, refused.text]]);
    } catch {
      // Then it is said of the form as a whole.
    }
  }

  async #attempt<T>(backend: Backend, what: Busy, act: () => Promise<T>, secrets?: Secrets): Promise<{ value: T } | null> {
    this.#shown = true;
    this.#report = null;
    this.#refusal = null;
    this.#told = new Map();
    if (this.#busy !== 'no') return null;
    if (this.#mode === 'form' && Object.keys(faults(this.draft, this.#taken)).length) return null;
    this.#busy = what;
    try {
      return { value: await act() };
    } catch (thrown) {
      this.#refusal = Refusal.from(thrown);
      if (this.#refusal.code === 'invalid' && this.#mode === 'form') await this.#locate(backend, this.#refusal, secrets);
      return null;
    } finally {
      this.#busy = 'no';
    }
  }
}
