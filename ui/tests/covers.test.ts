/** The palette does what the views do: each button, menu, choice and switch has a command, or a reason why it has none. */
import { expect, test } from 'vitest';

import { Actions } from '../src/lib/actions.svelte';
import { ruleView } from '../src/lib/backend/edits';
import { Clock } from '../src/lib/clock.svelte';
import { commands } from '../src/lib/commands';
import { Dashboard, VIEWS } from '../src/lib/dashboard.svelte';
import { plain } from '../src/lib/i18n/text';
import { Locale } from '../src/lib/i18n/locale.svelte';
import { Preferences } from '../src/lib/preferences.svelte';
import type { Diagnosis, Snapshot } from '../src/lib/protocol';
import { emptyRule } from '../src/lib/rule-draft';
import { emptyTile } from '../src/lib/tile-forms.svelte';
import { deeds } from './deeds';
import { anAlert, anEvent, aForm, alertPages, aSnapshot, aStream, ScriptedBackend } from './support';

/** What has a command: the commands that do it, for the stage below. */
const COVERED: Record<string, readonly string[]> = {
  'AlertActions acknowledge': ['acknowledge'],
  'AlertActions unacknowledge': ['unacknowledge'],
  'AlertActions alert-link': ['alert-link'],
  'AlertActions mute-rule': ['silence-rule-60 A'],
  'AlertActions mark-unread': ['mark-unread'],
  'AlertActions silence': ['alert-silence'],
  'AlertDetail show-in-feed': ['alert-event'],
  'AlertList onrules': ['view rules'],
  'AlertList alerts-all': ['alerts-all'],
  'AlertRow alert-row': ['alert 2'],
  'AlertTools bulk-read': ['mark-read'],
  'AlertTools bulk-acknowledge': ['acknowledge'],
  'AlertTools bulk-unread': ['mark-unread'],
  'AlertTools bulk-unacknowledge': ['unacknowledge'],
  'AlertTools uncheck': ['uncheck'],
  'AlertTools alert-show': ['alerts-all', 'alerts-unread', 'alerts-acknowledged', 'alerts-resolved'],
  'AlertTools group-alerts': ['group'],
  'Alerts show-silences': ['settings loud'],
  'Now now-silences': ['settings loud'],
  'Alerts mark-all-read': ['read'],
  'About t.copyDiagnosis': ['diagnosis'],
  'DiagnosisPane diagnose': ['diagnose market'],
  'EditorFrame {testid}-close': ['close'],
  'EventDetail onclose': ['event-close'],
  'EventDetail make-rule': ['event-rule'],
  'EventDetail make-tile': ['event-tile'],
  'EventDetail ignore-event': ['event-ignore'],
  'EventDetail () => onalert(alert.id)': ['event-alert 1'],
  'ExportPane onclose': ['close'],
  'Feed feed-pause': ['feed-hold'],
  'FeedList feed-clear': ['feed-all'],
  'FeedList feed-add-stream': ['add'],
  'QuietList quiet-add': ['settings quiet'],
  'QuietList quiet-change': ['settings quiet'],
  'TileGrid add-tile': ['add tile'],
  'FeedList feed-newest': ['feed-newest'],
  'FeedTools feed-stream': ['feed market'],
  'GoToTime feed-time': ['feed-time'],
  'FirstStart first-demo': ['demo'],
  'FirstStart first-add-stream': ['add'],
  'ImportPane onclose': ['close'],
  'NavBar nav-{one}': VIEWS.map((view) => `view ${view}`),
  'NavBar help': ['shortcuts'],
  'NoticeLine undo': ['undo'],
  'Now all-alerts': ['view alerts'],
  'Now all-events': ['view feed'],
  'OrderedRow {testid}-open': ['rule A', 'tile 0'],
  'OrderedRow {testid}-up': ['rule-up B', 'tile-up 1'],
  'OrderedRow {testid}-down': ['rule-down A', 'tile-down 0'],
  "PauseMenu inline ? 'settings-resume' : 'resume'": ['resume'],
  "PauseMenu inline ? 'settings-pause-menu' : 'pause-menu'": ['pause 15', 'pause 60', 'pause morning', 'pause open'],
  'Programs allow-programs': ['programs'],
  'Quantities sounds': ['sounds'],
  'RuleEditor editor-silence': ['silence-rule-15 A', 'silence-rule-60 A', 'silence-rule-morning A'],
  'RuleEditor rule-save': ['save'],
  'RuleEditor rule-test': ['test-rule A'],
  'RuleEditor rule-remove': ['remove-rule A'],
  'RuleRow rule-switch': ['turn-rule A'],
  'RuleRow rule-silence': ['silence-rule-15 A', 'silence-rule-60 A', 'silence-rule-morning A'],
  'Rules rules-tab': ['view rules', 'tiles'],
  'Rules rules-import': ['import'],
  'Rules rules-export': ['export'],
  'Rules rule-add': ['add rule'],
  'Rules tile-add': ['add tile'],
  'Rules () => beside(() => tileForms.add())': ['add tile'],
  'Rules () => beside(() => rules.add())': ['add rule'],
  'Settings add-silence': ['silence-new'],
  'Settings choose-theme': ['theme system', 'theme light', 'theme dark'],
  'Settings choose-language': ['language system', 'language en', 'language zh'],
  'Settings choose-rise': ['rise system', 'rise green', 'rise red'],
  'Settings start-at-login': ['start-at-login'],
  'SignIn sign-in-cancel': ['sign-in-cancel coded'],
  'SignIn sign-in-dismiss': ['sign-in-cancel coded'],
  'SignIn sign-in-again': ['sign-in coded'],
  'Silences () => endPause(pause)': ['hear off'],
  'Silences end-silence': ['end-silence 7'],
  'Silent {testid}-end': ['hear off', 'hear-rule B'],
  'StoredSecrets list-secrets': ['secrets'],
  'StoredSecrets forget-secret': ['settings secrets'],
  'StreamActions detail-sign-in': ['sign-in coded'],
  'StreamActions stream-reconnect': ['try market'],
  'StreamActions stream-switch': ['turn market', 'turn off'],
  'StreamActions stream-silence': ['silence-15 market', 'silence-60 market', 'silence-morning market', 'silence-open market'],
  'StreamActions stream-edit': ['edit market'],
  'StreamActions stream-remove': ['remove market'],
  'StreamDetail stream-events': ['feed market'],
  'StreamDetail stream-pane': ['stream market', 'diagnose market'],
  'StreamForm stream-save': ['save'],
  'StreamForm stream-cancel': ['close'],
  'StreamRow stream-open': ['stream market'],
  'StreamRow stream-sign-in': ['sign-in coded'],
  'StreamRow stream-retry': ['try market'],
  'Streams () => dashboard.addStream()': ['add'],
  'Tile tile': ['chart market 0 BTC'],
  'TileChart chart-range': ['chart-range 5m', 'chart-range 30d'],
  'TileChart chart-edit': ['tile 0'],
  'TileChart chart-unzoom': ['chart-unzoom'],
  'TileChart chart-close': ['chart-close'],
  'TileEditor tile-save': ['save'],
  'TileEditor tile-remove': ['remove-tile 0'],
  'TileGrid tile-order': ['order hand', 'order name', 'order change'],
  'TopBar add-stream': ['add'],
  'AddStream add-close': ['close'],
  'StatusLine status-step': ['try market', 'sign-in coded'],
  'Troubles () => go(step)': ['try market', 'sign-in coded'],
};

