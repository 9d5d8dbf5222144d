/** What can be done with an alert or an event: buttons, silences, ignoring, and being told of new ones. */
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';

import App from '../src/App.svelte';
import { buttonsOf, secondsIn } from '../src/lib/alert-buttons';
import { ruleView } from '../src/lib/backend/edits';
import { ignoring, sameIgnoring } from '../src/lib/ignoring';
import { keysOf } from '../src/lib/keys';
import { emptyRule } from '../src/lib/rule-draft';
import type { AlertView, Answer, ButtonForm, Configuration, RuleForm, StoredEvent } from '../src/lib/protocol';
import { alertPages, anAlert, anEvent, aSnapshot, ScriptedBackend } from './support';

beforeEach(() => {
  localStorage.setItem('streambell.preferences', '{"language":"en"}');
});

const aButton = (kind: ButtonForm['kind'], part: Partial<ButtonForm> = {}): ButtonForm => ({ kind, label: null, value: null, length: null, ...part });
const rule = (name: string, buttons: ButtonForm[] | null = null) => ruleView({ ...emptyRule(name), buttons });
const edited = (): Answer => ({ answer: 'edited', value: { undo: 1 } });

async function open(backend: ScriptedBackend, alerts: AlertView[] = []) {
  render(App, { props: { backend } });
  await waitFor(() => expect(backend.hearer).toBeDefined());
  backend.hearer?.link({ link: 'connected' });
  backend.hearer?.push({ push: 'snapshot', value: aSnapshot({ alerts }) });
  await waitFor(() => expect(screen.getByTestId('status-line').textContent).not.toContain('Looking'));
}

async function configured(...rules: Configuration['rules']): Promise<Configuration> {
  const answer = await new ScriptedBackend().ask({ call: 'configuration' });
  if (answer.answer !== 'configuration') throw new Error('no configuration');
  return { ...answer.value, rules };
}

test('an alert has the buttons of its rule first, then the usual ones', () => {
  const rules = [rule('A', [aButton('open-dashboard'), aButton('mute-rule', { length: '30m', label: 'Not now' })]), rule('B')];
  expect(buttonsOf(rules, 'A').map(({ kind }) => kind)).toEqual(['mute-rule', 'acknowledge', 'open-link', 'copy-value']);
  expect(buttonsOf(rules, 'A')[0]).toEqual({ kind: 'mute-rule', label: 'Not now', seconds: 1800 });
  expect(buttonsOf(rules, 'B')).toEqual(buttonsOf([], 'gone'));
  expect(['30m', '2h', '1d', '500ms', 'x', null].map(secondsIn)).toEqual([1800, 7200, 86_400, 1, null, null]);
});

test('a rule that ignores is about exactly that event, and has a name of its own that is not too long', () => {
  const event = anEvent(1, { stream: 'm[1]', event: '*' });
  expect(ignoring(event, 'Ignore', ['Ignore'])).toMatchObject({ name: 'Ignore 2', streams: ['m\\[1\\]'], events: ['\\*'], ignore: true, title: null, stop: false });
  const long = ignoring(event, '很'.repeat(100), ['很'.repeat(60)]);
  expect(long.name).toBe(`${'很'.repeat(60)} 2`);
});

async function openEvent(backend: ScriptedBackend, event: StoredEvent) {
  await open(backend);
  backend.hearer?.push({ push: 'events', value: { events: [event], omitted: 0 } });
  await fireEvent.click(await screen.findByTestId('feed-row'));
  await screen.findByTestId('event-detail');
}

test('an event is ignored by a first rule, and no longer when that is undone', async () => {
  const configuration = await configured();
  const backend = new ScriptedBackend({
    configuration: () => ({ answer: 'configuration', value: configuration }), 'save-rule': edited, 'move-rule': edited, 'remove-rule': edited,
  });
  await openEvent(backend, anEvent(7));
  await fireEvent.click(screen.getByTestId('ignore-event'));
  await screen.findByTestId('undo');
  await fireEvent.keyDown(window, { key: 'z', ctrlKey: true });
  const name = 'Ignore price-update of market';
  expect(backend.of('save-rule')).toMatchObject([{ original: null, draft: { draft: 'form', value: { name } } }]);
  expect(backend.of('move-rule')).toEqual([{ call: 'move-rule', name, to: 0 }]);
  expect(backend.of('remove-rule')).toEqual([{ call: 'remove-rule', name }]);
});

test.each([['there', true], ['switched off', false]])('where a rule that ignores an event is %s, no other one is made', async (_, enabled) => {
  const there = ruleView(emptyRule('Hush', { streams: ['market'], events: ['price-update'], ignore: true, enabled }));
  const configuration = await configured(there, rule('A'));
  const backend = new ScriptedBackend({ configuration: () => ({ answer: 'configuration', value: configuration }), 'enable-rule': edited });
  await openEvent(backend, anEvent(7));
  await waitFor(() => expect(backend.of('configuration').length).toBeGreaterThan(0));
  await fireEvent.click(screen.getByTestId('ignore-event'));
  const said = enabled ? 'the rule “Hush” says so already' : 'No rule looks at “price-update” any more';
  await waitFor(() => expect(screen.getByTestId('notice').textContent).toContain(said));
  expect(backend.of('save-rule')).toEqual([]);
  await fireEvent.click(screen.getByTestId('undo'));
  if (enabled) expect(await screen.findByTestId('rule-editor')).toBeDefined();
  await waitFor(() => expect(backend.of('enable-rule').map(({ enabled }) => enabled)).toEqual(enabled ? [] : [true, false]));
});

