/** What this person likes to see; kept by the page itself, because no other part needs it. */
import { MOST_PLACES, TILE_ORDERS, type TileOrder } from './tiles';

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
  #tileOrder = $state<TileOrder>('hand');
  #tilePlaces = $state.raw<readonly string[]>([]);
  #grouped = $state(true);
  readonly #store: Store;

  constructor(store: Store, system: string = navigator.language) {
    this.#store = store;
    const kept = read(store);
    this.#language = oneOf(LANGUAGES, kept.language, 'system');
    this.#theme = oneOf(THEMES, kept.theme, 'system');
    // In mainland China, Taiwan, Japan and Korea a rise is red.
    this.#rise = oneOf(RISES, kept.rise, /^(zh(?!-HK)|ja|ko)/i.test(system) ? 'red' : 'green');
    this.#tileOrder = oneOf(TILE_ORDERS, kept.tileOrder, 'hand');
    this.#tilePlaces = texts(kept.tilePlaces);
    this.#grouped = kept.grouped !== false;
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

  get tileOrder(): TileOrder {
    return this.#tileOrder;
  }

  set tileOrder(order: TileOrder) {
    this.#tileOrder = order;
    this.#write();
  }

  /** Which tile stands where by hand: their ids. */
  get tilePlaces(): readonly string[] {
    return this.#tilePlaces;
  }

  /** Puts the tiles where a hand wants them. */
  placeTiles(ids: readonly string[]): void {
    const elsewhere = this.#tilePlaces.filter((id) => !ids.includes(id));
    this.#tilePlaces = [...ids, ...elsewhere].slice(0, MOST_PLACES);
    this.#tileOrder = 'hand';
    this.#write();
  }

  /** Whether the alerts of a day that belong together are one line. */
  get grouped(): boolean {
    return this.#grouped;
  }

  set grouped(grouped: boolean) {
    this.#grouped = grouped;
    this.#write();
  }

  #write(): void {
    const kept = { language: this.#language, theme: this.#theme, rise: this.#rise, tileOrder: this.#tileOrder, tilePlaces: this.#tilePlaces, grouped: this.#grouped };
    try {
      this.#store.setItem(KEY, JSON.stringify(kept));
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

function texts(kept: unknown): string[] {
  return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string').slice(0, MOST_PLACES) : [];
}
