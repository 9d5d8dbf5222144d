/** What holds for everything: read with the configuration, changed a bit at a time, and every change can be taken back. */
import { askFor, Refusal, type Backend } from './backend';
import type { Notice } from './notices.svelte';
import type { Look } from './preferences.svelte';
import type { Configuration, Diagnosis, QuietHoursView, SettingsChange, SilenceMatcher, StartAtLogin, StoredSecret } from './protocol';
import type { Streams } from './streams.svelte';

/** What the page says of it. */
export interface SettingsWords {
  readonly saved: string;
  readonly quietSaved: string;
  readonly silenced: string;
  readonly secretForgotten: string;
}

export class Settings {
  readonly #backend: Backend;
  readonly #streams: Streams;
  readonly #tell: (notice: Notice) => void;
  /** Whether the form for a silence is open. */
  silencing = $state(false);
  #startAtLogin = $state.raw<StartAtLogin | null>(null);
  #secrets = $state.raw<readonly StoredSecret[] | null>(null);
  #secretsTrouble = $state('');
  #listingSecrets = $state(false);
  #diagnosis = $state.raw<Diagnosis | null>(null);
  #windowVersion = $state('');
  #trouble = $state('');
  #refused = $state.raw<{ readonly field: keyof SettingsChange; readonly message: string } | null>(null);
  /** What was painted and may not be in the file yet. */
  #painted = $state.raw<readonly QuietHoursView[] | null>(null);
  #saving: Promise<void> | null = null;
  /** Which look was refused, and why: it is tried again and again, and told once. */
  readonly #refusedLook = new Map<string, string>();

  constructor(backend: Backend, streams: Streams, tell: (notice: Notice) => void) {
    this.#backend = backend;
    this.#streams = streams;
    this.#tell = tell;
  }

  get configuration(): Configuration | null {
    return this.#streams.configuration;
  }
  get quietHours(): readonly QuietHoursView[] {
    return this.#painted ?? this.configuration?.quietHours ?? [];
  }
  /** The setting whose last change was refused, and why. */
  get refused(): { readonly field: keyof SettingsChange; readonly message: string } | null {
    return this.#refused;
  }
  get startAtLogin(): StartAtLogin | null {
    return this.#startAtLogin;
  }
  /** Whose secrets are in the keyring; null until somebody asked. */
  get secrets(): readonly StoredSecret[] | null {
    return this.#secrets;
  }
  /** Why the keyring does not tell. */
  get secretsTrouble(): string {
    return this.#secretsTrouble;
  }
  /** Whether it is being asked: it may wait for its prompt to be answered. */
  get listingSecrets(): boolean {
    return this.#listingSecrets;
  }
  get diagnosis(): Diagnosis | null {
    return this.#diagnosis;
  }
  /** The version of the window itself; empty while it is not known. */
  get windowVersion(): string {
    return this.#windowVersion;
  }
  /** Why the configuration could not be read. */
  get trouble(): string {
    return this.#streams.trouble;
  }
  /** Why the program did not tell of itself. */
  get untold(): string {
    return this.#trouble;
  }

