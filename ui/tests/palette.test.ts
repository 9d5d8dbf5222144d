/** What the command palette finds, among how much, and what its commands do. */
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, expect, test } from 'vitest';

import App from '../src/App.svelte';
import { FakeBackend } from '../src/lib/backend/fake';
import { en } from '../src/lib/i18n/en';
import { find, MOST_HITS, type Command } from '../src/lib/palette';
import { sheets } from '../src/lib/shortcuts';
import { things, wordsOf, type Thing, type Verb } from '../src/lib/things';
import { aForm, anAlert, aSnapshot, aStream, ScriptedBackend } from './support';

beforeEach(() => {
  localStorage.setItem('streambell.preferences', '{"language":"en"}');
});

const command = (name: string): Command => ({ id: name, kind: 'action', name, run: () => {} });
const named = (name: string, also = ''): Thing => ({ id: name, name, also });
const verb = (id: string, say: (name: string) => string): Verb<Thing> => ({ id, say, run: () => {} });
const names = (typed: string, ...offers: Parameters<typeof find>[0]) => find(offers, typed).hits.map(({ command }) => command.name);

test('of very many things only those commands are made that may be meant, and the reader learns how many there are', () => {
  let made = 0;
  const remove = verb('remove', (name) => {
    made += 1;
    return `Remove “${name}”`;
  });
  const many = things('stream', Array.from({ length: 5000 }, (_, n) => named(`sensor ${n}`)), [verb('stream', (name) => name), remove]);
  expect(find([command('Add'), many], '')).toMatchObject({ hits: { length: MOST_HITS }, all: null });
  expect(made).toBeLessThan(MOST_HITS);
  made = 0;
  expect(find([many], 'sensor')).toMatchObject({ hits: { length: MOST_HITS }, all: 10_000 });
  expect(made).toBeLessThan(4 * MOST_HITS);
  expect(names('remove 4999', many)).toEqual(['Remove “sensor 4999”']);
  expect(names('Remove “sensor 77”', many)[0]).toBe('Remove “sensor 77”');
});

test('each word may be in the thing, in what it is also found by, or in what is done with it', () => {
  const many = things('stream', [named('market', 'https://a.example'), named('Wetter', 'https://b.example')], [verb('edit', (name) => `Edit “${name}”`), { ...verb('try', (name) => `Connect “${name}” now`), can: ({ name }) => name === 'market' }]);
  expect(names('edit b.example', many)).toEqual(['Edit “Wetter”']);
  expect(names('wtr', many)).toEqual(['Edit “Wetter”']);
  expect(names('connect', many)).toEqual(['Connect “market” now']);
  expect(names('edit nothing', many)).toEqual([]);
  const chinese = things('stream', [named('行情')], [verb('remove', (name) => `移除流“${name}”`)]);
  expect(names('移除行情', chinese)).toEqual(['移除流“行情”']);
  expect(wordsOf('移除 “Market alert”')).toEqual(['移', '除', 'market', 'alert']);
});

test('what is called so comes before what only has its letters, also among very many', () => {
  const many = things('stream', [...Array.from({ length: 900 }, (_, n) => named(`sun in the leaves ${n}`)), named('settings of the house')], [verb('stream', (name) => name)]);
  expect(names('se', command('Settings'), many).slice(0, 2)).toEqual(['Settings', 'settings of the house']);
});

/** Runs a command of the palette by its id. */
async function run(typed: string, id: string): Promise<void> {
  await fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
  await fireEvent.input(await screen.findByTestId('palette-input'), { target: { value: typed } });
  await fireEvent.click(await waitFor(() => screen.getAllByTestId('command').find(({ dataset }) => dataset.command === id)!));
}

const undone = async () => fireEvent.click(await screen.findByTestId('undo'));

test.each([
  ['remove rule market alert', 'remove-rule Market alert'],
  ['move market alert down', 'rule-down Market alert'],
  ['remove tile', 'remove-tile 0'],
])('“%s” does so, and can be undone', async (typed, id) => {
  const backend = new FakeBackend('calm');
  render(App, { props: { backend } });
  const configuration = async () => {
    const answer = await backend.ask({ call: 'configuration' });
    return answer.answer === 'configuration' ? answer.value : null;
  };
  const before = await configuration();
  await waitFor(() => expect(screen.getAllByTestId('tile').length).toBeGreaterThan(0));
  await run(typed, id);
  await waitFor(async () => expect(await configuration()).not.toEqual(before));
  await undone();
  await waitFor(async () => expect(await configuration()).toEqual(before));
});

