// What is pictured: a scene of the fake resident, and what a person does in it.
const by = (page, testid) => page.getByTestId(testid).first();
const show = (view) => (page) => by(page, `nav-${view}`).click();
const press = (testid) => (page) => by(page, testid).click();
const key = (keys) => (page) => page.keyboard.press(keys);
const type = (testid, text) => (page) => by(page, testid).fill(text);
const pick = (testid, value) => (page) => by(page, testid).selectOption(value);
const choose = (testid, value) => (page) => by(page, testid).locator(`input[value="${value}"] + span`).click();
const unfold = (testid) => (page) => by(page, testid).locator('summary').first().click();
const see = (testid) => (page) => by(page, testid).waitFor();
/** Brings something to the top of what it is scrolled in. */
const bring = (testid) => (page) => by(page, testid).evaluate((element) => element.scrollIntoView({ block: 'start' }));
const inDetail = (selector) => (page) => page.locator(selector).first().click();

const alert = [show('alerts'), inDetail('[data-testid=alert-row], [data-testid=alert-group]')];
const event = [show('feed'), press('feed-row'), see('event-detail')];
const stream = [show('streams'), press('stream-open')];
const rule = [show('rules'), press('rule-open'), see('rule-name')];
const adding = (url) => [press('add-stream'), type('add-url', url), press('add-connect')];
const signingIn = [...adding('https://api.example.com/secret'), see('add-asks')];

const WRITTEN = '[[rule]]\nname = "Disk full"\nevent = "disk"\nwhen = "data.used > 90"\ntitle = "{{ data.host }} is full"\n';

