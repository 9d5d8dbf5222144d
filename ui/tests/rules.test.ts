/** The list of rules and the rule editor, on the fake resident. */
import { cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, expect, test, vi } from 'vitest';

import App from '../src/App.svelte';
import { ruleView } from '../src/lib/backend/edits';
import { plain } from '../src/lib/i18n/text';
import type { AlertView, Answer, PreviewReport, RuleForm } from '../src/lib/protocol';
import { emptyRule } from '../src/lib/rule-draft';
import { RuleEditing } from '../src/lib/rule-editing.svelte';
import { TileEditing } from '../src/lib/tile-forms.svelte';
import { aConfiguration, anAlert, anEvent, aSnapshot, ScriptedBackend } from './support';

// What is typed is tried once the typing rests; on a busy machine that takes its time.
configure({ asyncUtilTimeout: 5000 });

beforeEach(() => {
  localStorage.setItem('streambell.preferences', '{"language":"en"}');
});

const edited = (): Answer => ({ answer: 'edited', value: { undo: 7 } });
const tile = { stream: 'market', event: null, key: null, value: null, change: null, unit: null, label: null };

function aPreview(part: Partial<PreviewReport> = {}): PreviewReport {
  return { text: '', faults: [], events: [], absences: [], shown: 0, tried: 0, cut: false, ...part };
}

const RULES: RuleForm[] = [emptyRule('First', { events: ['a'] }), emptyRule('Second', { events: ['b'], enabled: false, run: ['notify-team'] }), emptyRule('Third')];

async function open(answers: ConstructorParameters<typeof ScriptedBackend>[0] = {}) {
  const backend = new ScriptedBackend({
    configuration: () => ({ answer: 'configuration', value: aConfiguration({ rules: RULES.map(ruleView), tiles: [tile] }) }),
    'rule-counts': () => ({ answer: 'rule-counts', value: [{ rule: 'First', fired: 12, shown: 9, lastAtMs: 1 }] }),
    'preview-rule': () => ({ answer: 'preview', value: aPreview() }),
    history: () => ({ answer: 'history', value: [anEvent(1, { event: 'market-alert', data: '{"symbol":"BTC","price":3}' })] }),
    'save-rule': edited, 'remove-rule': edited, 'move-rule': edited, 'enable-rule': edited, undo: edited, 'save-tile': edited, 'remove-tile': edited, 'move-tile': edited,
    ...answers,
  });
  render(App, { props: { backend } });
  await waitFor(() => expect(backend.hearer).toBeDefined());
  backend.hearer?.link({ link: 'connected' });
  backend.hearer?.push({ push: 'snapshot', value: aSnapshot() });
  await fireEvent.click(screen.getByTestId('nav-rules'));
  await screen.findAllByTestId('rule-row');
  return backend;
}

const row = (at: number) => screen.getAllByTestId('rule-row')[at]!;

test('rules are listed in order with what they do and how often they rang', async () => {
  await open();
  await waitFor(() => expect(row(0).textContent).toContain('12 alerts in 7 days · 9 shown'));
  expect(row(0).textContent).toContain('Rings on “a”.');
  expect(row(1).textContent).toContain('no alert in 7 days');
  expect(row(1).textContent).toContain('starts a program');
  expect(screen.getAllByTestId<HTMLInputElement>('rule-switch').map(({ checked }) => checked)).toEqual([true, false, true]);
});

test('how often rules fired follows the alerts while somebody sees it, read once for many that come together', async () => {
  let fired = 12;
  const backend = await open({ 'rule-counts': () => ({ answer: 'rule-counts', value: [{ rule: 'First', fired, shown: 9, lastAtMs: 1 }] }) });
  await waitFor(() => expect(row(0).textContent).toContain('12 alerts'));
  const reads = () => backend.of('rule-counts').length;
  const come = (alerts: AlertView[]) => backend.hearer?.push({ push: 'events', value: { events: [anEvent(2, { alerts })], omitted: 0 } });
  const before = reads();
  come([]);
  fired = 14;
  for (let id = 1; id < 40; id += 1) come([anAlert(id)]);
  backend.hearer?.push({ push: 'alerts', value: [anAlert(1)] });
  await waitFor(() => expect(row(0).textContent).toContain('14 alerts in 7 days'));
  expect(reads()).toBe(before + 1);
  await fireEvent.click(screen.getByTestId('nav-streams'));
  vi.useFakeTimers();
  come([anAlert(50)]);
  await vi.advanceTimersByTimeAsync(5000);
  vi.useRealTimers();
  expect(reads()).toBe(before + 1);
});

