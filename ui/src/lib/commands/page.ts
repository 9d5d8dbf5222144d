/** What commands are made of, and what they are done with. */
import type { Actions } from '../actions.svelte';
import type { Dashboard } from '../dashboard.svelte';
import type { Locale } from '../i18n/locale.svelte';
import type { Preferences } from '../preferences.svelte';
import type { LanguageChoice } from '../preferences.svelte';
import type { Snapshot } from '../protocol';

export interface Page {
  readonly dashboard: Dashboard;
  readonly actions: Actions;
  readonly preferences: Preferences;
  readonly locale: Locale;
  speak(language: LanguageChoice): void;
  showShortcuts(): void;
}

/** The page while it has a resident that can be told what to do. */
export interface Live extends Page {
  readonly snapshot: Snapshot;
}

/** For how long something can be silent, as seconds; null: until somebody ends it. */
export function lengths({ actions, locale }: Page, open: string): readonly (readonly [id: string, seconds: number | null, word: string])[] {
  const t = locale.words.pause;
  return [['15', 900, t.quarter], ['60', 3600, t.hour], ['morning', actions.untilMorning(), locale.untilMorning(Date.now())], ['open', null, open]];
}

export function entries<K extends string, V>(record: Record<K, V>): [K, V][] {
  return Object.entries(record) as [K, V][];
}