/** By name: the scene, and the steps. */
export const PICTURES = {
  now: ['calm'],
  trouble: ['trouble'],
  lost: ['lost'],
  first: ['first'],
  restart: ['restart'],
  chart: ['calm', press('tile')],
  'chart-point': ['calm', press('tile'), see('plot'), (page) => by(page, 'plot').focus(), key('ArrowLeft'), key('ArrowLeft')],
  outage: ['trouble', press('tile')],

  alerts: ['calm', show('alerts')],
  alert: ['calm', ...alert],
  why: ['calm', ...alert, unfold('why'), see('why-rule'), bring('why')],
  checked: ['calm', show('alerts'), inDetail('[data-testid=alert-group] .check'), see('checked')],
  silence: ['calm', ...alert, press('silence'), see('silence-panel')],
  'silence-own': ['calm', ...alert, press('silence'), type('silence-amount', '0')],
  found: ['calm', show('alerts'), type('alert-search', 'gold')],
  nothing: ['calm', show('alerts'), type('alert-search', 'unobtainium')],
  notice: ['calm', show('alerts'), press('mark-all-read')],
  'no-alerts': ['first', show('alerts')],

  feed: ['calm', show('feed')],
  event: ['calm', ...event],
  held: ['calm', show('feed'), press('feed-pause'), see('feed-fresh')],
  'feed-time': ['calm', show('feed'), press('feed-time'), see('feed-time-ask')],
  'feed-until': ['calm', show('feed'), press('feed-time'), press('feed-time-go'), see('feed-until')],
  'no-events': ['first', show('feed')],

  streams: ['trouble', show('streams')],
  stream: ['calm', ...stream],
  'stream-diagnosis': ['calm', show('streams'), inDetail('[data-name=ops] [data-testid=stream-open]'), choose('stream-pane', 'diagnosis'), press('diagnose'), see('finding')],
  'stream-lengths': ['calm', ...stream, press('stream-silence')],
  'stream-form': ['calm', ...stream, press('stream-edit')],
  'stream-form-more': ['calm', ...stream, press('stream-edit'), unfold('stream-more'), press('add-secret-header'), bring('stream-more')],
  'stream-form-oauth2': ['calm', ...stream, press('stream-edit'), pick('stream-auth', 'oauth2')],
  'stream-form-fault': ['calm', ...stream, press('stream-edit'), type('stream-name', ''), type('stream-url', 'market'), press('stream-save')],
  'stream-form-tested': ['calm', ...stream, press('stream-edit'), press('stream-test'), see('test-result'), (page) => page.waitForTimeout(900)],
  'stream-text': ['calm', ...stream, press('stream-edit'), choose('stream-mode', 'text'), see('stream-text')],
  'stream-remove': ['calm', ...stream, press('stream-remove')],
  'no-streams': ['first', show('streams')],

  'add-stream': ['calm', press('add-stream')],
  'add-preset': ['calm', press('add-stream'), press('add-preset')],
  'add-trouble': ['calm', ...adding('https://example.com/page'), see('add-trouble')],
  'add-sign-in': ['calm', ...signingIn],
  'add-refused': ['calm', ...signingIn, press('add-sign-in-go')],
  'add-code': ['calm', ...signingIn, pick('add-auth', 'oauth2'), pick('stream-grant', 'device')],
  'add-quiet': ['calm', ...adding('https://example.com/silent'), see('add-status')],
  'add-events': ['calm', ...adding('https://example.com/stream'), inDetail('[data-name=market-alert] [data-testid=add-ring]'), press('add-tile')],

  rules: ['calm', show('rules')],
  'rule-new': ['calm', show('rules'), press('rule-add'), see('rule-name')],
  'rule-of-event': ['calm', ...event, press('make-rule'), see('preview-summary')],
  rule: ['calm', ...rule],
  'rule-more': ['calm', ...rule, unfold('rule-more'), bring('rule-more')],
  'rule-sound': ['calm', ...rule, unfold('rule-more'), pick('rule-sound-pick', 'message'), bring('rule-hear')],
  'rule-crosses': ['calm', ...rule, pick('rule-trigger', 'crosses'), bring('rule-trigger')],
  'rule-missing': ['calm', ...rule, pick('rule-trigger', 'expect-by'), bring('rule-trigger')],
  'rule-fault': ['calm', ...rule, unfold('rule-more'), type('rule-when', 'data.change_pct >'), (page) => page.locator('[data-testid=rule-when][aria-invalid=true]').waitFor(), bring('rule-more')],
  'rule-text': ['calm', ...rule, choose('rule-mode', 'text'), see('rule-text')],
  'rule-text-fault': ['calm', ...rule, choose('rule-mode', 'text'), type('rule-text', 'name = "Market alert"\nevent = "market-alert"\nwhen = "data.price >"\n'), see('rule-fault')],
  'rule-silence': ['calm', show('rules'), press('rule-silence'), see('silence-panel')],
  tiles: ['calm', show('rules'), choose('rules-tab', 'tiles')],
  tile: ['calm', show('rules'), choose('rules-tab', 'tiles'), press('tile-open'), see('tile-editor')],
  'tile-of-event': ['calm', ...event, press('make-tile'), see('tile-editor')],
  export: ['calm', show('rules'), press('rules-export'), see('export-text')],
  import: ['calm', show('rules'), press('rules-import'), type('import-text', WRITTEN), see('import-item')],
  'no-rules': ['first', show('rules')],

  'stored-secrets': ['calm', show('settings'), press('list-secrets'), see('stored-secrets'), bring('settings-secrets')],
  settings: ['calm', show('settings')],
  'settings-silences': ['calm', show('settings'), press('add-silence'), bring('silence-form')],
  'settings-quiet': ['calm', show('settings'), bring('settings-quiet')],
  'settings-look': ['calm', show('settings'), bring('settings-look')],
  'settings-programs': ['calm', show('settings'), bring('settings-programs')],
  'settings-start': ['calm', show('settings'), bring('settings-start')],
  'settings-about': ['calm', show('settings'), unfold('diagnosis'), bring('settings-about')],

  pause: ['calm', press('pause-menu')],
  paused: ['calm', press('pause-menu'), press('pause-60')],
  palette: ['calm', key('Control+k')],
  'palette-found': ['calm', key('Control+k'), type('palette-input', 'mark')],
  shortcuts: ['calm', key('?')],
};
