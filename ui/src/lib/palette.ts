/** What the command palette offers: everything there is to do, to see and to set. Pure. */
import type { Actions } from './actions.svelte';
import type { Dashboard } from './dashboard.svelte';
import { VIEWS } from './dashboard.svelte';
import { match } from './fuzzy';
import type { Locale } from './i18n/locale.svelte';
import type { LanguageChoice, Preferences } from './preferences.svelte';
import { shortcutOf } from './shortcuts';
import { TILE_ORDERS, tileId } from './tiles';

export type Kind = 'view' | 'action' | 'stream' | 'rule' | 'value' | 'alert' | 'setting';

export interface Command {
  readonly id: string;
  readonly kind: Kind;
  readonly name: string;
  /** What it is also found by. */
  readonly also?: string;
  /** The keys that do the same. */
  readonly keys?: string;
  readonly run: () => void;
}

export interface Hit {
  readonly command: Command;
  /** Which letters of the name were meant. */
  readonly letters: readonly number[];
}

/** The most that are listed at once. */
export const MOST_HITS = 60;

/** What is found by other words counts for less than what is found by its name. */
const ALSO = 20;

/** The commands that are meant by what was typed, the best first; all in their own order where nothing was. */
export function find(commands: readonly Command[], typed: string): Hit[] {
  if (!typed.trim()) return commands.slice(0, MOST_HITS).map((command) => ({ command, letters: [] }));
  return commands
    .flatMap((command) => {
      const named = match(command.name, typed);
      const other = match(`${command.name} ${command.also ?? ''}`, typed, true);
      if (!named && !other) return [];
      return [{ command, letters: named?.letters ?? [], score: named?.score ?? other!.score - ALSO }];
    })
    .sort((one, other) => other.score - one.score)
    .slice(0, MOST_HITS);
}

/** What the page itself does for a command. */
export interface Doings {
  speak(language: LanguageChoice): void;
  showShortcuts(): void;
}

/** Everything that can be done now. */
export function commands(dashboard: Dashboard, preferences: Preferences, locale: Locale, actions: Actions, doings: Doings): Command[] {
  const { resident, streams, alerts, chart } = dashboard;
  const t = locale.words;
  const p = t.palette;
  const snapshot = resident.link.is === 'connected' ? resident.snapshot : null;
  const found: Command[] = VIEWS.map((view) => ({
    id: `view ${view}`, kind: 'view', name: t.nav[view], also: p.goTo, keys: shortcutOf(view), run: () => dashboard.show(view),
  }));
  const act = (id: string, name: string, run: () => void, keys?: string, also?: string) => found.push({ id, kind: 'action', name, run, keys, also });
  const set = (id: string, name: string, run: () => void) => found.push({ id, kind: 'setting', name, also: t.nav.settings, run });

  for (const alert of alerts.unread.slice(0, 5)) {
    found.push({ id: `alert ${alert.id}`, kind: 'alert', name: alert.title, also: `${alert.body} ${alert.rule}`, run: () => dashboard.openAlert(alert.id) });
  }
  if (snapshot) {
    act('add', t.streams.addLong, () => dashboard.addStream(), shortcutOf('add'));
    act('add rule', t.rules.addLong, () => dashboard.addRule());
    act('add tile', t.tileForm.add, () => dashboard.addTile());
    act('import', t.exchange.importTitle, () => dashboard.startImport(), undefined, t.nav.rules);
    act('export', t.exchange.exportTitle, () => dashboard.startExport(), undefined, t.nav.rules);
    if (snapshot.pause) act('resume', p.resume, () => actions.resume());
    else {
      act('pause 15', `${t.pause.label}: ${t.pause.quarter}`, () => actions.pause(900));
      act('pause 60', `${t.pause.label}: ${t.pause.hour}`, () => actions.pause(3600));
      act('pause morning', `${t.pause.label}: ${t.pause.untilTomorrow}`, () => actions.pause(actions.untilMorning()));
      act('pause open', `${t.pause.label}: ${t.pause.untilResumed}`, () => actions.pause(null));
    }
    if (alerts.unreadCount) act('read', t.alerts.markAll, () => actions.markAllRead());
    act('demo', t.first.demo, () => actions.startDemo());
    act('diagnosis', p.copyDiagnosis, () => actions.copyDiagnosis());
    for (const { name, url, state } of snapshot.streams) {
      const stream = (id: string, text: string, run: () => void) => found.push({ id: `${id} ${name}`, kind: 'stream', name: text, also: url, run });
      stream('stream', name, () => dashboard.openStream(name));
      if (state !== 'paused') stream('try', p.reconnect(name), () => dashboard.attempt(() => resident.reconnect(name)));
      if (state === 'needs-sign-in') stream('sign in', p.signIn(name), () => actions.signIn(name));
      stream('diagnose', p.diagnose(name), () => dashboard.diagnose(name));
      stream('edit', p.edit(name), () => dashboard.editStream(name));
      const silent = actions.silentStream(name);
      if (silent) stream('silence', p.hearStream(name), () => actions.endSilence(silent, t.alerts.silencing.stream(name)));
      else stream('silence', p.silenceStream(name), () => actions.silenceStream(name, null));
      const off = state === 'paused';
      stream('turn', off ? p.turnStreamOn(name) : p.turnStreamOff(name), () => {
        dashboard.openStream(name);
        void actions.turnStream(name, off);
      });
      stream('feed', p.feedOf(name), () => dashboard.openEventsOf(name));
    }
    for (const tile of snapshot.tiles) {
      const open = () => {
        dashboard.show('now');
        if (chart.id !== tileId(tile)) chart.toggle(tile);
      };
      found.push({ id: `chart ${tile.stream} ${tile.feed} ${tile.key}`, kind: 'value', name: p.chartOf(tile.key), also: tile.stream, run: open });
    }
  }
  for (const { name, events, enabled } of streams.configuration?.rules ?? []) {
    found.push({ id: `rule ${name}`, kind: 'rule', name, also: events.join(' '), run: () => dashboard.editRule(name) });
    found.push({ id: `turn rule ${name}`, kind: 'rule', name: enabled ? p.turnOff(name) : p.turnOn(name), run: () => void actions.turnRule(name, !enabled) });
    if (!snapshot) continue;
    const silent = actions.silentRule(name);
    const silence = (text: string, run: () => void) => found.push({ id: `silence rule ${name}`, kind: 'rule', name: text, run });
    if (silent) silence(p.hearRule(name), () => actions.endSilence(silent, t.alerts.silencing.rule(name)));
    else silence(p.silenceRule(name), () => actions.silenceRule(name));
  }
  for (const [section, name] of Object.entries(t.settings.sections)) set(`settings ${section}`, `${t.nav.settings}: ${name}`, () => dashboard.openSettings(section));
  for (const [theme, name] of entries(t.settings.themes)) set(`theme ${theme}`, `${t.settings.theme}: ${name}`, () => (preferences.theme = theme));
  for (const [language, name] of entries(t.settings.languages)) set(`language ${language}`, `${t.settings.language}: ${name}`, () => doings.speak(language));
  for (const [rise, name] of entries(t.settings.rises)) set(`rise ${rise}`, `${t.settings.rise}: ${name}`, () => (preferences.rise = rise));
  for (const order of TILE_ORDERS) set(`order ${order}`, `${t.now.order}: ${t.now.orders[order]}`, () => (preferences.tileOrder = order));
  act('shortcuts', t.shortcuts.title, doings.showShortcuts, shortcutOf('help'));
  return found;
}

function entries<K extends string, V>(record: Record<K, V>): [K, V][] {
  return Object.entries(record) as [K, V][];
}

