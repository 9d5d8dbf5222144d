/** What is saved or moved is told with a way back, which a simulated resident goes. */
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, expect, test } from 'vitest';

import App from '../src/App.svelte';
import { Dashboard } from '../src/lib/dashboard.svelte';
import { FakeBackend } from '../src/lib/backend/fake';
import type { Configuration } from '../src/lib/protocol';
import { aSnapshot, ScriptedBackend } from './support';

beforeEach(() => {
  localStorage.setItem('streambell.preferences', '{"language":"en"}');
});

async function open(view: string): Promise<() => Promise<Configuration>> {
  const backend = new FakeBackend('calm');
  render(App, { props: { backend } });
  await fireEvent.click(screen.getByTestId(`nav-${view}`));
  return async () => {
    const answer = await backend.ask({ call: 'configuration' });
    if (answer.answer !== 'configuration') throw new Error('no configuration');
    return answer.value;
  };
}

/** Waits for a notice, and takes back what it tells of. */
async function undo(said: string): Promise<void> {
  await waitFor(() => expect(screen.getByTestId('notice').textContent).toContain(said));
  await fireEvent.click(screen.getByTestId('undo'));
}

test('a stream that was saved is as it was again, under its old name', async () => {
  const configuration = await open('streams');
  const before = await configuration();
  await fireEvent.click((await screen.findAllByTestId('stream-open'))[0]!);
  await fireEvent.click(await screen.findByTestId('stream-edit'));
  await fireEvent.input(await screen.findByTestId('stream-name'), { target: { value: 'bourse' } });
  await fireEvent.click(screen.getByTestId('stream-save'));
  await waitFor(() => expect(screen.getAllByTestId('stream-open')[0]!.textContent).toContain('bourse'));
  await undo('“bourse” was saved');
  await waitFor(async () => expect(await configuration()).toEqual(before));
  await waitFor(() => expect(screen.getAllByTestId('stream-open')[0]!.textContent).toContain('market'));
});

test('a rule and a tile that were saved, and a rule that was moved, are as they were again', async () => {
  const configuration = await open('rules');
  const before = await configuration();
  await fireEvent.click((await screen.findAllByTestId('rule-down'))[0]!);
  await undo('“Market alert” is now number 2 of 3');
  await waitFor(async () => expect(await configuration()).toEqual(before));
  await waitFor(() => expect(screen.getAllByTestId('rule-open')[0]!.textContent).toContain('Market alert'));
  await fireEvent.click(screen.getAllByTestId('rule-open')[0]!);
  await fireEvent.input(await screen.findByTestId('rule-title'), { target: { value: 'Other' } });
  await fireEvent.click(screen.getByTestId('rule-save'));
  await undo('“Market alert” was saved');
  await waitFor(async () => expect(await configuration()).toEqual(before));
  await fireEvent.click(screen.getByLabelText('Tiles'));
  await fireEvent.click(screen.getAllByTestId('tile-open')[0]!);
  await fireEvent.input(await screen.findByTestId('tile-value'), { target: { value: '/last' } });
  await fireEvent.click(screen.getByTestId('tile-save'));
  await undo('The tile was saved');
  await waitFor(async () => expect(await configuration()).toEqual(before));
});

test('a stream that was switched off, and one that was switched on, are as they were again', async () => {
  const configuration = await open('streams');
  const isOn = async () => (await configuration()).streams.find(({ name }) => name === 'market')?.enabled;
  await fireEvent.click((await screen.findAllByTestId('stream-open'))[0]!);
  await fireEvent.click(await screen.findByTestId('stream-switch'));
  await undo('“market” is switched off');
  await waitFor(async () => expect(await isOn()).toBe(true));
  await waitFor(() => expect(screen.getByTestId('stream-switch').textContent).toBe('Switch off'));
  await fireEvent.click(screen.getByTestId('stream-switch'));
  await waitFor(async () => expect(await isOn()).toBe(false));
  await waitFor(() => expect(screen.getByTestId('stream-switch').textContent).toBe('Switch on'));
  await fireEvent.click(screen.getByTestId('stream-switch'));
  await undo('“market” is switched on');
  await waitFor(async () => expect(await isOn()).toBe(false));
});

test('a silence and a stream’s pause that were ended in the settings are there again', async () => {
  const rule = { stream: null, rule: 'Market alert', group: null, text: null };
  const ends = Date.now() + 3_600_000;
  const backend = new ScriptedBackend({ silence: () => ({ answer: 'silenced', value: { id: 8 } }) });
  render(App, { props: { backend } });
  await waitFor(() => expect(backend.hearer).toBeDefined());
  const silences = [{ id: 7, matcher: rule, comment: 'noisy', untilMs: ends, atMs: 0 }];
  backend.hearer?.push({ push: 'snapshot', value: aSnapshot({ silences, streamPauses: [{ stream: 'market', untilMs: null }] }) });
  await fireEvent.click(screen.getByTestId('nav-settings'));
  await fireEvent.click(await screen.findByTestId('end-silence'));
  await undo('Rule “Market alert”: silent no longer');
  expect(backend.of('unsilence')).toEqual([{ call: 'unsilence', silence: 7 }]);
  await waitFor(() => expect(backend.of('silence')).toMatchObject([{ matcher: rule, comment: 'noisy' }]));
  await fireEvent.click(screen.getByLabelText('End: show notifications of market again'));
  await undo('Everything from “market”: silent no longer');
  expect(backend.of('resume')).toEqual([{ call: 'resume', stream: 'market' }]);
  await waitFor(() => expect(backend.of('pause')).toEqual([{ call: 'pause', seconds: null, stream: 'market' }]));
});

test('with a rule goes what silences it alone, and comes back with it', async () => {
  const matcher = { stream: null, rule: 'Market alert', group: null, text: null };
  const silence = { id: 7, matcher, comment: 'noisy', untilMs: Date.now() + 3_600_000, atMs: 0 };
  const wider = { ...silence, id: 8, matcher: { ...matcher, stream: 'market' } };
  const backend = new ScriptedBackend({
    'remove-rule': () => ({ answer: 'edited', value: { undo: 4 } }),
    undo: () => ({ answer: 'edited', value: { undo: 5 } }),
    silence: () => ({ answer: 'silenced', value: { id: 9 } }),
  });
  const dashboard = new Dashboard(backend);
  dashboard.resident.takeSnapshot(aSnapshot({ silences: [silence, wider] }));
  await dashboard.removeRule('Market alert', 'removed');
  expect(backend.of('unsilence')).toEqual([{ call: 'unsilence', silence: 7 }]);
  dashboard.notices.undo((text) => text);
  await waitFor(() => expect(backend.of('silence')).toMatchObject([{ matcher, comment: 'noisy' }]));
  expect(backend.of('undo')).toEqual([{ call: 'undo', edit: 4 }]);
});