  /** Reads what the program says of itself; the configuration is read by who shows the view. */
  async load(): Promise<void> {
    this.#windowVersion = await this.#backend.version();
    try {
      [this.#startAtLogin, this.#diagnosis] = await Promise.all([
        askFor(this.#backend, 'start-at-login', { call: 'start-at-login' }),
        askFor(this.#backend, 'diagnosis', { call: 'diagnosis' }),
      ]);
      this.#trouble = '';
    } catch (thrown) {
      this.#trouble = Refusal.from(thrown).message;
    }
  }

  /** The text of a fresh diagnosis. @throws Refusal */
  async diagnose(): Promise<string> {
    this.#diagnosis = await askFor(this.#backend, 'diagnosis', { call: 'diagnosis' });
    return this.#diagnosis.text;
  }

  async reload(): Promise<void> {
    await Promise.all([this.#streams.load(), this.load()]);
  }

  change(change: Partial<SettingsChange>, words: SettingsWords): void {
    void this.#save({ ...NOTHING, ...change }, words);
  }

  /** Writes how the window looks, where it can be seen. Gives back what was refused, which is told. */
  async saveLook(change: Partial<Look>): Promise<Partial<Look>> {
    const names = Object.keys(change) as (keyof Look)[];
    try {
      await askFor(this.#backend, 'edited', { call: 'save-settings', change: { ...NOTHING, ...change } });
      for (const name of names) this.#refusedLook.delete(name);
      return {};
    } catch (thrown) {
      const [only, another] = names;
      // Each by itself, so that none is in the way of another.
      if (another) {
        const refused: Partial<Look> = {};
        for (const name of names) Object.assign(refused, await this.saveLook({ [name]: change[name] }));
        return refused;
      }
      const { message } = Refusal.from(thrown);
      const refused = JSON.stringify([change, message]);
      if (only && refused !== this.#refusedLook.get(only)) {
        this.#refusedLook.set(only, refused);
        this.#tell({ text: message });
      }
      return change;
    }
  }

  /** Sets the quiet hours. What is painted while an older painting is being saved is saved after it, as one. */
  paint(hours: readonly QuietHoursView[], words: SettingsWords): void {
    this.#painted = hours;
    this.#saving ??= this.#savePainted(words).finally(() => (this.#saving = null));
  }

  /** Asks the keyring whose secrets it holds. */
  async listSecrets(): Promise<void> {
    if (this.#listingSecrets) return;
    this.#listingSecrets = true;
    try {
      this.#secrets = await askFor(this.#backend, 'stored-secrets', { call: 'stored-secrets' });
      this.#secretsTrouble = '';
    } catch (thrown) {
      this.#secrets = null;
      this.#secretsTrouble = Refusal.from(thrown).message;
    } finally {
      this.#listingSecrets = false;
    }
  }

  /** Deletes one of them, for good. */
  async forgetSecret(account: string, words: SettingsWords): Promise<void> {
    try {
      await askFor(this.#backend, 'done', { call: 'forget-secret', account });
      this.#tell({ text: words.secretForgotten });
      await this.listSecrets();
    } catch (thrown) {
      this.#secretsTrouble = Refusal.from(thrown).message;
    }
  }

  setStartAtLogin(enabled: boolean): void {
    this.#attempt(async () => {
      await askFor(this.#backend, 'done', { call: 'set-start-at-login', enabled });
      await this.load();
    });
  }

  /** Shows no alert that matches for so long. */
  silence(matcher: SilenceMatcher, seconds: number, comment: string, words: SettingsWords): Promise<boolean> {
    return this.#attempt(async () => {
      const { id } = await askFor(this.#backend, 'silenced', { call: 'silence', matcher, seconds, comment });
      const undo = () => void this.#attempt(() => askFor(this.#backend, 'done', { call: 'unsilence', silence: id }));
      this.#tell({ text: words.silenced, undo });
    });
  }

  /** Saves; a refusal stands at the setting. */
  async #save(change: SettingsChange, words: SettingsWords): Promise<void> {
    this.#refused = null;
    try {
      this.#edited(await askFor(this.#backend, 'edited', { call: 'save-settings', change }), words.saved);
    } catch (thrown) {
      const field = (Object.keys(change) as (keyof SettingsChange)[]).find((key) => change[key] !== null);
      if (field) this.#refused = { field, message: Refusal.from(thrown).message };
      void this.#streams.load();
    }
  }

  async #savePainted(words: SettingsWords): Promise<void> {
    let undo: { undo: number } | null = null;
    let hours = this.#painted;
    try {
      while (hours) {
        const base = [...(this.configuration?.quietHours ?? [])];
        undo = await askFor(this.#backend, 'edited', { call: 'save-quiet-hours', base, hours: [...hours] });
        await this.#streams.load();
        const next: readonly QuietHoursView[] | null = this.#painted;
        hours = next === hours ? null : next;
      }
      if (undo) this.#edited(undo, words.quietSaved);
    } catch (thrown) {
      this.#tell({ text: Refusal.from(thrown).message });
      await this.#streams.load();
    } finally {
      this.#painted = null;
    }
  }

  /** Tells what was done, with the way back. */
  #edited({ undo: edit }: { undo: number }, text: string): void {
    void this.#streams.load();
    this.#tell({ text, ...(edit === 0 ? {} : { undo: () => void this.#attempt(() => this.#streams.undo(edit)) }) });
  }

  async #attempt(act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (thrown) {
      this.#tell({ text: Refusal.from(thrown).message });
      void this.#streams.load();
      return false;
    }
  }
}

const NOTHING: SettingsChange = {
  language: null, timeoutLow: null, timeoutNormal: null, timeoutCritical: null, soundGapMs: null, maxAgeS: null, maxEvents: null, outage: null,
  allowCommands: null, sounds: null, theme: null, rise: null, tileOrder: null, tilePlaces: null, groupAlerts: null,
};
