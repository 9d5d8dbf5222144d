/** A view that throws stops alone. */
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import App from '../src/App.svelte';
import { reportOf } from '../src/lib/report';
import { aSnapshot, ScriptedBackend } from './support';

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => vi.restoreAllMocks());

const aTile = { feed: 0, stream: 'market', key: 'BTC', text: '1', value: 1, changePct: null, trend: 'flat' as const, atMs: Date.now(), spark: [1, 2] };
/** A value that no view can show. */
const poison = new Proxy(aTile, { get: (tile, key) => { if (key === 'spark') throw new TypeError('the line is broken'); return Reflect.get(tile, key); } });

async function open(language: string, tile: typeof aTile) {
  localStorage.setItem('streambell.preferences', JSON.stringify({ language }));
  const backend = new ScriptedBackend();
  render(App, { props: { backend } });
  await waitFor(() => expect(backend.hearer).toBeDefined());
  backend.hearer?.link({ link: 'connected' });
  backend.hearer?.push({ push: 'snapshot', value: aSnapshot({ tiles: [tile] }) });
  return backend;
}

test.each([['en', 'Try again', 'This view has stopped'], ['zh', '重试', '此视图已停止工作']])('a view that throws says so in %s, and the window stands', async (language, again, title) => {
  await open(language, poison);
  const broken = await screen.findByTestId('broken');
  expect(broken.textContent).toContain(title);
  expect(screen.getByTestId('broken-again').textContent).toBe(again);
  const report = screen.getByTestId('broken-report').textContent;
  expect(report).toMatch(/^Streambell 0\.1\.0\npart: now\n/);
  expect(report).toContain('TypeError: the line is broken');
  expect(screen.getByTestId('status-line')).toBeDefined();

  await fireEvent.click(screen.getByTestId('nav-rules'));
  expect(screen.queryByTestId('broken')).toBeNull();
  expect(screen.getByTestId('rule-add')).toBeDefined();
});

test('a view that threw is there again once what it cannot show is gone', async () => {
  const backend = await open('en', poison);
  await screen.findByTestId('broken');
  await fireEvent.click(screen.getByTestId('broken-again'));
  expect(await screen.findByTestId('broken')).toBeDefined();
  backend.hearer?.push({ push: 'snapshot', value: aSnapshot({ tiles: [{ ...aTile, key: 'ETH' }] }) });
  await fireEvent.click(screen.getByTestId('broken-again'));
  expect((await screen.findByTestId('tile')).dataset.key).toBe('ETH');
  expect(screen.queryByTestId('broken')).toBeNull();
});

test('a report names what went wrong, and is bounded', () => {
  const place = { where: 'feed', version: undefined, language: 'en' };
  expect(reportOf('a text', place, 0, 'WebKit')).toContain('Error: a text');
  const long = new Error('x'.repeat(100_000));
  expect(reportOf(long, place, 0, 'WebKit').length).toBeLessThan(5000);
});