test('where a stored secret goes with a stream, the palette asks first', async () => {
  const empty = await new ScriptedBackend().ask({ call: 'configuration' });
  if (empty.answer !== 'configuration') throw new Error('no configuration');
  const form = aForm();
  const value = { ...empty.value, streams: [{ ...form, auth: { ...form.auth, kind: 'bearer' as const, source: 'keyring' as const } }] };
  const asked = new ScriptedBackend({ configuration: () => ({ answer: 'configuration', value }), 'remove-stream': () => ({ answer: 'edited', value: { undo: 1 } }) });
  render(App, { props: { backend: asked } });
  await waitFor(() => expect(asked.hearer).toBeDefined());
  asked.hearer?.link({ link: 'connected' });
  asked.hearer?.push({ push: 'snapshot', value: aSnapshot({ streams: [aStream('market')] }) });
  await run('remove market', 'remove market');
  await fireEvent.click(await screen.findByTestId('keep'));
  expect(asked.of('remove-stream')).toEqual([]);
  await run('remove market', 'remove market');
  await fireEvent.click(await screen.findByTestId('remove-confirmed'));
  await undone();
  expect(asked.of('remove-stream')).toEqual([{ call: 'remove-stream', name: 'market' }]);
  await waitFor(() => expect(asked.of('undo')).toEqual([{ call: 'undo', edit: 1 }]));
});

test('what was done last is undone from the palette while its notice stands, and when it went meanwhile', async () => {
  const backend = new FakeBackend('calm');
  render(App, { props: { backend } });
  await waitFor(() => expect(screen.getAllByTestId('tile').length).toBeGreaterThan(0));
  await run('mark all read', 'read');
  await screen.findByTestId('undo');
  await run('undo', 'undo');
  await waitFor(() => expect(screen.queryByTestId('notice')).toBeNull());
  await run('mark all read', 'read');
  expect((await screen.findByTestId('notice')).textContent).toContain('marked as read');
});

test('what is open is saved with Control and S wherever the focus is, and the sheet says so', async () => {
  const backend = new FakeBackend('calm');
  render(App, { props: { backend } });
  await fireEvent.click(screen.getByTestId('nav-streams'));
  await fireEvent.click((await screen.findAllByTestId('stream-open'))[0]!);
  await fireEvent.click(await screen.findByTestId('stream-edit'));
  await fireEvent.input(await screen.findByTestId('stream-name'), { target: { value: 'bourse' } });
  expect(screen.getByTestId('stream-save').title).toBe('Ctrl S');
  await fireEvent.keyDown(screen.getByTestId('stream-name'), { key: 's', ctrlKey: true });
  await waitFor(() => expect(screen.getByTestId('notice').textContent).toContain('“bourse” was saved'));
  const keys = sheets(en).flatMap(({ title, keys }) => keys.map(([pressed]) => `${title}: ${pressed}`));
  expect(keys).toEqual(expect.arrayContaining(['Everywhere: Ctrl S', 'Rules: Alt ↑ ↓', 'Alerts: Enter', 'Alerts: X Space', 'Alerts: ⇧ ↑  ⇧ ↓']));
});

test('a language chosen in the palette is told with the way back', async () => {
  const backend = new FakeBackend('calm');
  render(App, { props: { backend } });
  await waitFor(() => expect(screen.getAllByTestId('tile').length).toBeGreaterThan(0));
  await run('language 简体中文', 'language zh');
  await waitFor(() => expect(document.documentElement.lang).toContain('zh'));
  await undone();
  await waitFor(() => expect(document.documentElement.lang).toContain('en'));
});

test('unread alerts with one title are told apart by their time', async () => {
  const backend = new ScriptedBackend();
  render(App, { props: { backend } });
  await waitFor(() => expect(backend.hearer).toBeDefined());
  backend.hearer?.link({ link: 'connected' });
  const alerts = [3, 2].map((hour) => anAlert(hour, { title: 'Door opened', atMs: new Date(2020, 10, 21, hour, 12).getTime() }));
  backend.hearer?.push({ push: 'snapshot', value: aSnapshot({ unread: 2, alerts }) });
  await fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
  await fireEvent.input(await screen.findByTestId('palette-input'), { target: { value: 'door' } });
  const lines = await waitFor(() => screen.getAllByTestId('command').filter(({ dataset }) => dataset.command!.startsWith('alert ')));
  expect(lines.map((line) => /Door opened · .*(\d\d:12)/.exec(line.textContent!)?.[1])).toEqual(['03:12', '02:12']);
});
