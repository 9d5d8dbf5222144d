/** Numbers, times and texts as people read them. Pure: the time and the words are arguments. */
import type { Words } from './i18n/en';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A value with its thousands grouped and exactly the decimals the server wrote. */
export function number(text: string, value: number | null, tag: string): string {
  const written = /^[+-]?\d{1,15}(?:\.(\d{1,10}))?$/.exec(text.trim());
  if (value === null || !written) return text;
  const decimals = written[1]?.length ?? 0;
  return figures(tag, decimals, decimals).format(value);
}

/** A count with its thousands grouped. */
export function count(value: number, tag: string): string {
  return figures(tag, 0, 3).format(value);
}

/** A change with its sign; two decimals always, so that columns stand still. */
export function percent(value: number, tag: string): string {
  const format = cached(tag, { style: 'percent', minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: 'exceptZero' });
  return format.format(value / 100).replace('-', '−');
}

/** A difference with its sign, and as many decimals as the value it belongs to is written with. */
export function difference(value: number, text: string, tag: string): string {
  const decimals = decimalsOf(text);
  return `${Math.abs(value) < 0.5 / 10 ** decimals ? '' : value > 0 ? '+' : '−'}${like(Math.abs(value), text, tag)}`;
}

/** A number with as many decimals as another is written with. */
export function like(value: number, text: string, tag: string): string {
  const decimals = decimalsOf(text);
  return figures(tag, decimals, decimals).format(value);
}

function decimalsOf(text: string): number {
  return Math.min(10, /\.(\d+)$/.exec(text.trim())?.[1]?.length ?? 0);
}

/** A number on an axis whose ticks are so far apart: with as many decimals as tell them apart. */
export function axisNumber(value: number, step: number, tag: string): string {
  const decimals = Math.max(0, Math.min(10, Math.ceil(-Math.log10(step || 1) - 1e-9)));
  return figures(tag, decimals, decimals).format(value);
}

/** A time on an axis whose ticks are so many seconds apart; the day where one begins. */
export function axisTime(atMs: number, stepS: number, tag: string): string {
  const at = new Date(atMs);
  const dayBegins = at.getHours() === 0 && at.getMinutes() === 0 && at.getSeconds() === 0;
  return formatter(tag, stepS >= 86_400 || dayBegins ? 'date' : stepS >= 60 ? 'minute' : 'second').format(at);
}

/** A part of a whole, rounded down: only what is whole is 100 %. */
export function share(part: number, tag: string): string {
  return cached(tag, { style: 'percent', maximumFractionDigits: 1 }).format(Math.floor(part * 1000) / 1000);
}

/** A size in the largest unit that says enough. */
export function bytes(value: number, tag: string): string {
  const power = value < 1e3 ? 0 : value < 1e6 ? 1 : value < 1e9 ? 2 : 3;
  const unit = ['byte', 'kilobyte', 'megabyte', 'gigabyte'][power]!;
  // Of the units only the byte has no sign of its own that everybody reads.
  const unitDisplay = power ? 'short' : 'long';
  return cached(tag, { style: 'unit', unit, unitDisplay, maximumFractionDigits: power ? 1 : 0 }).format(value / 1000 ** power);
}

/** Whole seconds left, never less than none. */
export function secondsLeft(untilMs: number, nowMs: number): number {
  return Math.max(0, Math.ceil((untilMs - nowMs) / SECOND));
}

/** A length of time in at most two units. */
export function duration(seconds: number, words: Words): string {
  if (seconds < 60) return words.time.seconds(seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10 && seconds % 60) return `${words.time.minutes(minutes)} ${words.time.seconds(seconds % 60)}`;
  if (minutes < 60) return words.time.minutes(minutes);
  const hours = Math.floor(minutes / 60);
  return minutes % 60 ? `${words.time.hours(hours)} ${words.time.minutes(minutes % 60)}` : words.time.hours(hours);
}

/** The units in which a length of time can be written, in milliseconds, longest first. */
export const UNITS = { day: 86_400_000, hour: 3_600_000, minute: 60_000, second: 1000, millisecond: 1 } as const;
export type Unit = keyof typeof UNITS;

/** The longest unit in which a length of time is a whole number. */
export function exactUnit(ms: number): Unit {
  const units = Object.entries(UNITS) as [Unit, number][];
  return units.find(([, length]) => ms >= length && ms % length === 0)?.[0] ?? (ms ? 'millisecond' : 'second');
}

/** Relative under an hour, absolute beyond. */
export function when(atMs: number, nowMs: number, words: Words, tag: string): string {
  const passed = nowMs - atMs;
  if (passed < 5 * SECOND && passed > -MINUTE) return words.time.justNow;
  if (passed >= 0 && passed < MINUTE) return words.time.ago(words.time.seconds(Math.floor(passed / SECOND)));
  if (passed >= 0 && passed < HOUR) return words.time.ago(words.time.minutes(Math.floor(passed / MINUTE)));
  return moment(atMs, nowMs, tag);
}

/** The time of day; with the date where it is another day, with the year where it is another year. */
export function moment(atMs: number, nowMs: number, tag: string): string {
  const at = new Date(atMs);
  const now = new Date(nowMs);
  const sameYear = at.getFullYear() === now.getFullYear();
  if (sameYear && at.getMonth() === now.getMonth() && at.getDate() === now.getDate()) return formatter(tag, 'minute').format(at);
  return formatter(tag, sameYear ? 'day' : 'year').format(at);
}