test('a single rule has no arrows and no grip, and one that is not alone has them', async () => {
  await open({ configuration: () => ({ answer: 'configuration', value: aConfiguration({ rules: RULES.slice(0, 1).map(ruleView) }) }) });
  expect([screen.queryByTestId('rule-up'), screen.queryByTestId('rule-down'), row(0).querySelector('[data-grip]')]).toEqual([null, null, null]);
  cleanup();
  await open();
  expect(screen.getAllByTestId('rule-up')).toHaveLength(3);
  expect(row(0).querySelector('[data-grip]')).not.toBeNull();
});

test('of a rule that only stores its alerts nobody reads that it would ring', async () => {
  const alert = { atMs: Date.now(), title: 'A', body: '', urgency: 'none' as const, group: '', link: '', shown: false, reason: 'stored-only' as const };
  const event = { seq: 1, atMs: 1, stream: 'market', event: 'a', data: '{}', verdict: 'fired' as const, stoppedBy: null, checks: [], alert };
  await open({ 'preview-rule': () => ({ answer: 'preview', value: aPreview({ events: [event, { ...event, seq: 2 }, { ...event, seq: 3, alert: null, verdict: 'unmatched' }], tried: 3 }) }) });
  await fireEvent.click(screen.getAllByTestId('rule-open')[0]!);
  await waitFor(() => expect(screen.getByTestId('preview-peek').textContent).toContain('Would only store 2 of 3'));
  expect(screen.getByTestId('preview-summary').textContent).toBe('Of the last 3 events it would have stored 2 as alerts, and shown none.');
  expect(screen.getByLabelText('Would store (2)')).toBeDefined();
  expect(screen.getByTestId('rule-editor').textContent).not.toMatch(/ring \d|rung/);
});

test('a rule is switched with a way back', async () => {
  const backend = await open();
  await fireEvent.click(screen.getAllByTestId('rule-switch')[0]!);
  expect(backend.of('enable-rule')).toEqual([{ call: 'enable-rule', name: 'First', enabled: false }]);
  await fireEvent.click(await screen.findByText('Undo'));
  expect(backend.of('undo')).toEqual([{ call: 'undo', edit: 7 }]);
});

test('a rule is moved by keyboard and by button, and not beyond the ends', async () => {
  const backend = await open();
  await fireEvent.keyDown(screen.getAllByTestId('rule-open')[1]!, { key: 'ArrowUp', altKey: true });
  await fireEvent.keyDown(screen.getAllByTestId('rule-open')[0]!, { key: 'ArrowUp', altKey: true });
  await fireEvent.keyDown(screen.getAllByTestId('rule-open')[0]!, { key: 'ArrowDown' });
  await fireEvent.click(screen.getAllByTestId('rule-down')[1]!);
  expect(backend.of('move-rule')).toEqual([{ call: 'move-rule', name: 'Second', to: 0 }, { call: 'move-rule', name: 'Second', to: 2 }]);
  await waitFor(() => expect(screen.getByTestId('notice').textContent).toContain('“Second” is now number 3 of 3'));
  await fireEvent.click(screen.getByTestId('undo'));
  expect(backend.of('undo')).toEqual([{ call: 'undo', edit: 7 }]);
  expect(screen.getAllByTestId<HTMLButtonElement>('rule-down')[2]!.disabled).toBe(true);
});

test('Alt and an arrow key in the form of a silence choose there, and move no rule', async () => {
  const backend = await open();
  await fireEvent.click(screen.getAllByTestId('rule-silence')[1]!);
  for (const field of ['silence-unit', 'silence-hour', 'silence-comment', 'silence-submit']) {
    expect(await fireEvent.keyDown(await screen.findByTestId(field), { key: 'ArrowUp', altKey: true }), field).toBe(true);
  }
  expect(backend.of('move-rule')).toEqual([]);
});

