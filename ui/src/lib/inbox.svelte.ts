/** The alerts as the lines of an inbox: by day, one line a group, with a cursor and with what is checked. */
import type { Alerts, Done } from './alerts.svelte';
import type { AlertView } from './protocol';

export type Line =
  | { readonly is: 'day'; readonly key: string; readonly atMs: number }
  | { readonly is: 'alert'; readonly key: string; readonly alert: AlertView; readonly level: 1 | 2 }
  | { readonly is: 'group'; readonly key: string; readonly alerts: readonly AlertView[]; readonly open: boolean };

/** Days under a heading each, newest first; of one day the alerts of one rule and group as one line, if that is wanted. */
export function layOut(alerts: readonly AlertView[], grouped: boolean, open: ReadonlySet<string>): Line[] {
  const lines: Line[] = [];
  for (const [day, ofDay] of by(alerts, ({ atMs }) => dayOf(atMs))) {
    lines.push({ is: 'day', key: `day ${day}`, atMs: ofDay[0]!.atMs });
    const groups = grouped ? by(ofDay, ({ rule, group }) => `${rule}\n${group}`) : ofDay.map((alert) => ['', [alert]] as const);
    for (const [name, members] of groups) {
      const key = `group ${day} ${name}`;
      const unfolded = members.length === 1 || open.has(key);
      if (members.length > 1) lines.push({ is: 'group', key, alerts: members, open: unfolded });
      if (unfolded) lines.push(...members.map((alert) => ({ is: 'alert', key: `alert ${alert.id}`, alert, level: members.length > 1 ? 2 : 1 }) as const));
    }
  }
  return lines;
}

/** Where a line stands among those of its level, from 1, and of how many; -1 where more are stored than are listed. */
export interface Place {
  readonly at: number;
  readonly of: number;
}

/** The place of every line by its key: of an alert in an unfolded group within that. Headings have none. */
export function places(lines: readonly Line[], whole: boolean): ReadonlyMap<string, Place> {
  const inner = (line: Line) => line.is === 'alert' && line.level === 2;
  const outer = lines.filter((line) => line.is !== 'day' && !inner(line));
  const found = new Map(outer.map(({ key }, at) => [key, { at: at + 1, of: whole ? outer.length : -1 }]));
  let group: Line | undefined;
  let within = 0;
  for (const line of lines) {
    within = inner(line) ? within + 1 : 0;
    if (line.is === 'group') group = line;
    if (group && within) found.set(line.key, { at: within, of: alertsOf(group).length });
  }
  return found;
}

/** The alerts that a line stands for. */
export function alertsOf(line: Line): readonly AlertView[] {
  if (line.is === 'alert') return [line.alert];
  return line.is === 'group' ? line.alerts : [];
}

export class Inbox {
  readonly #alerts: Alerts;
  #grouped = $state(true);
  #open = $state.raw<ReadonlySet<string>>(new Set());
  #cursor = $state<string | null>(null);
  #revealed = $state(0);
  /** Where the cursor was, for when its line is gone. */
  #cursorAt = 0;
  #checked = $state.raw<ReadonlySet<number>>(new Set());
  #anchor: string | null = null;
  /** The alert beside which the form for a silence is open. */
  #silencing = $state<number | null>(null);

  readonly #lines = $derived.by(() => layOut(this.#alerts.list, this.#grouped, this.#open));
  /** What can be stepped on: all but the headings. */
  readonly #steps = $derived(this.#lines.filter(({ is }) => is !== 'day'));
  readonly #places = $derived.by(() => places(this.#lines, this.#alerts.reachedEnd && !this.#alerts.farBack));
  readonly #chosen = $derived.by(() => this.#alerts.list.filter(({ id }) => this.#checked.has(id)));

  constructor(alerts: Alerts) {
    this.#alerts = alerts;
  }

  get alerts(): Alerts {
    return this.#alerts;
  }
  get lines(): readonly Line[] {
    return this.#lines;
  }
  get grouped(): boolean {
    return this.#grouped;
  }
  /** The checked alerts that are in the list. */
  get checked(): readonly AlertView[] {
    return this.#chosen;
  }
  /** Whether the form for a silence is open beside the alert. */
  get silencing(): boolean {
    return this.#silencing !== null && this.#silencing === this.#alerts.selected?.id;
  }
  set silencing(open: boolean) {
    this.#silencing = open ? (this.#alerts.selected?.id ?? null) : null;
  }

