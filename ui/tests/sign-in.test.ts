/** Signing in with a code, on the fake resident. */
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, expect, test } from 'vitest';

import App from '../src/App.svelte';
import { plain } from '../src/lib/i18n/text';
import type { SignInView, StreamView } from '../src/lib/protocol';
import { aSnapshot, aStream, ScriptedBackend } from './support';

beforeEach(() => {
  localStorage.setItem('streambell.preferences', '{"language":"en"}');
});

async function open(part: Partial<StreamView>) {
  const backend = new ScriptedBackend();
  render(App, { props: { backend } });
  await waitFor(() => expect(backend.hearer).toBeDefined());
  backend.hearer?.link({ link: 'connected' });
  const show = (changed: Partial<StreamView>) =>
    backend.hearer?.push({ push: 'snapshot', value: aSnapshot({ atMs: Date.now(), streams: [aStream('market', { ...part, ...changed })] }) });
  show({});
  return { backend, show };
}

const code: SignInView = { step: 'code', code: 'WDJB-MJHT', url: 'https://id.example.com/activate', completeUrl: null, expiresAtMs: Date.now() + 600_000 };

test('a stream that signs in by code does so from the status line, shows the code and opens the page', async () => {
  const { backend, show } = await open({ state: 'needs-sign-in', message: plain('nobody has signed in'), byCode: true });
  await fireEvent.click(await screen.findByText('Sign in'));
  expect(backend.of('sign-in')).toEqual([{ call: 'sign-in', stream: 'market' }]);
  show({ signIn: { step: 'asking' } });
  await waitFor(() => expect(screen.getByTestId('sign-in').dataset.step).toBe('asking'));
  expect(screen.queryByTestId('stream-sign-in')).toBeNull();
  show({ signIn: code });
  expect((await screen.findByTestId('sign-in-code')).textContent).toBe('WDJB-MJHT');
  await fireEvent.click(screen.getByTestId('sign-in-open'));
  expect(backend.opened).toEqual(['https://id.example.com/activate']);
  await fireEvent.click(screen.getByTestId('sign-in-cancel'));
  expect(backend.of('cancel-sign-in')).toHaveLength(1);
});

test('the button says on which host the page is that opens, not on which the printed one is', async () => {
  const completeUrl = 'https://elsewhere.example.net/activate?code=WDJB-MJHT';
  const { backend } = await open({ state: 'needs-sign-in', byCode: true, signIn: { ...code, completeUrl } });
  await fireEvent.click(screen.getAllByText('Streams')[0] as HTMLElement);
  const button = await screen.findByTestId('sign-in-open');
  expect(button.textContent).toContain('elsewhere.example.net');
  await fireEvent.click(button);
  expect(backend.opened).toEqual([completeUrl]);
});

test('a sign-in that failed says why and can be tried again', async () => {
  const { backend } = await open({ state: 'needs-sign-in', byCode: true, signIn: { step: 'failed', message: plain('the sign-in was refused on the page') } });
  await fireEvent.click(screen.getAllByText('Streams')[0] as HTMLElement);
  expect((await screen.findByTestId('sign-in')).textContent).toContain('refused on the page');
  await fireEvent.click(screen.getByTestId('sign-in-again'));
  expect(backend.of('sign-in')).toHaveLength(1);
});

test('a page that is no web page is not offered', async () => {
  await open({ state: 'needs-sign-in', byCode: true, signIn: { ...code, url: 'javascript:alert(1)' } });
  await fireEvent.click(screen.getAllByText('Streams')[0] as HTMLElement);
  await screen.findByTestId('sign-in-code');
  expect(screen.queryByTestId('sign-in-open')).toBeNull();
});

test('a token says when it is renewed', async () => {
  await open({ tokenRenewsAtMs: Date.now() + 12 * 60_000 + 500, tokenExpiresAtMs: Date.now() + 20 * 60_000 });
  await fireEvent.click(screen.getAllByText('Streams')[0] as HTMLElement);
  expect((await screen.findByTestId('stream-token-life')).textContent).toMatch(/renews in 12 min/);
});
