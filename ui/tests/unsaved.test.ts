/** What was typed comes back after its form was closed. */
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, expect, test } from 'vitest';

import App from '../src/App.svelte';
import { aConfiguration, aForm, aSnapshot, aStream, ScriptedBackend } from './support';

beforeEach(() => localStorage.setItem('streambell.preferences', '{"language":"en"}'));

async function open(answers: ConstructorParameters<typeof ScriptedBackend>[0] = {}): Promise<ScriptedBackend> {
  const tile = { stream: 'market', event: null, key: null, value: null, change: null, unit: null, label: null };
  const backend = new ScriptedBackend({ configuration: () => ({ answer: 'configuration', value: aConfiguration({ streams: [aForm()], tiles: [tile] }) }), ...answers });
  render(App, { props: { backend } });
  await waitFor(() => expect(backend.hearer).toBeDefined());
  backend.hearer?.link({ link: 'connected' });
  backend.hearer?.push({ push: 'snapshot', value: aSnapshot({ streams: [aStream('market')] }) });
  return backend;
}
const type = (testid: string, value: string) => fireEvent.input(screen.getByTestId(testid), { target: { value } });
const typed = (testid: string) => screen.findByTestId<HTMLInputElement>(testid).then(({ value }) => value);
const press = (testid: string) => fireEvent.click(screen.getByTestId(testid));

test('what was typed into a tile, a rule or a stream comes back after its form was closed', async () => {
  await open();
  await press('nav-rules');
  await fireEvent.click(screen.getByText('Tiles'));
  await fireEvent.click(await screen.findByTestId('tile-open'));
  await type('tile-value', '/volume');
  await press('tile-close');
  expect(screen.getByTestId('notice').textContent).toContain('What you changed in “price” was not saved');
  await press('undo');
  expect(await typed('tile-value')).toBe('/volume');

  await fireEvent.click(screen.getByText('Rules', { selector: 'fieldset span' }));
  await press('rule-add');
  await type('rule-name', 'Loud');
  await press('nav-streams');
  await press('nav-rules');
  expect(await typed('rule-name')).toBe('Loud');
  await press('rule-close');
  await press('undo');
  expect(await typed('rule-name')).toBe('Loud');

  await press('nav-streams');
  await fireEvent.click((await screen.findAllByText('Edit'))[0]!);
  await screen.findByTestId('stream-form');
  await type('stream-url', 'https://example.com/other');
  await press('stream-cancel');
  expect(screen.getByTestId('notice').textContent).toContain('“market”');
  await press('undo');
  expect(await typed('stream-url')).toBe('https://example.com/other');
});

test('a stream that was being added is gone on with where another form took its place', async () => {
  await open();
  await press('add-stream');
  await type('add-url', 'https://example.com/new');
  await fireEvent.click(screen.getAllByTestId('stream-open')[0]!);
  expect(screen.queryByTestId('add-url')).toBeNull();
  await press('undo');
  expect(await typed('add-url')).toBe('https://example.com/new');
});

test('the window is told of a text that would be lost with it, as long as there is one', async () => {
  const text = () => ({ answer: 'stream-text' as const, value: { text: '[[stream]]\n', form: null, faults: [], base: null } });
  const backend = await open({ 'stream-text': text });
  await press('nav-streams');
  await fireEvent.click((await screen.findAllByText('Edit'))[0]!);
  await screen.findByTestId('stream-form');
  await type('stream-url', 'https://example.com/other');
  expect(backend.held, 'a form is kept').toBe(false);
  await fireEvent.click(screen.getByLabelText('TOML'));
  await waitFor(() => expect(backend.held).toBe(true));
  await press('stream-cancel');
  await waitFor(() => expect(backend.held).toBe(false));
  await press('undo');
  await waitFor(() => expect(backend.held).toBe(true));
});

test('a form in which nothing was typed closes without a word', async () => {
  await open();
  await press('nav-rules');
  await press('rule-add');
  await press('rule-close');
  await press('add-stream');
  await press('add-close');
  expect(screen.queryByTestId('notice')).toBeNull();
});

test('the answer to a save leaves alone what was opened since', async () => {
  let saved = () => {};
  const backend = await open({ 'save-stream': () => new Promise((done) => (saved = () => done({ answer: 'edited', value: { undo: 1 } }))) });
  await press('nav-streams');
  await fireEvent.click((await screen.findAllByText('Edit'))[0]!);
  await screen.findByTestId('stream-form');
  await press('stream-save');
  await waitFor(() => expect(backend.of('save-stream')).toHaveLength(1));
  await press('add-stream');
  await type('add-url', 'https://example.com/new');
  saved();
  await waitFor(() => expect(screen.getByTestId('notice').textContent).toContain('market'));
  expect(await typed('add-url')).toBe('https://example.com/new');
});

test('what was typed is there again after the window was closed, and gone once it was given up', async () => {
  await open();
  await press('nav-streams');
  await fireEvent.click((await screen.findAllByText('Edit'))[0]!);
  await screen.findByTestId('stream-form');
  await type('stream-url', 'https://me:pa55@example.com/other?token=pa55&topic=a');
  await press('nav-rules');
  await press('rule-add');
  await type('rule-name', 'Loud');
  window.dispatchEvent(new Event('pagehide'));
  expect(localStorage.getItem('streambell.drafts')).not.toContain('pa55');
  cleanup();

  await open();
  await waitFor(() => expect(screen.getByTestId('notice').textContent).toContain('What you changed in “market” and “Loud” and did not save is still there'));
  expect(screen.queryByTestId('rule-name'), 'who opens the window is where the window opens').toBeNull();
  await press('undo');
  expect(await typed('rule-name')).toBe('Loud');
  await press('rule-close');
  await press('nav-streams');
  expect(await typed('stream-url')).toBe('https://example.com/other?token=&topic=a');
  await press('stream-cancel');
  await waitFor(() => expect(localStorage.getItem('streambell.drafts')).toBeNull());
});