test('a rule that ignores an event below one that tells of it comes too late, and another is made before all', async () => {
  const there = ruleView(emptyRule('Hush', { streams: ['market'], events: ['price-update'], ignore: true }));
  const configuration = await configured(rule('A'), there);
  const backend = new ScriptedBackend({ configuration: () => ({ answer: 'configuration', value: configuration }), 'save-rule': edited, 'move-rule': edited });
  await openEvent(backend, anEvent(7));
  await waitFor(() => expect(backend.of('configuration').length).toBeGreaterThan(0));
  await fireEvent.click(screen.getByTestId('ignore-event'));
  await waitFor(() => expect(backend.of('move-rule')).toMatchObject([{ to: 0 }]));
});

test('a rule that ignores says the same only where it is about nothing more and nothing less', () => {
  const wanted = ignoring(anEvent(1), 'New', []);
  const like = (part: object) => ruleView(emptyRule('R', { streams: wanted.streams, events: wanted.events, ignore: true, ...part }));
  expect(sameIgnoring([like({ ignore: false }), like({ when: 'data.x' }), like({ text: ['a'] }), like({ events: ['*'] }), like({ streams: [] })], wanted)).toBeNull();
  expect(sameIgnoring([rule('A'), like({ enabled: false })], wanted)?.name).toBe('R');
});

test('the key that ignores makes one rule, pressed twice or held', async () => {
  let configuration = await configured();
  const backend = new ScriptedBackend({
    configuration: () => ({ answer: 'configuration', value: configuration }), 'move-rule': edited,
    'save-rule': async ({ draft }) => {
      configuration = await configured(...configuration.rules, ruleView(draft.value as RuleForm));
      return edited();
    },
  });
  await openEvent(backend, anEvent(7));
  void fireEvent.keyDown(window, { key: 'i' });
  for (let held = 0; held < 3; held += 1) void fireEvent.keyDown(window, { key: 'i', repeat: true });
  void fireEvent.keyDown(window, { key: 'i' });
  await waitFor(() => expect(screen.getByTestId('notice').textContent).toContain('the rule “Ignore price-update of market” says so already'));
  expect(backend.of('save-rule')).toHaveLength(1);
});

test('a held key acts once, and goes on where it only moves', () => {
  const done: string[] = [];
  const act = keysOf(Object.fromEntries(['x', 'j', 'K', 'ArrowDown'].map((key) => [key, () => done.push(key)])));
  for (const key of ['x', 'j', 'K', 'ArrowDown']) for (const repeat of [false, true, true]) act(new KeyboardEvent('keydown', { key, repeat, cancelable: true }));
  expect(done).toEqual(['x', 'j', 'j', 'j', 'K', 'K', 'K', 'ArrowDown', 'ArrowDown', 'ArrowDown']);
});

test('an address in the data is opened only where it is one of the web, and with its host before', async () => {
  const backend = new ScriptedBackend();
  await openEvent(backend, anEvent(7, { data: '{"good":"https://example.com/a","bad":"javascript:alert(1)"}' }));
  const line = (name: string) => screen.getAllByTestId('json-line').find(({ dataset }) => dataset.pointer === name)!;
  await fireEvent.click(line('/bad'));
  expect(screen.queryByTestId('data-link')).toBeNull();
  await fireEvent.click(line('/good'));
  expect(screen.getByTestId('data-link').textContent).toBe('Open example.com');
  await fireEvent.click(screen.getByTestId('data-link'));
  expect(backend.opened).toEqual(['https://example.com/a']);
});

test('a rule that cannot be moved to the top is taken away again, and the reason is told', async () => {
  const refuse = () => Promise.reject({ code: 'conflict', message: 'The file has changed.' });
  const backend = new ScriptedBackend({ 'save-rule': edited, 'move-rule': refuse, 'remove-rule': edited });
  await openEvent(backend, anEvent(7));
  await fireEvent.keyDown(window, { key: 'i' });
  await waitFor(() => expect(screen.getByTestId('notice').textContent).toContain('The file has changed.'));
  expect(backend.of('remove-rule')).toHaveLength(1);
});

