/** The language of the page: its words, and how it writes numbers and times. */
import { createContext } from 'svelte';

import type { Preferences } from '../preferences.svelte';
import * as format from '../format';
import type { Text } from '../protocol';
import { en, type Words } from './en';
import { tagOf } from './plural';
import { zh } from './zh';

/** Those that the resident's texts come in. */
export type Language = keyof Text;

export const dictionaries: Record<Language, Words> = { en, zh };

export class Locale {
  readonly #preferences: Preferences;
  readonly #system: string;

  constructor(preferences: Preferences, system: string = navigator.language) {
    this.#preferences = preferences;
    this.#system = system;
  }

  get language(): Language {
    const chosen = this.#preferences.language;
    if (chosen !== 'system') return chosen;
    return this.#system.toLowerCase().startsWith('zh') ? 'zh' : 'en';
  }

  get words(): Words {
    return dictionaries[this.language];
  }

  /** A text of the resident. */
  read(text: Text): string {
    return text[this.language];
  }

  /** The same where it stands alone: as a sentence it begins with a capital letter. */
  sentence(text: Text): string {
    return this.language === 'en' ? text.en.replace(/^[a-z](?=[a-z]*[ ,’])/, (letter) => letter.toUpperCase()) : this.read(text);
  }

  /** For `lang` and for the platform's formatting. */
  get tag(): string {
    return tagOf(this.language, this.#system);
  }

  count(value: number): string {
    return format.count(value, this.tag);
  }

  number(text: string, value: number | null): string {
    return format.number(text, value, this.tag);
  }

  percent(value: number): string {
    return format.percent(value, this.tag);
  }

  difference(value: number, text: string): string {
    return format.difference(value, text, this.tag);
  }

  like(value: number, text: string): string {
    return format.like(value, text, this.tag);
  }

  axisNumber(value: number, step: number): string {
    return format.axisNumber(value, step, this.tag);
  }

  axisTime(atMs: number, stepS: number): string {
    return format.axisTime(atMs, stepS, this.tag);
  }

  share(part: number): string {
    return format.share(part, this.tag);
  }

  bytes(value: number): string {
    return format.bytes(value, this.tag);
  }

  duration(seconds: number): string {
    return format.duration(seconds, this.words);
  }

  /** Until when it is until the next morning. */
  untilMorning(nowMs: number): string {
    const { pause, quiet } = this.words;
    return format.isNight(new Date(nowMs)) ? quiet.lengths.morning : pause.untilTomorrow;
  }

  when(atMs: number, nowMs: number): string {
    return format.when(atMs, nowMs, this.words, this.tag);
  }

  brief(atMs: number, nowMs: number): string {
    return format.brief(atMs, nowMs, this.tag);
  }

  moment(atMs: number, nowMs: number): string {
    return format.moment(atMs, nowMs, this.tag);
  }

  day(atMs: number, nowMs: number): string {
    return format.day(atMs, nowMs, this.tag);
  }

  clockTime(atMs: number): string {
    return format.clockTime(atMs, this.tag);
  }

  stamp(atMs: number, nowMs: number): string {
    return format.stamp(atMs, nowMs, this.tag);
  }

  dated(atMs: number, nowMs: number): string {
    return format.dated(atMs, nowMs, this.tag);
  }

  between(fromMs: number, toMs: number): string {
    return format.between(fromMs, toMs, this.tag);
  }

  date(atMs: number): string {
    return format.date(atMs, this.tag);
  }

  exact(atMs: number): string {
    return format.exact(atMs, this.tag);
  }
}

export const [useLocale, provideLocale] = createContext<Locale>();
