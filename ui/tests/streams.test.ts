/** The view of streams: what is asked before one is removed, which one is shown, and what stands there where none is. */
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';

import App from '../src/App.svelte';
import { ruleView } from '../src/lib/backend/edits';
import { dictionaries } from '../src/lib/i18n/locale.svelte';
import { plain } from '../src/lib/i18n/text';
import type { Answer, SecretPlace, Snapshot, StreamForm } from '../src/lib/protocol';
import { emptyRule } from '../src/lib/rule-draft';
import { keepsSecret } from '../src/lib/secret-form';
import { aConfiguration, aForm, alertPages, anAlert, aSnapshot, aStream, ScriptedBackend } from './support';

beforeEach(() => {
  localStorage.setItem('streambell.preferences', '{"language":"en"}');
});

type Answers = ConstructorParameters<typeof ScriptedBackend>[0];
const KEYRING: SecretPlace = { source: 'keyring', place: '' };
const configured = (...streams: StreamForm[]): Answers => ({ configuration: () => ({ answer: 'configuration', value: aConfiguration({ file: '/home/a/config.toml', streams }) }) });

async function open(answers: Answers = {}, snapshot: Snapshot | null = aSnapshot()) {
  const backend = new ScriptedBackend(answers);
  render(App, { props: { backend } });
  await waitFor(() => expect(backend.hearer).toBeDefined());
  const push = (value: Snapshot) => backend.hearer?.push({ push: 'snapshot', value });
  if (snapshot) {
    backend.hearer?.link({ link: 'connected' });
    push(snapshot);
  }
  await fireEvent.click(screen.getByTestId('nav-streams'));
  return { backend, push };
}

async function remove(): Promise<void> {
  await fireEvent.click((await screen.findAllByTestId('stream-open'))[0]!);
  await fireEvent.click(await screen.findByTestId('stream-remove'));
}

test('whatever the keyring may hold for a stream is noticed', () => {
  const { auth, oauth2, connection } = aForm();
  expect(keepsSecret(aForm())).toBe(false);
  expect(keepsSecret(aForm({ auth: { ...auth, kind: 'bearer' } }))).toBe(true);
  expect(keepsSecret(aForm({ auth: { ...auth, kind: 'bearer', source: 'env', place: 'TOKEN' } }))).toBe(false);
  expect(keepsSecret(aForm({ secretHeaders: [['X-Key', KEYRING]] }))).toBe(true);
  expect(keepsSecret(aForm({ secretHeaders: [['X-Key', { source: 'file', place: '/key' }]] }))).toBe(false);
  expect(keepsSecret(aForm({ oauth2: { ...oauth2, clientSecret: KEYRING } }))).toBe(true);
  expect(keepsSecret(aForm({ connection: { ...connection, clientCertPassword: KEYRING } }))).toBe(true);
  const byCode = { ...auth, kind: 'oauth2' as const, source: 'env' as const, place: 'TOKEN' };
  expect(keepsSecret(aForm({ auth: byCode, oauth2: { ...oauth2, grant: 'device' } }))).toBe(true);
  expect(keepsSecret(aForm({ auth: byCode, oauth2: { ...oauth2, grant: 'refresh-token' } }))).toBe(false);
});

test('a stream whose only secret is a header is removed after a question only', async () => {
  const { backend } = await open(configured(aForm({ secretHeaders: [['X-Key', KEYRING]] })));
  await remove();
  await screen.findByTestId('confirm-remove');
  expect(backend.of('remove-stream')).toEqual([]);
  await fireEvent.click(screen.getByTestId('remove-confirmed'));
  await waitFor(() => expect(backend.of('remove-stream')).toHaveLength(1));
});

test('a stream of which nothing was read is removed after a question only', async () => {
  const { backend } = await open({ configuration: () => new Promise(() => {}) });
  await remove();
  await screen.findByTestId('confirm-remove');
  expect(backend.of('remove-stream')).toEqual([]);
});

