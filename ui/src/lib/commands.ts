/** Everything there is to do, to see and to set, for the command palette: what is at hand first. */
import * as alerts from './commands/alerts';
import * as feed from './commands/feed';
import { chart, orders, values } from './commands/now';
import type { Live, Page } from './commands/page';
import { rules, tiles } from './commands/rules';
import { quiet, settings, switches } from './commands/settings';
import { streams } from './commands/streams';
import { VIEWS } from './dashboard.svelte';
import type { Command, Offer } from './palette';
import { shortcutOf } from './shortcuts';

/** Everything that can be done now. */
export function* commands(page: Page): Generator<Offer> {
  const { resident } = page.dashboard;
  const live: Live | null = resident.link.is === 'connected' && resident.snapshot ? { ...page, snapshot: resident.snapshot } : null;
  yield* wayBack(page);
  yield* views(page);
  if (live) {
    yield* form(live);
    yield* alerts.chosen(live);
    yield* alerts.opened(live);
    yield* feed.opened(live);
    yield* chart(live);
    yield* unbroken(alerts.unread(live));
    yield* additions(live);
    yield* quiet(live);
    yield* alerts.inbox(live);
    yield* feed.feed(live);
  }
  yield { id: 'shortcuts', kind: 'action', name: page.locale.words.shortcuts.title, keys: shortcutOf('help'), run: () => page.showShortcuts() };
  if (live) {
    yield streams(live);
    yield values(live);
    yield rules(live);
    yield tiles(live);
  }
  yield* settings(page);
  if (live) yield* switches(live);
  yield* orders(page);
}

/** What a part offers; nothing where it breaks, so that it takes nothing else with it. Its view says what broke. */
function unbroken(part: Generator<Command>): readonly Command[] {
  try {
    return [...part];
  } catch {
    return [];
  }
}

/** Undoes what was done last. */
function* wayBack({ dashboard: { notices }, locale: { words } }: Page): Generator<Command> {
  const notice = notices.undoable;
  if (!notice) return;
  const t = words.notice;
  const run = () => (notices.undoable === notice ? notices.undo(t.undone) : notices.tell({ text: t.late }));
  yield { id: 'undo', kind: 'action', name: words.named(notice.way ?? t.undo, notice.text), keys: shortcutOf('undo'), run };
}

/** What can be done with the form that is open. */
function* form({ dashboard, locale: { words } }: Live): Generator<Command> {
  const { view, streams, rules, tileForms } = dashboard;
  const ofStream = view === 'streams' && (streams.editing !== null || streams.adding !== null);
  const ofRule = view === 'rules' && (rules.editing !== null || tileForms.editing !== null || dashboard.exchange.open !== 'no');
  if (!ofStream && !ofRule) return;
  if (!streams.adding && dashboard.exchange.open === 'no') yield { id: 'save', kind: 'action', name: words.shortcuts.save, keys: shortcutOf('save'), run: () => dashboard.save() };
  yield { id: 'close', kind: 'action', name: words.shortcuts.close, keys: 'Esc', run: () => (ofStream ? dashboard.forms.closeStream() : dashboard.forms.closeRules()) };
}

function* views({ dashboard, locale: { words } }: Page): Generator<Command> {
  for (const view of VIEWS) yield { id: `view ${view}`, kind: 'view', name: words.nav[view], also: words.palette.goTo, keys: shortcutOf(view), run: () => dashboard.show(view) };
  yield { id: 'tiles', kind: 'view', name: words.palette.tiles, also: words.palette.goTo, run: () => dashboard.showTiles() };
}

/** What is added, brought in, given away and started. */
function* additions({ dashboard, actions, locale: { words: t } }: Live): Generator<Command> {
  const act = (id: string, name: string, run: () => void, keys?: string): Command => ({ id, kind: 'action', name, also: t.nav.rules, keys, run });
  yield act('add', t.streams.addLong, () => dashboard.addStream(), shortcutOf('add'));
  yield act('add rule', t.rules.addLong, () => dashboard.addRule());
  yield act('add tile', t.tileForm.add, () => dashboard.addTile());
  yield act('import', t.exchange.importTitle, () => dashboard.startImport());
  yield act('export', t.exchange.exportTitle, () => dashboard.startExport());
  yield act('demo', t.first.demo, () => actions.startDemo());
  yield act('diagnosis', t.palette.copyDiagnosis, () => actions.copyDiagnosis());
}
