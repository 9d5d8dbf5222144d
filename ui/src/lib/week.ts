/** Quiet hours as minutes of a week, and back to as few entries as say the same. Pure. */
import type { QuietHoursView } from './protocol';

export const DAYS = 7;
export const HOURS = 24;
const HOUR = 60;
const DAY = HOURS * HOUR;
const WEEK = DAYS * DAY;

/** Which minutes of a week are quiet, from Monday 0:00. */
export type Week = readonly boolean[];

/** How quiet an hour is. */
export type Quiet = 'none' | 'part' | 'all';

/** The zones that quiet hours are told in; the system's own is null. */
export function zonesOf(hours: readonly QuietHoursView[]): (string | null)[] {
  return [...new Set(hours.map(({ timeZone }) => timeZone))];
}

/** The week of one zone's quiet hours. */
export function weekOf(hours: readonly QuietHoursView[], zone: string | null): Week {
  const week = new Array<boolean>(WEEK).fill(false);
  for (const { from, to, days, timeZone } of hours) {
    if (timeZone !== zone) continue;
    const [begin, end] = [minutes(from), minutes(to)];
    const length = begin <= end ? end - begin : DAY - begin + end;
    for (const day of days) {
      for (let at = 0; at < length; at += 1) week[(day * DAY + begin + at) % WEEK] = true;
    }
  }
  return week;
}

export function quietAt(week: Week, day: number, hour: number): Quiet {
  const begin = day * DAY + hour * HOUR;
  let count = 0;
  for (let at = begin; at < begin + HOUR; at += 1) if (week[at]) count += 1;
  return count === 0 ? 'none' : count === HOUR ? 'all' : 'part';
}

/** The week with whole hours of a rectangle made quiet or loud. */
export function painted(week: Week, from: Cell, to: Cell, quiet: boolean): Week {
  const next = [...week];
  for (let day = Math.min(from.day, to.day); day <= Math.max(from.day, to.day); day += 1) {
    const [first, last] = [Math.min(from.hour, to.hour), Math.max(from.hour, to.hour)];
    next.fill(quiet, day * DAY + first * HOUR, day * DAY + (last + 1) * HOUR);
  }
  return next;
}

export interface Cell {
  readonly day: number;
  readonly hour: number;
}

/**
 * The entries that say a week: what goes over midnight as one, and the days that share their hours together. An entry
 * is never a whole day, because one that ends where it starts would be none: such days are two halves.
 */
export function hoursOf(week: Week, zone: string | null): QuietHoursView[] {
  const byHours = new Map<string, number[]>();
  for (const { begin, end } of stretches(week)) {
    for (const [from, to] of end - begin < DAY ? [[begin, end] as const] : halves(begin, end)) {
      const key = `${clock(from)} ${clock(to)}`;
      byHours.set(key, [...(byHours.get(key) ?? []), Math.floor(from / DAY) % DAYS]);
    }
  }
  return [...byHours]
    .map(([key, days]) => {
      const [from = '', to = ''] = key.split(' ');
      return { from, to, days: days.sort((one, other) => one - other), timeZone: zone };
    })
    .sort((one, other) => one.from.localeCompare(other.from));
}

/** All quiet hours with those of one zone replaced; the other zones stay in front as they are. */
export function replaced(hours: readonly QuietHoursView[], zone: string | null, week: Week): QuietHoursView[] {
  return [...hours.filter(({ timeZone }) => timeZone !== zone), ...hoursOf(week, zone)];
}

/** The longest stretches of quiet, from Monday on; the last may go on into the week after. */
function stretches(week: Week): { begin: number; end: number }[] {
  if (week.every(Boolean)) return [{ begin: 0, end: WEEK }];
  // Begins where it is loud, so that no stretch is cut in two at the end of the week.
  const loud = week.indexOf(false);
  const found: { begin: number; end: number }[] = [];
  for (let at = loud; at < loud + WEEK; at += 1) {
    if (!week[at % WEEK]) continue;
    const last = found.at(-1);
    if (last && last.end === at) last.end = at + 1;
    else found.push({ begin: at, end: at + 1 });
  }
  return found;
}

/** A long stretch in pieces that end at noon and at midnight. */
function halves(begin: number, end: number): (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  for (let from = begin; from < end; ) {
    const to = Math.min(end, (Math.floor(from / (DAY / 2)) + 1) * (DAY / 2));
    found.push([from, to]);
    from = to;
  }
  return found;
}

/** A time of day as people write it, `6:45` or `06:45`, as the file has it; null where it is none. */
export function readClock(text: string): string | null {
  const [, hour, minute] = /^(\d{1,2})[:：.](\d{2})$/.exec(text.trim()) ?? [];
  if (hour === undefined || minute === undefined || Number(hour) >= HOURS || Number(minute) >= HOUR) return null;
  return `${hour.padStart(2, '0')}:${minute}`;
}

function minutes(time: string): number {
  const [hours = 0, rest = 0] = time.split(':').map(Number);
  return hours * HOUR + rest;
}

function clock(minute: number): string {
  const at = minute % DAY;
  return `${String(Math.floor(at / HOUR)).padStart(2, '0')}:${String(at % HOUR).padStart(2, '0')}`;
}