test('a rule is made from picks, tried while it is written, and saved under its event’s name', async () => {
  const alert = { atMs: Date.now(), title: '<b>BTC</b>', body: '', urgency: 'normal' as const, group: '', link: '', shown: true, reason: '' as const };
  const event = { seq: 1, atMs: 1, stream: 'market', event: 'market-alert', data: '{}', verdict: 'fired' as const, stoppedBy: null, checks: [], alert };
  const backend = await open({ 'preview-rule': () => ({ answer: 'preview', value: aPreview({ events: [event, { ...event, seq: 2, alert: null, verdict: 'unmatched' }], shown: 1, tried: 2 }) }) });
  await fireEvent.click(screen.getByTestId('rule-add'));
  await fireEvent.click(await screen.findByTestId('rule-events-known'));
  await fireEvent.click(screen.getAllByTestId('rule-insert')[1]!);
  await waitFor(() => expect(screen.getByTestId<HTMLInputElement>('rule-title').value).toBe('{{ data.price }}'));
  await waitFor(() => expect(backend.of('preview-rule').at(-1)).toMatchObject({ original: null, draft: { draft: 'form', value: { events: ['market-alert'], title: '{{ data.price }}' } } }));
  await waitFor(() => expect(screen.getByTestId('preview-summary').textContent).toBe('Of the last 2 events it would have rung once, as 1 notification.'));
  expect(screen.getByTestId('preview-alert').textContent).toContain('<b>BTC</b>');
  await fireEvent.click(screen.getByTestId('rule-save'));
  await waitFor(() => expect(screen.queryByTestId('rule-editor')).toBeNull());
  expect(backend.of('save-rule')).toMatchObject([{ original: null, base: null, draft: { value: { name: 'market-alert', events: ['market-alert'] } } }]);
});

test('a rule that makes nothing says only what matches, and as before where it is to tell again', async () => {
  const event = { seq: 1, atMs: 1, stream: 'market', event: 'a', data: '{}', verdict: 'ignored' as const, stoppedBy: null, checks: [], alert: null };
  const other = { ...event, seq: 2, verdict: 'stopped' as const, stoppedBy: 'Third' };
  const backend = await open({ 'preview-rule': () => ({ answer: 'preview', value: aPreview({ events: [event, other], tried: 2 }) }) });
  await fireEvent.click(screen.getAllByTestId('rule-open')[0]!);
  await fireEvent.input(await screen.findByTestId('rule-title'), { target: { value: 'Loud' } });
  await fireEvent.click(screen.getByTestId('rule-ignore'));
  expect(screen.queryByTestId('rule-title')).toBeNull();
  expect(screen.queryByTestId('rule-stop')).toBeNull();
  expect(screen.getByTestId<HTMLButtonElement>('rule-test').disabled).toBe(true);
  await waitFor(() => expect(backend.of('preview-rule').at(-1)).toMatchObject({ draft: { value: { events: ['a'], ignore: true, title: null } } }));
  await waitFor(() => expect(screen.getByTestId('preview-summary').textContent).toBe('Of the last 2 events it would have ignored 1.'));
  const [ignored, stopped] = screen.getAllByTestId('preview-silent').map(({ textContent }) => textContent);
  expect(ignored).toContain('It fits, and is ignored.');
  expect(stopped).toContain('The rule “Third” before it keeps it from this one.');
  await fireEvent.click(screen.getByTestId('rule-ignore'));
  expect(screen.getByTestId<HTMLInputElement>('rule-title').value).toBe('Loud');
  await fireEvent.click(screen.getByTestId('rule-ignore'));
  await fireEvent.click(screen.getByTestId('rule-save'));
  await waitFor(() => expect(backend.of('save-rule')).toMatchObject([{ original: 'First', draft: { value: { name: 'First', events: ['a'], ignore: true, title: null } } }]));
});

test('what is suggested is of the stream that was picked last, in whatever order the answers come', async () => {
  const answers: (() => void)[] = [];
  const history = ({ query: { stream } }: { query: { stream: string | null } }) =>
    new Promise<Answer>((resolve) => answers.unshift(() => resolve({ answer: 'history', value: [anEvent(1, { event: `of ${stream}` })] })));
  const backend = new ScriptedBackend({ history });
  const rule = new RuleEditing(backend, () => '', emptyRule('Any', { streams: ['a'] }), []);
  const made = new TileEditing(backend, { ...tile, stream: 'a' }, null);
  const learned = [rule.learn(), made.learn()];
  rule.form.streams = ['b'];
  made.tile.stream = 'b';
  learned.push(rule.learn(), made.learn());
  // The last is answered first, and heard of before the next.
  for (const [at, answer] of answers.entries()) {
    answer();
    await learned.at(-1 - at);
  }
  expect([[...rule.samples.keys()], made.names]).toEqual([['of b'], ['of b']]);
});