/** A moment where there is little room: the time of day within half a day, else the date. */
export function brief(atMs: number, nowMs: number, tag: string): string {
  return formatter(tag, Math.abs(nowMs - atMs) < 12 * HOUR ? 'minute' : 'date').format(new Date(atMs));
}

/** A day as a heading: today, yesterday, or its date. */
export function day(atMs: number, nowMs: number, tag: string): string {
  const back = Math.round((startOfDay(nowMs) - startOfDay(atMs)) / (24 * HOUR));
  if (back !== 0 && back !== 1) return formatter(tag, new Date(atMs).getFullYear() === new Date(nowMs).getFullYear() ? 'heading' : 'oldHeading').format(atMs);
  const word = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }).format(-back, 'day');
  return word.charAt(0).toLocaleUpperCase(tag) + word.slice(1);
}

/** The time of day to the second, as in a log. */
export function clockTime(atMs: number, tag: string): string {
  return formatter(tag, 'second').format(new Date(atMs));
}

/** The time of day to the second; with the date instead of the seconds where it is another day. */
export function stamp(atMs: number, nowMs: number, tag: string): string {
  return new Date(atMs).toDateString() === new Date(nowMs).toDateString() ? clockTime(atMs, tag) : moment(atMs, nowMs, tag);
}

/** A time of another day, where there is as much room as for a day and a time: of another year the date alone. */
export function dated(atMs: number, nowMs: number, tag: string): string {
  const at = new Date(atMs);
  return formatter(tag, at.getFullYear() === new Date(nowMs).getFullYear() ? 'day' : 'oldDate').format(at);
}

/** From when to when, to the second; what both have in common is said once. */
export function between(fromMs: number, toMs: number, tag: string): string {
  return formatter(tag, 'whole').formatRange(fromMs, toMs);
}

/** A date without its year. */
export function date(atMs: number, tag: string): string {
  return formatter(tag, 'date').format(new Date(atMs));
}

/** Everything there is to say about an instant, for a tooltip. */
export function exact(atMs: number, tag: string): string {
  return formatter(tag, 'exact').format(new Date(atMs));
}

/** A text in two parts that are cut in the middle where there is no room: the first shrinks, the second never does, and begins with no space. */
export function middle(text: string, tail = 6): [string, string] {
  const letters = [...text];
  if (letters.length <= tail * 2) return [text, ''];
  const [head, rest] = [letters.slice(0, -tail).join(''), letters.slice(-tail).join('')];
  const end = rest.trimStart();
  return [head + rest.slice(0, rest.length - end.length), end];
}

/** Whether what is looked for is in a text. */
export function holds(text: string, needle: string): boolean {
  const words = needle.trim().toLowerCase();
  return words !== '' && text.toLowerCase().includes(words);
}

/** A line of a long text: its beginning, or where something is found in it the place, with what is found apart. */
export function excerpt(text: string, needle: string, most = 240): [before: string, found: string, after: string] {
  const words = needle.trim().toLowerCase();
  const at = words ? text.toLowerCase().indexOf(words) : -1;
  if (at < 0) return [text.slice(0, most), '', ''];
  const LEAD = 16;
  const from = at > 2 * LEAD ? at - LEAD : 0;
  const end = at + words.length;
  return [(from ? '…' : '') + text.slice(from, at), text.slice(at, end), text.slice(end, from + most)];
}

type Shape = 'heading' | 'oldHeading' | 'minute' | 'date' | 'oldDate' | 'day' | 'year' | 'second' | 'whole' | 'exact';

const SHAPES: Record<Shape, Intl.DateTimeFormatOptions> = {
  heading: { weekday: 'long', month: 'long', day: 'numeric' },
  oldHeading: { year: 'numeric', month: 'long', day: 'numeric' },
  minute: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  second: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  date: { month: 'short', day: 'numeric' },
  oldDate: { year: 'numeric', month: 'short', day: 'numeric' },
  day: { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  year: { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  whole: { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  exact: { dateStyle: 'full', timeStyle: 'medium', hourCycle: 'h23' },
};

// Made once: making one takes far longer than using it.
const formatters = new Map<string, Intl.DateTimeFormat>();
const numberFormats = new Map<string, Intl.NumberFormat>();

function figures(tag: string, least: number, most: number): Intl.NumberFormat {
  return cached(tag, { minimumFractionDigits: least, maximumFractionDigits: most });
}

function cached(tag: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${tag} ${Object.values(options).join(' ')}`;
  let found = numberFormats.get(key);
  if (!found) {
    found = new Intl.NumberFormat(tag, options);
    numberFormats.set(key, found);
  }
  return found;
}

function formatter(tag: string, shape: Shape): Intl.DateTimeFormat {
  const key = `${tag} ${shape}`;
  let found = formatters.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(tag, SHAPES[shape]);
    formatters.set(key, found);
  }
  return found;
}

/** When the local day of a time began. */
export function startOfDay(atMs: number): number {
  return new Date(atMs).setHours(0, 0, 0, 0);
}

/** Whether the next morning is today's: who is awake before 4:00 means the day that is about to begin. */
export function isNight(now: Date): boolean {
  return now.getHours() < 4;
}

/** How long it is until 8:00 of the next morning. */
export function secondsUntilMorning(now: Date): number {
  const morning = new Date(now);
  morning.setHours(8, 0, 0, 0);
  if (!isNight(now)) morning.setDate(morning.getDate() + 1);
  return Math.ceil((morning.getTime() - now.getTime()) / 1000);
}