/** What has none, and why. */
const WITHOUT: readonly (readonly [why: string, ...deeds: (string | RegExp)[]])[] = [
  ['a field of a form, or a part of it', /^(OwnLength|QuietForm|Add(Address|Events|Name|SignIn|Suggestions|Trouble)|Days|NewToken|Preset|Rule(Buttons|Fields|Form\w+|Names|Sound)|Secret\w+|SilenceForm|SilencePanel|StreamForm\w+|QuietWeek) /, 'NewToken', 'Preset', 'RuleButtons', 'StreamFormConnection', 'StreamFormEvents', 'RuleEditor rule-mode', 'StreamForm stream-mode', 'StreamForm stream-auth', 'StreamForm stream-enabled', 'StreamForm stream-test', "StreamForm () => (draft.authSource = 'keyring')", 'TileEditor tile-stream', 'GoToTime feed-time-go', /^ExportPane export-/, 'ImportPane import-apply', 'RulePreview preview-show', 'PreviewStrip preview-peek', 'TomlEditor () => go(fault)', 'DiagnosisPane'],
  ['copies what stands beside it', 'CopyButton copy', 'AlertActions label ?? t.copy', 'EventData copy-value', 'EventData copy-pointer', 'ExportPane', 'FindingItem t.copyMend', 'SignIn t.copy', 'StreamDetail', 'About t.copyPath', 'BrokenFile locale.words.settings.copyPath', 'Guard t.copy'],
  ['a link or more of a text that is open', 'EventData data-link', 'EventData text-more', 'SignIn sign-in-open', 'Plot chart-alert'],
  ['stands in place of what could not be shown, or has not come yet', 'FeedList () => void feed.reload()', 'Guard broken-again', 'ListFrame {testid}-fresh', 'ListFrame {testid}-again', 'Settings settings-again', 'Settings about-again', 'Rules rules-again', 'Stopped stopped-reload', 'TileChart chart-again', 'FirstStart'],
  ['answers a question, or closes what floats', 'ConfirmRemove keep', 'ConfirmRemove remove-confirmed', 'NoticeLine dismiss', 'Shortcuts onclose', 'Split onback', 'Troubles more-troubles'],
  ['is the palette', 'TopBar find'],
  ['is made of by those above', 'LengthMenu testid', /^LengthMenu \{prefix\}/, 'Check testid', 'Switch testid', 'FeedRow feed-row'],
];