test('what is wrong stands at its field, and what was found last stays to be seen', async () => {
  const backend = await open({ 'preview-rule': () => ({ answer: 'preview', value: aPreview({ faults: [{ line: 3, column: 8, field: 'title', message: { en: 'title: there is no filter fixd', zh: 'title：没有过滤器 fixd' } }] }) }) });
  await fireEvent.click(screen.getAllByTestId('rule-open')[0]!);
  await waitFor(() => expect(screen.getByTestId('rule-title').getAttribute('aria-invalid')).toBe('true'));
  expect(screen.getByText('title: there is no filter fixd')).toBeDefined();
  expect(screen.getByTestId('preview-summary').textContent).toContain('Mend what is marked');
  expect(backend.of('save-rule')).toEqual([]);
});

test('what is wrong is said in the language that is read, at a field and at a line', async () => {
  localStorage.setItem('streambell.preferences', '{"language":"zh"}');
  const message = { en: 'title: filter fixd is unknown', zh: 'title：没有过滤器 fixd' };
  await open({
    'rule-text': () => ({ answer: 'rule-text', value: { text: 'name = "First"\n', form: null, faults: [] } }),
    'preview-rule': () => ({ answer: 'preview', value: aPreview({ faults: [{ line: 2, column: 9, field: 'title', message }] }) }),
  });
  await fireEvent.click(screen.getAllByTestId('rule-open')[0]!);
  expect(await screen.findByText(message.zh)).toBeDefined();
  await fireEvent.click(await screen.findByLabelText('TOML 原文'));
  expect((await screen.findByTestId('rule-fault')).textContent).toContain(message.zh);
  expect(screen.queryByText(message.en)).toBeNull();
});

test('a new rule without an event is called by a word of the language that is read', async () => {
  localStorage.setItem('streambell.preferences', '{"language":"zh"}');
  const backend = await open();
  await fireEvent.click(screen.getByTestId('rule-add'));
  expect((await screen.findByTestId<HTMLInputElement>('rule-name')).placeholder).toBe('规则');
  await fireEvent.click(screen.getByTestId('rule-save'));
  await waitFor(() => expect(backend.of('save-rule')).toMatchObject([{ draft: { value: { name: '规则' } } }]));
});

test('from the program that may not start one comes to the setting, and the rule is kept as it was typed', async () => {
  await open();
  await fireEvent.click(screen.getAllByTestId('rule-open')[0]!);
  await fireEvent.input(await screen.findByTestId('rule-name'), { target: { value: 'Other' } });
  await fireEvent.click(screen.getByTestId('rule-programs'));
  expect(await screen.findByTestId('allow-programs')).toBeDefined();
  await fireEvent.click(screen.getByTestId('nav-rules'));
  expect((await screen.findByTestId<HTMLInputElement>('rule-name')).value).toBe('Other');
});

test('a rule is edited as text with its faults at the line, and saved against what was read', async () => {
  const backend = await open({
    'rule-text': (call) => ({ answer: 'rule-text', value: { text: call.draft.draft === 'text' ? call.draft.value : 'name = "First"\n', form: null, faults: [] } }),
    'preview-rule': (call) => ({ answer: 'preview', value: aPreview({ faults: call.draft.draft === 'text' ? [{ line: 2, column: 1, field: null, message: { en: 'expected a key', zh: '此处应为键' } }] : [] }) }),
  });
  await fireEvent.click(screen.getAllByTestId('rule-open')[0]!);
  await fireEvent.click(await screen.findByLabelText('TOML'));
  const text = await screen.findByTestId<HTMLTextAreaElement>('rule-text');
  await fireEvent.input(text, { target: { value: 'name = "First"\n!' } });
  expect((await screen.findByTestId('rule-fault')).textContent).toContain('Line 2, column 1: expected a key');
  await fireEvent.click(screen.getByText('Line 2, column 1:'));
  expect(text.selectionStart).toBe(15);
  await fireEvent.click(screen.getByTestId('rule-save'));
  expect(backend.of('save-rule')).toMatchObject([{ original: 'First', base: ruleView(RULES[0]!).text, draft: { draft: 'text', value: 'name = "First"\n!' } }]);
});

test('a refusal because the file changed says what to do', async () => {
  await open({ 'save-rule': () => Promise.reject({ code: 'conflict', message: 'changed' }) });
  await fireEvent.click(screen.getAllByTestId('rule-open')[0]!);
  await fireEvent.input(await screen.findByTestId('rule-name'), { target: { value: 'Other' } });
  await fireEvent.click(screen.getByTestId('rule-save'));
  expect((await screen.findByTestId('rule-refusal')).textContent).toContain('changed meanwhile');
  expect(screen.getByTestId<HTMLInputElement>('rule-name').value).toBe('Other');
});