test.each([
  [1, 'en', 'Until 8:00'],
  [1, 'zh', '到 8:00'],
  [9, 'en', 'Until tomorrow, 8:00'],
  [9, 'zh', '到明天 8:00'],
])('at %i o’clock the next morning is called what it is wherever it is offered (%s)', async (hour, language, word) => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(2026, 4, 20, hour) });
  onTestFinished(() => void vi.useRealTimers());
  localStorage.setItem('streambell.preferences', JSON.stringify({ language }));
  const alert = anAlert(7);
  const backend = new ScriptedBackend({ alerts: alertPages([alert]) });
  await open(backend, [alert]);
  await fireEvent.click(screen.getByTestId('pause-menu'));
  expect(screen.getByTestId('pause-tomorrow').textContent).toBe(word);
  backend.hearer?.push({ push: 'present', value: { spot: 'alert', alert: 7 } });
  await screen.findByTestId('alert-detail');
  await fireEvent.keyDown(window, { key: 's' });
  expect((await screen.findByTestId('silence-tomorrow')).parentElement?.textContent?.trim()).toBe(word);
  await fireEvent.click(screen.getByTestId('nav-settings'));
  await fireEvent.click(await screen.findByTestId('add-silence'));
  const lengths = [...(await screen.findByTestId<HTMLSelectElement>('silence-length')).options];
  expect(lengths.find(({ value }) => value === 'morning')?.text.trim()).toBe(word);
  await fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
  await fireEvent.input(await screen.findByTestId('palette-input'), { target: { value: word } });
  await waitFor(() => expect(screen.getAllByTestId('command').find(({ dataset }) => dataset['command'] === 'pause morning')?.textContent).toContain(word));
});

test('a silence is made for a group, for a length and with a comment of one’s own', async () => {
  const alert = anAlert(7, { group: 'BTC' });
  const backend = new ScriptedBackend({ alerts: alertPages([alert]), silence: () => ({ answer: 'silenced', value: { id: 3 } }) });
  await open(backend, [alert]);
  backend.hearer?.push({ push: 'present', value: { spot: 'alert', alert: 7 } });
  await screen.findByTestId('alert-detail');
  await fireEvent.keyDown(window, { key: 's' });
  await fireEvent.click(await screen.findByTestId('silence-group'));
  await fireEvent.click(screen.getByTestId('silence-own'));
  await fireEvent.input(screen.getByTestId('silence-amount'), { target: { value: '500' } });
  await fireEvent.change(screen.getByTestId('silence-unit'), { target: { value: 'days' } });
  expect(screen.getByText('A year at the most.')).toBeDefined();
  expect(screen.getByTestId<HTMLButtonElement>('silence-submit').disabled).toBe(true);
  await fireEvent.input(screen.getByTestId('silence-amount'), { target: { value: '2' } });
  await fireEvent.input(screen.getByTestId('silence-comment'), { target: { value: ' holidays ' } });
  await fireEvent.submit(screen.getByTestId('silence-panel'));
  const matcher = { stream: null, rule: 'Market alert', group: 'BTC', text: null };
  expect(backend.of('silence')).toEqual([{ call: 'silence', matcher, seconds: 172_800, comment: 'holidays' }]);
  await fireEvent.click(await screen.findByTestId('undo'));
  expect(backend.of('unsilence')).toEqual([{ call: 'unsilence', silence: 3 }]);
  expect(screen.queryByTestId('silence-panel')).toBeNull();
});

test('the palette says to which host a link leads, before the title that the server chose', async () => {
  const alert = anAlert(7, { title: 'bank.example', link: 'https://user@news.example:8443/a?b=bank.example' });
  const backend = new ScriptedBackend({ alerts: alertPages([alert]) });
  await open(backend, [alert]);
  backend.hearer?.push({ push: 'present', value: { spot: 'alert', alert: 7 } });
  await screen.findByTestId('alert-detail');
  await fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
  await fireEvent.input(await screen.findByTestId('palette-input'), { target: { value: 'link' } });
  const command = await waitFor(() => screen.getAllByTestId('command').find(({ dataset }) => dataset['command'] === 'alert-link'));
  expect(command?.querySelector('.name')?.textContent).toBe('Open link news.example:8443: bank.example');
});

test('a new alert is announced to who cannot see it', async () => {
  const backend = new ScriptedBackend();
  await open(backend);
  backend.hearer?.push({ push: 'events', value: { events: [anEvent(1, { alerts: [anAlert(1, { title: '<b>BTC</b>' })] })], omitted: 0 } });
  await waitFor(() => expect(screen.getByTestId('announcer').textContent).toBe('New alert: <b>BTC</b>'));
  expect(screen.getByTestId('announcer').getAttribute('role')).toBe('status');
});

test('views that cannot be read say why, and try again', async () => {
  let broken = true;
  const backend = new ScriptedBackend({
    alerts: (call) => (broken ? Promise.reject({ code: 'failed', message: 'The ledger is locked.' }) : alertPages([anAlert(1)])!(call)),
    history: () => (broken ? Promise.reject({ code: 'failed', message: 'The ledger is locked.' }) : { answer: 'history', value: [anEvent(1)] }),
  });
  await open(backend);
  await fireEvent.click(screen.getByTestId('nav-feed'));
  expect(await screen.findByText('The ledger is locked.')).toBeDefined();
  broken = false;
  await fireEvent.click(screen.getByTestId('feed-again'));
  expect(await screen.findByRole('listbox')).toBeDefined();
  broken = true;
  await fireEvent.click(screen.getByTestId('nav-alerts'));
  const again = await screen.findByTestId('alerts-again');
  broken = false;
  await fireEvent.click(again);
  expect(await screen.findByRole('tree')).toBeDefined();
});
