/** What this person likes to see; kept by the page itself, because no other part needs it. */
export type LanguageChoice = 'system' | 'en' | 'zh';
export type ThemeChoice = 'system' | 'light' | 'dark';
export type RiseChoice = 'green' | 'red';

const KEY = 'streambell.preferences';
const LANGUAGES: readonly LanguageChoice[] = ['system', 'en', 'zh'];
const THEMES: readonly ThemeChoice[] = ['system', 'light', 'dark'];
const RISES: readonly RiseChoice[] = ['green', 'red'];

type Store = Pick<Storage, 'getItem' | 'setItem'>;

export class Preferences {
  #language = $state<LanguageChoice>('system');
  #theme = $state<ThemeChoice>('system');
  #rise = $state<RiseChoice>('green');
  readonly #store: Store;

  constructor(store: Store, system: string = navigator.language) {
    this.#store = store;
    const kept = read(store);
    this.#language = oneOf(LANGUAGES, kept.language, 'system');
    this.#theme = oneOf(THEMES, kept.theme, 'system');
    // In mainland China, Taiwan, Japan and Korea a rise is red.
    this.#rise = oneOf(RISES, kept.rise, /^(zh(?!-HK)|ja|ko)/i.test(system) ? 'red' : 'green');
  }

  get language(): LanguageChoice {
    return this.#language;
  }

  set language(choice: LanguageChoice) {
    this.#language = choice;
    this.#write();
  }

  get theme(): ThemeChoice {
    return this.#theme;
  }

  set theme(choice: ThemeChoice) {
    this.#theme = choice;
    this.#write();
  }

  get rise(): RiseChoice {
    return this.#rise;
  }

  set rise(choice: RiseChoice) {
    this.#rise = choice;
    this.#write();
  }

  #write(): void {
    try {
      this.#store.setItem(KEY, JSON.stringify({ language: this.#language, theme: this.#theme, rise: this.#rise }));
    } catch {
      // A full or forbidden store costs the choice at the next start, nothing now.
    }
  }
}

function read(store: Store): Record<string, unknown> {
  try {
    const kept: unknown = JSON.parse(store.getItem(KEY) ?? '{}');
    return typeof kept === 'object' && kept !== null ? { ...kept } : {};
  } catch {
    return {};
  }
}

function oneOf<T extends string>(choices: readonly T[], kept: unknown, otherwise: T): T {
  return choices.find((choice) => choice === kept) ?? otherwise;
}