test('a rule is removed at once, with a way back', async () => {
  const backend = await open();
  await fireEvent.click(screen.getAllByTestId('rule-open')[2]!);
  await fireEvent.click(await screen.findByTestId('rule-remove'));
  await waitFor(() => expect(backend.of('remove-rule')).toEqual([{ call: 'remove-rule', name: 'Third' }]));
  await fireEvent.click(await screen.findByText('Undo'));
  expect(backend.of('undo')).toEqual([{ call: 'undo', edit: 7 }]);
});

test('what was typed stays where the removal of what it changes is refused', async () => {
  const refuse = () => Promise.reject({ code: 'failed', message: 'The file is broken.' });
  await open({ 'remove-rule': refuse, 'remove-tile': refuse });
  for (const [kind, tab, field] of [['rule', 'Rules', 'rule-name'], ['tile', 'Tiles', 'tile-value']] as const) {
    await fireEvent.click(screen.getByLabelText(tab));
    await fireEvent.click(screen.getAllByTestId(`${kind}-open`)[0]!);
    await fireEvent.input(await screen.findByTestId(field), { target: { value: 'typed' } });
    await fireEvent.click(screen.getByTestId(`${kind}-remove`));
    await screen.findByText('The file is broken.');
    expect(screen.getByTestId<HTMLInputElement>(field).value).toBe('typed');
    await fireEvent.click(screen.getByTestId('dismiss'));
  }
});

test('an import shows first what it would do, and asks about what reaches into this machine', async () => {
  const report = (applied: boolean) => ({
    faults: [], items: [{ kind: 'rule' as const, name: plain('Shout'), fate: 'added' as const, url: '' }, { kind: 'rule' as const, name: plain('First'), fate: 'clash' as const, url: '' }], reaching: ['Shout'], applied,
  });
  const backend = await open({ import: (call) => ({ answer: 'imported', value: report(call.apply) }) });
  await fireEvent.click(screen.getByTestId('rules-import'));
  await fireEvent.input(await screen.findByTestId('import-text'), { target: { value: '[[rule]]' } });
  const items = await screen.findAllByTestId('import-item');
  expect(items.map((item) => item.dataset.fate)).toEqual(['added', 'clash']);
  expect(items[0]?.textContent).toContain('Starts a program');
  expect(backend.of('import')).toEqual([{ call: 'import', text: '[[rule]]', apply: false }]);
  expect(screen.getByTestId('import-asks')).toBeDefined();
  await fireEvent.click(screen.getByTestId('import-apply'));
  await waitFor(() => expect(backend.of('import')[1]).toEqual({ call: 'import', text: '[[rule]]', apply: true }));
  expect(await screen.findByText('1 thing added.')).toBeDefined();
});

test('an import is taken back as a whole', async () => {
  const items = [{ kind: 'rule' as const, name: plain('Shout'), fate: 'added' as const, url: '' }];
  const backend = await open({ import: (call) => ({ answer: 'imported', value: { faults: [], items, reaching: [], applied: call.apply, ...(call.apply && { undo: 7 }) } }) });
  await fireEvent.click(screen.getByTestId('rules-import'));
  await fireEvent.input(await screen.findByTestId('import-text'), { target: { value: '[[rule]]' } });
  await fireEvent.click(await screen.findByTestId('import-apply'));
  await waitFor(() => expect(screen.getByTestId('notice').textContent).toContain('1 thing added.'));
  await fireEvent.click(screen.getByTestId('undo'));
  await waitFor(() => expect(backend.of('undo')).toEqual([{ call: 'undo', edit: 7 }]));
  expect(screen.queryByTestId('import-text')).toBeNull();
});

test('what is exported is chosen by kind', async () => {
  const backend = await open({ export: () => ({ answer: 'exported', value: { text: 'version = 1' } }) });
  await fireEvent.click(screen.getByTestId('rules-export'));
  await waitFor(() => expect(screen.getByTestId<HTMLTextAreaElement>('export-text').value).toBe('version = 1'));
  await fireEvent.click(screen.getByTestId('export-tile'));
  await waitFor(() => expect(backend.of('export').at(-1)).toEqual({ call: 'export', kinds: ['rule', 'tile'], names: [], items: null }));
});