test('rules and tiles that go with a stream are counted before it is removed, and long enough after', async () => {
  const tile = { event: null, key: null, value: null, change: null, unit: null, label: null };
  const about = (name: string, ...streams: string[]) => ruleView({ ...emptyRule(name), streams });
  const value = aConfiguration({
    streams: [aForm()],
    rules: [about('Its own', 'market'), about('Of both', 'market', 'other'), about('Of all'), about('Of many', 'mark*')],
    tiles: [{ ...tile, stream: 'market' }, { ...tile, stream: 'market', event: 'a' }, { ...tile, stream: null }, { ...tile, stream: 'other' }],
  });
  const { backend } = await open({ configuration: () => ({ answer: 'configuration', value }), 'remove-stream': () => ({ answer: 'edited', value: { undo: 1 } }) });
  await remove();
  const question = (await screen.findByTestId('confirm-remove')).textContent;
  expect(question).toContain('1 rule and 2 tiles');
  expect(question).not.toContain('keyring');
  expect(backend.of('remove-stream')).toEqual([]);
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  await fireEvent.click(screen.getByTestId('remove-confirmed'));
  await vi.advanceTimersByTimeAsync(29_000);
  expect(screen.getByTestId('notice').textContent).toContain('“market” was removed, and with it 1 rule and 2 tiles');
});

test('what goes with a stream is counted in both languages', () => {
  expect(Object.values(dictionaries).map(({ streams }) => [streams.removed('a', 0, 0), streams.removed('a', 1, 2), streams.removed('a', 2, 0)])).toEqual([
    ['“a” was removed', '“a” was removed, and with it 1 rule and 2 tiles', '“a” was removed, and with it 2 rules'],
    ['已移除“a”', '已移除“a”，以及 1 条规则、2 块磁贴', '已移除“a”，以及 2 条规则'],
  ]);
});

test('a stream without secrets is removed at once', async () => {
  const { backend } = await open({ ...configured(aForm()), 'remove-stream': () => ({ answer: 'edited', value: { undo: 1 } }) });
  await remove();
  await waitFor(() => expect(backend.of('remove-stream')).toHaveLength(1));
});

test('the stream that was renamed is shown, though it is told of later than it is saved', async () => {
  let names = ['first', 'market'];
  const saved = (): Answer => {
    names = ['first', 'bourse'];
    return { answer: 'edited', value: { undo: 1 } };
  };
  const now = () => aSnapshot({ streams: names.map((name) => aStream(name)) });
  const { push } = await open({ configuration: () => ({ answer: 'configuration', value: aConfiguration({ streams: names.map((name) => aForm({ name })) }) }), 'save-stream': saved }, now());
  await fireEvent.click((await screen.findAllByTestId('stream-open'))[1]!);
  await fireEvent.click(await screen.findByTestId('stream-edit'));
  await fireEvent.input(await screen.findByTestId('stream-name'), { target: { value: 'bourse' } });
  await fireEvent.click(screen.getByTestId('stream-save'));
  await waitFor(() => expect(screen.getByTestId('notice').textContent).toContain('“bourse” was saved'));
  push(now());
  await waitFor(() => expect(screen.getByTestId('stream-detail').textContent).toContain('bourse'));
});

const broken = (part: Partial<Snapshot> = {}) =>
  aSnapshot({ streams: [], configuration: { health: 'trouble', message: plain('/home/a/config.toml:3:7: url: is missing') }, ...part });

test('a file with a mistake is told where nothing is listed, in place of a first start', async () => {
  await open(configured(), broken());
  for (const view of ['now', 'streams', 'rules']) {
    await fireEvent.click(screen.getByTestId(`nav-${view}`));
    expect((await screen.findByTestId('broken-file')).textContent, view).toContain('config.toml:3:7: url: is missing');
    expect(screen.getByTestId('broken-file').textContent).toContain('Copy path');
    expect(screen.queryByTestId('first-start')).toBeNull();
    expect(screen.queryByText('Add a stream')).toBeNull();
  }
  await fireEvent.click(screen.getByLabelText('Tiles'));
  expect(screen.getByTestId('broken-file')).toBeDefined();
});

test('unread alerts stay in sight where no stream is configured', async () => {
  const alerts = [anAlert(1)];
  await open({ alerts: alertPages(alerts) }, aSnapshot({ streams: [], alerts }));
  await fireEvent.click(screen.getByTestId('nav-now'));
  expect(await screen.findByText('Alert 1')).toBeDefined();
  expect(screen.queryByTestId('first-start')).toBeNull();
});

test('while nothing is known no stream is said to be missing, and none can be added', async () => {
  const { backend } = await open({}, null);
  expect(screen.getAllByText('Looking for Streambell…').length).toBeGreaterThan(1);
  backend.hearer?.link({ link: 'lost', message: plain('another version') });
  await waitFor(() => expect(screen.getAllByText('The connection to Streambell is lost.').length).toBeGreaterThan(0));
  expect(screen.queryByText('No stream yet.')).toBeNull();
  expect(screen.queryByText('Add a stream')).toBeNull();
});
