/** What this person likes to see. The configuration says it; the page keeps it too, so that its first frame is right. */
import type { DashboardForm, SettingsForm } from './protocol';
import { MOST_PLACES, placeOf, TILE_ORDERS, tileId, type TileOrder } from './tiles';

export type LanguageChoice = 'system' | 'en' | 'zh';
export type ThemeChoice = 'system' | 'light' | 'dark';
export type RiseChoice = 'system' | 'green' | 'red';

const KEY = 'streambell.preferences';
const LANGUAGES: readonly LanguageChoice[] = ['system', 'en', 'zh'];
const THEMES: readonly ThemeChoice[] = ['system', 'light', 'dark'];
const RISES: readonly RiseChoice[] = ['system', 'green', 'red'];

type Store = Pick<Storage, 'getItem' | 'setItem'>;

/** What the configuration has of it. */
export type Look = DashboardForm & Pick<SettingsForm, 'language'>;

/** How it looks where nobody has chosen anything. */
const USUAL: Look = { language: 'system', theme: 'system', rise: 'system', tileOrder: 'hand', tilePlaces: [], groupAlerts: true };

export class Preferences {
  #language = $state<LanguageChoice>('system');
  #theme = $state<ThemeChoice>('system');
  #rise = $state<RiseChoice>('system');
  #tileOrder = $state<TileOrder>('hand');
  #tilePlaces = $state.raw<readonly string[]>([]);
  #grouped = $state(true);
  readonly #store: Store;
  readonly #usual: 'green' | 'red';
  /** Writes choices into the configuration; gives back those that are to be tried again once the configuration is read. */
  save: (change: Partial<Look>) => Promise<Partial<Look>> = async () => ({});
  /** What is not written there yet; kept, so that it outlasts a page that ends meanwhile. */
  #unsaved: Partial<Look> = {};
  /** What is on its way there. */
  #sent: Partial<Look> = {};
  #saving = false;

  constructor(store: Store, system: string = navigator.language) {
    this.#store = store;
    // In mainland China, Taiwan, Japan and Korea a rise is red.
    this.#usual = /^(zh(?!-HK)|ja|ko)/i.test(system) ? 'red' : 'green';
    const kept = read(store);
    this.#language = oneOf(LANGUAGES, kept.language, 'system');
    this.#theme = oneOf(THEMES, kept.theme, 'system');
    this.#rise = oneOf(RISES, kept.rise, 'system');
    this.#tileOrder = oneOf(TILE_ORDERS, kept.tileOrder, 'hand');
    this.#tilePlaces = texts(kept.tilePlaces);
    this.#grouped = kept.grouped !== false;
    const look = this.#look();
    // What was kept before the configuration had a place for it is nowhere else. For the language it always had one.
    const unsaved = kept.unsaved === undefined ? differing(look, { ...USUAL, language: look.language }) : texts(kept.unsaved);
    this.#unsaved = Object.fromEntries(Object.entries(look).filter(([name]) => unsaved.includes(name)));
  }

  /** Takes over what the configuration says, but for what was chosen here and is not written there yet: that is tried anew. */
  obey({ language: written, dashboard }: SettingsForm): void {
    const { language, theme, rise, tileOrder, tilePlaces, groupAlerts } = { language: written, ...dashboard, ...this.#sent, ...this.#unsaved };
    this.#language = language;
    this.#theme = theme;
    this.#rise = rise;
    this.#tileOrder = tileOrder;
    this.#tilePlaces = tilePlaces.map(tileId);
    this.#grouped = groupAlerts;
    this.#keep();
    void this.#saveAll();
  }

  get language(): LanguageChoice {
    return this.#language;
  }

  set language(choice: LanguageChoice) {
    this.#language = choice;
    this.#write({ language: choice });
  }

  get theme(): ThemeChoice {
    return this.#theme;
  }

  set theme(choice: ThemeChoice) {
    this.#theme = choice;
    this.#write({ theme: choice });
  }

  get rise(): RiseChoice {
    return this.#rise;
  }

  set rise(choice: RiseChoice) {
    this.#rise = choice;
    this.#write({ rise: choice });
  }

  /** The colour itself. */
  get riseShown(): 'green' | 'red' {
    return this.#rise === 'system' ? this.#usual : this.#rise;
  }

  get tileOrder(): TileOrder {
    return this.#tileOrder;
  }

  set tileOrder(order: TileOrder) {
    this.#tileOrder = order;
    this.#write({ tileOrder: order });
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
    const { tileOrder, tilePlaces } = this.#look();
    this.#write({ tileOrder, tilePlaces });
  }

  /** Whether the alerts of a day that belong together are one line. */
  get grouped(): boolean {
    return this.#grouped;
  }

  set grouped(grouped: boolean) {
    if (grouped === this.#grouped) return;
    this.#grouped = grouped;
    this.#write({ groupAlerts: grouped });
  }

  /** As the configuration has it. */
  #look() {
    const tilePlaces = this.#tilePlaces.map(placeOf).filter((place) => place !== null);
    return { language: this.#language, theme: this.#theme, rise: this.#rise, tileOrder: this.#tileOrder, tilePlaces, groupAlerts: this.#grouped } satisfies Look;
  }

  #write(change: Partial<Look>): void {
    this.#unsaved = { ...this.#unsaved, ...change };
    this.#keep();
    void this.#saveAll();
  }

  /** One after the other; what is chosen meanwhile goes along with the next. */
  async #saveAll(): Promise<void> {
    if (this.#saving) return;
    this.#saving = true;
    let refused: Partial<Look> = {};
    for (let change = this.#unsaved; Object.keys(change).length; change = without(this.#unsaved, refused)) {
      this.#sent = change;
      this.#unsaved = without(this.#unsaved, change);
      const left = await this.save(change);
      refused = { ...refused, ...left };
      this.#sent = {};
      this.#unsaved = { ...left, ...this.#unsaved };
      this.#keep();
    }
    this.#saving = false;
  }

  #keep(): void {
    const unsaved = Object.keys({ ...this.#sent, ...this.#unsaved });
    const kept = { unsaved, language: this.#language, theme: this.#theme, rise: this.#rise, tileOrder: this.#tileOrder, tilePlaces: this.#tilePlaces, grouped: this.#grouped };
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

/** What of one is not just so in the other. */
function without(one: Partial<Look>, other: Partial<Look>): Partial<Look> {
  return Object.fromEntries(Object.entries(one).filter(([name, value]) => other[name as keyof Look] !== value));
}

/** The names of what is not alike in both. */
function differing(one: Look, other: Look): string[] {
  return (Object.keys(one) as (keyof Look)[]).filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]));
}

function oneOf<T extends string>(choices: readonly T[], kept: unknown, otherwise: T): T {
  return choices.find((choice) => choice === kept) ?? otherwise;
}

function texts(kept: unknown): string[] {
  return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string').slice(0, MOST_PLACES) : [];
}