test('of what is exported each stream, rule and tile can be left out, and all of a kind at once', async () => {
  const backend = await open({ export: () => ({ answer: 'exported', value: { text: 'version = 1' } }) });
  await fireEvent.click(screen.getByTestId('rules-export'));
  await fireEvent.click(screen.getByTestId('export-tile'));
  const ticks = () => screen.getAllByTestId<HTMLInputElement>('export-item');
  expect(ticks().map(({ checked }) => checked)).toEqual([true, true, true, true]);
  expect(ticks().map(({ parentElement }) => parentElement?.textContent?.trim())).toEqual(['First', 'Second', 'Third', expect.stringContaining('price, one for each symbol')]);
  await fireEvent.click(ticks()[1]!);
  const [first, third, price] = [{ kind: 'rule', name: 'First' }, { kind: 'rule', name: 'Third' }, { kind: 'tile', tile }];
  await waitFor(() => expect(backend.of('export').at(-1)).toEqual({ call: 'export', kinds: ['rule', 'tile'], names: [], items: [first, third, price] }));
  const asked = backend.of('export').length;
  await fireEvent.click(screen.getByRole('button', { name: 'Rules: None' }));
  await waitFor(() => expect(backend.of('export').at(-1)?.items).toEqual([price]));
  await fireEvent.click(ticks()[3]!);
  await waitFor(() => expect(screen.getByTestId<HTMLTextAreaElement>('export-text').value).toBe(''));
  expect(backend.of('export').length, 'where all is left out, nothing is asked for').toBe(asked + 1);
  await fireEvent.click(ticks()[3]!);
  await fireEvent.click(screen.getByRole('button', { name: 'Rules: All' }));
  await waitFor(() => expect(backend.of('export').at(-1)?.items).toBeNull());
  expect(ticks().every(({ checked }) => checked)).toBe(true);
});

test('rules and tiles are not called none before they are known, nor while nobody can say', async () => {
  let answer: (told: Answer) => void = () => {};
  const backend = new ScriptedBackend({ configuration: () => new Promise((resolve) => (answer = resolve)) });
  render(App, { props: { backend } });
  await waitFor(() => expect(backend.hearer).toBeDefined());
  await fireEvent.click(screen.getByTestId('nav-rules'));
  for (const tab of ['Tiles', 'Rules']) {
    backend.hearer?.link({ link: 'connected' });
    await fireEvent.click(screen.getByText(tab, { selector: 'fieldset span' }));
    expect((await screen.findByTestId('rules-loading')).textContent).toBe('Reading rules and tiles…');
    backend.hearer?.link({ link: 'lost', message: plain('gone') });
    expect((await screen.findByTestId('rules-offline')).textContent).toBe('Rules and tiles come back with the connection to Streambell.');
    expect([screen.queryByText('No rule yet.'), screen.queryByText('No tile yet.')]).toEqual([null, null]);
  }
  backend.hearer?.link({ link: 'connected' });
  answer({ answer: 'configuration', value: aConfiguration() });
  expect(await screen.findByText('No rule yet.')).toBeDefined();
  expect(screen.queryByTestId('rules-loading')).toBeNull();
});

test('what keeps the rules from being read is said, with a way to read them again', async () => {
  let refused = true;
  const backend = new ScriptedBackend({ configuration: () => (refused ? Promise.reject({ code: 'internal', message: 'too busy' }) : { answer: 'configuration', value: aConfiguration() }) });
  render(App, { props: { backend } });
  await waitFor(() => expect(backend.hearer).toBeDefined());
  backend.hearer?.link({ link: 'connected' });
  await fireEvent.click(screen.getByTestId('nav-rules'));
  expect(await screen.findByText('too busy')).toBeDefined();
  refused = false;
  await fireEvent.click(screen.getByTestId('rules-again'));
  expect(await screen.findByText('No rule yet.')).toBeDefined();
});

test('tiles are listed, changed and removed beside the list', async () => {
  const backend = await open();
  await fireEvent.click(screen.getByLabelText('Tiles'));
  expect(screen.getByTestId('tile-row').textContent).toContain('price, one for each symbol');
  await fireEvent.click(screen.getByTestId('tile-open'));
  await fireEvent.input(await screen.findByTestId('tile-value'), { target: { value: '/last' } });
  await fireEvent.click(screen.getByTestId('tile-save'));
  await waitFor(() => expect(backend.of('save-tile')).toEqual([{ call: 'save-tile', original: tile, tile: { ...tile, value: '/last' } }]));
  await fireEvent.click(screen.getByTestId('tile-open'));
  await fireEvent.click(await screen.findByTestId('tile-remove'));
  await waitFor(() => expect(backend.of('remove-tile')).toEqual([{ call: 'remove-tile', tile }]));
});
