/** What is saved or moved is told with a way back, which a simulated resident goes. */
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, expect, test } from 'vitest';

import App from '../src/App.svelte';
import { FakeBackend } from '../src/lib/backend/fake';
import type { Configuration } from '../src/lib/protocol';

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
  await fireEvent.click(screen.getByTestId('tile-open'));
  await fireEvent.input(await screen.findByTestId('tile-value'), { target: { value: '/last' } });
  await fireEvent.click(screen.getByTestId('tile-save'));
  await undo('The tile was saved');
  await waitFor(async () => expect(await configuration()).toEqual(before));
});
