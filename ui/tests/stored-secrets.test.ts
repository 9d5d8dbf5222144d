/** Whose secrets are stored, by name, and that one is forgotten only after a question. */
import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import StoredSecrets from '../src/components/settings/StoredSecrets.svelte';
import { Refusal } from '../src/lib/backend';
import type { Notice } from '../src/lib/notices.svelte';
import type { Answer, StoredSecret } from '../src/lib/protocol';
import { Settings } from '../src/lib/settings.svelte';
import { Streams } from '../src/lib/streams.svelte';
import Spoken from './Spoken.svelte';
import { ScriptedBackend } from './support';

function opened(secrets: StoredSecret[], refuse: () => boolean = () => false) {
  let held = secrets;
  const told: Notice[] = [];
  const backend = new ScriptedBackend({
    'stored-secrets': (): Answer => {
      if (refuse()) throw new Refusal('keyring', { en: 'the keyring is locked: unlock it and try again', zh: '密钥环已锁定：请解锁后重试' });
      return { answer: 'stored-secrets', value: held };
    },
    'forget-secret': ({ account }): Answer => {
      held = held.filter((one) => one.account !== account);
      return { answer: 'done' };
    },
  });
  const settings = new Settings(backend, new Streams(backend), (notice) => told.push(notice));
  render(Spoken, { props: { one: StoredSecrets, props: { settings, disabled: false } } });
  return { backend, told };
}

const MARKET: StoredSecret = { account: 'market', stream: 'market', known: true, part: { part: 'main' } };
const OLD: StoredSecret = { account: 'old/header/X-Key', stream: 'old', known: false, part: { part: 'header', name: 'X-Key' } };

test('the keyring is asked when a person does, and one of its secrets is deleted only after a question', async () => {
  const { backend, told } = opened([MARKET, OLD]);
  expect(backend.of('stored-secrets')).toEqual([]);
  await fireEvent.click(screen.getByTestId('list-secrets'));
  const rows = (await screen.findAllByRole('listitem')).map((row) => row.textContent.replace(/\s+/g, ' ').trim());
  expect(rows).toEqual(['market what it signs in with Forget', 'old header X-Key · there is no such stream Forget']);
  const forget = screen.getByRole('button', { name: 'Forget: old, header X-Key' });
  await fireEvent.click(forget);
  await fireEvent.click(await screen.findByTestId('keep'));
  expect([backend.of('forget-secret'), screen.queryByTestId('confirm-remove')]).toEqual([[], null]);
  await fireEvent.click(forget);
  expect((await screen.findByTestId('confirm-remove')).textContent).toContain('Forget the secret of “old” (header X-Key)?');
  await fireEvent.click(screen.getByTestId('remove-confirmed'));
  await expect.poll(() => screen.getAllByRole('listitem').length).toBe(1);
  expect([backend.of('forget-secret'), told.map(({ text }) => text)]).toEqual([
    [{ call: 'forget-secret', account: 'old/header/X-Key' }],
    ['The secret is deleted from the keyring'],
  ]);
});

test('a keyring that is locked is said in its words, and asked again by the same button', async () => {
  let locked = true;
  opened([], () => locked);
  await fireEvent.click(screen.getByTestId('list-secrets'));
  expect((await screen.findByRole('alert')).textContent).toBe('the keyring is locked: unlock it and try again');
  locked = false;
  await fireEvent.click(screen.getByTestId('list-secrets'));
  await screen.findByTestId('no-secrets');
  expect(screen.queryByRole('alert')).toBeNull();
});