  /** The line that the keyboard is on. */
  get cursor(): string | null {
    if (this.#cursor !== null && this.#lines.some(({ key }) => key === this.#cursor)) return this.#cursor;
    const id = this.#alerts.selected?.id;
    return id === undefined ? null : (this.#steps.findLast((line) => alertsOf(line).some((alert) => alert.id === id))?.key ?? null);
  }

  /** How often somebody came to an alert from elsewhere. */
  get revealed(): number {
    return this.#revealed;
  }

  placeOf(line: Line): Place | undefined {
    return this.#places.get(line.key);
  }

  isChecked(line: Line): boolean {
    const alerts = alertsOf(line);
    return alerts.length > 0 && alerts.every(({ id }) => this.#checked.has(id));
  }

  group(grouped: boolean): void {
    this.#grouped = grouped;
  }

  fold(key: string, open: boolean): void {
    const others = [...this.#open].filter((one) => one !== key);
    this.#open = new Set(open ? [...others, key] : others);
  }

  /** Comes to an alert that was opened from elsewhere, and unfolds what it is in. */
  reveal(id: number): void {
    const group = this.#lines.find((line) => line.is === 'group' && line.alerts.some((alert) => alert.id === id));
    if (group) this.fold(group.key, true);
    this.#revealed += 1;
    this.#cursor = `alert ${id}`;
    this.#anchor = this.#cursor;
  }

  /** Comes to a line and opens what it stands for: of a group the newest, which took the others' place on screen, too. */
  goTo(line: Line): void {
    const newest = alertsOf(line)[0];
    if (!newest) return;
    this.#cursor = line.key;
    this.#cursorAt = this.#steps.indexOf(line);
    this.#anchor = line.key;
    this.#alerts.select(newest.id, line.is === 'group' && !line.open ? line.alerts : []);
  }

  /** Steps so many lines down; up where it is less than none. With `extend`, checks what lies between. */
  step(by: number, extend = false): Line | null {
    const from = this.cursor;
    const at = this.#steps.findIndex(({ key }) => key === from);
    const next = at >= 0 ? at + by : from === null && this.#cursorAt ? this.#cursorAt : 0;
    const line = this.#steps[Math.max(0, Math.min(this.#steps.length - 1, next))];
    if (!line) return null;
    if (extend) this.extendTo(line, from);
    else this.goTo(line);
    return line;
  }

  toggle(line: Line): void {
    const [on, ids] = [!this.isChecked(line), alertsOf(line).map(({ id }) => id)];
    const others = [...this.#checked].filter((id) => !ids.includes(id));
    this.#checked = new Set(on ? [...others, ...ids] : others);
    [this.#cursor, this.#anchor] = [line.key, line.key];
    this.#cursorAt = this.#steps.indexOf(line);
  }

  /** Checks or unchecks the line under the cursor. */
  toggleHere(): void {
    const line = this.#lines.find(({ key }) => key === this.cursor) ?? this.#steps[0];
    if (line) this.toggle(line);
  }

  /** Folds the group that a line is, or is in. */
  foldAround(line: Line): void {
    const [first] = alertsOf(line);
    const group = this.#lines.find((one) => one.is === 'group' && one.open && one.alerts.some(({ id }) => id === first?.id));
    if (!group) return;
    this.fold(group.key, false);
    this.#cursor = group.key;
  }

  /** Checks all from where the checking began to a line; what was checked so beyond it no more is. */
  extendTo(line: Line, from: string | null = this.cursor): void {
    const place = (key: string | null) => this.#steps.findIndex((one) => one.key === key);
    const start = Math.max(0, place(this.#anchor ?? from));
    const end = place(line.key);
    const upTo = (to: number) => this.#steps.slice(Math.min(start, to), Math.max(start, to) + 1).flatMap(alertsOf).map(({ id }) => id);
    const before = new Set(upTo(Math.max(0, place(from))));
    this.#anchor ??= from;
    this.#checked = new Set([...[...this.#checked].filter((id) => !before.has(id)), ...upTo(end)]);
    this.#cursor = line.key;
    this.#cursorAt = end;
  }

  checkAll(): void {
    this.#checked = new Set(this.#alerts.list.map(({ id }) => id));
  }

  uncheck(): void {
    this.#checked = new Set();
    this.#anchor = null;
  }

  /** What an action is about: what is checked, else the line under the cursor. */
  get targets(): readonly AlertView[] {
    if (this.#chosen.length) return this.#chosen;
    const line = this.#lines.find(({ key }) => key === this.cursor);
    return line ? alertsOf(line) : [];
  }

  read(): Done {
    return this.#after(this.#alerts.read(this.targets));
  }

  acknowledge(): Done {
    return this.#after(this.#alerts.acknowledgeAll(this.targets));
  }

  unread(): Done {
    return this.#after(this.#alerts.markUnread(this.targets));
  }

  unacknowledge(): Done {
    return this.#after(this.#alerts.unacknowledge(this.targets));
  }

  #after(done: Done): Done {
    this.uncheck();
    return done;
  }
}

/** In the order in which each was seen first. */
function by(alerts: readonly AlertView[], name: (alert: AlertView) => string): Map<string, AlertView[]> {
  const found = new Map<string, AlertView[]>();
  for (const alert of alerts) {
    const members = found.get(name(alert));
    if (members) members.push(alert);
    else found.set(name(alert), [alert]);
  }
  return found;
}

function dayOf(atMs: number): string {
  const at = new Date(atMs);
  return `${at.getFullYear()}-${at.getMonth() + 1}-${at.getDate()}`;
}