const reasonFor = (deed: string) => WITHOUT.find(([, ...named]) => named.some((one) => (typeof one === 'string' ? one === deed : one.test(deed))))?.[0];

/** A page where everything can be done. */
async function stage() {
  const rules = [ruleView({ ...emptyRule('A'), events: ['price-update'] }), ruleView({ ...emptyRule('B'), enabled: false })];
  const tiles = [{ ...emptyTile(), value: '/price' }, { ...emptyTile(), value: '/celsius' }];
  const empty = await new ScriptedBackend().ask({ call: 'configuration' });
  if (empty.answer !== 'configuration') throw new Error('no configuration');
  const alert = anAlert(1, { rule: 'A', link: 'https://example.com/1', answer: 'acknowledged', read: true });
  const other = anAlert(2, { rule: 'A' });
  const backend = new ScriptedBackend({
    configuration: () => ({ answer: 'configuration', value: { ...empty.value, rules, tiles, streams: [aForm()] } }),
    'start-at-login': () => ({ answer: 'start-at-login', value: { enabled: false, trouble: plain('') } }),
    diagnosis: () => ({ answer: 'diagnosis', value: { text: '', files: [], version: '', platform: '' } as unknown as Diagnosis }),
    history: () => ({ answer: 'history', value: [anEvent(1)] }),
    alerts: alertPages([other, alert]),
  });
  const preferences = new Preferences({ getItem: () => null, setItem: () => {} }, 'en');
  const locale = new Locale(preferences, 'en');
  const dashboard = new Dashboard(backend);
  const page = { dashboard, actions: new Actions(dashboard, locale, new Clock()), preferences, locale, speak: () => {}, showShortcuts: () => {} };
  const tile = { feed: 0, stream: 'market', key: 'BTC', keyed: true, label: null, unit: null, text: '1', value: 1, change: null, changePct: null, trend: 'flat' as const, atMs: 0, spark: [] };
  const snapshot: Partial<Snapshot> = {
    alerts: [other], tiles: [tile],
    streams: [aStream('market'), aStream('off', { state: 'paused' }), aStream('coded', { state: 'needs-sign-in', byCode: true, signIn: { step: 'asking' } }), aStream('rule A')],
    streamPauses: [{ stream: 'off', untilMs: null }],
    silences: [{ id: 7, matcher: { stream: null, rule: 'B', group: null, text: null }, untilMs: Date.now() + 3_600_000, comment: '', atMs: 0 }],
  };
  dashboard.run(document);
  backend.hearer?.link({ link: 'connected' });
  backend.hearer?.push({ push: 'snapshot', value: aSnapshot(snapshot) });
  await Promise.all([dashboard.streams.load(), dashboard.settings.load(), dashboard.alerts.load(), dashboard.feed.reload()]);
  return { page, dashboard, backend, snapshot, tile };
}

/** The ids of all that is offered. */
function offered(page: Parameters<typeof commands>[0]): string[] {
  const ids = [...commands(page)].flatMap((offer) => ('run' in offer ? [offer.id] : [...offer.all()].map(({ id }) => id)));
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  return ids;
}

test('each thing the views let somebody do has a command in the palette, or a reason why it has none', async () => {
  const { page, dashboard, backend, snapshot, tile } = await stage();
  const ids = new Set(offered(page));
  const look = () => offered(page).forEach((id) => ids.add(id));
  dashboard.tell({ text: 'done', undo: () => {} });
  dashboard.show('alerts');
  dashboard.inbox.checkAll();
  look();
  dashboard.inbox.uncheck();
  for (const id of [1, 2]) {
    dashboard.openAlert(id);
    look();
  }
  dashboard.inbox.checkAll();
  look();
  dashboard.openEvent(anEvent(1, { alerts: [anAlert(1)] }));
  look();
  await dashboard.feed.narrow({ ...dashboard.feed.filter, text: 'x', untilMs: 1 });
  look();
  dashboard.show('now');
  dashboard.chart.toggle(tile);
  dashboard.chart.zoom({ fromMs: 0, toMs: 10_000 });
  look();
  dashboard.addRule();
  look();
  backend.hearer?.push({ push: 'snapshot', value: aSnapshot({ ...snapshot, pause: { untilMs: null } }) });
  look();

  const there = [...new Set(deeds('src'))];
  const untold = there.filter((deed) => !(deed in COVERED) && !reasonFor(deed));
  expect(untold, 'have neither a command nor a reason').toEqual([]);
  expect(Object.keys(COVERED).filter((deed) => !there.includes(deed)), 'are in no view').toEqual([]);
  expect(Object.values(COVERED).flat().filter((id) => !ids.has(id)), 'are not offered').toEqual([]);
});
