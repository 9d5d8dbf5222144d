/** A view that throws stops alone. */
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import App from '../src/App.svelte';
import Root from '../src/Root.svelte';
import { stop, watch } from '../src/lib/lastResort';
import { reportOf } from '../src/lib/report';
import { aSnapshot, ScriptedBackend } from './support';

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => vi.restoreAllMocks());

const aTile = { feed: 0, stream: 'market', key: 'BTC', keyed: true, label: null, unit: null, text: '1', value: 1, changePct: null, change: null, trend: 'flat' as const, atMs: Date.now(), spark: [1, 2] };
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

/** A state that the page's own frame cannot read. */
const unreadable = new Proxy(aSnapshot(), { get: (whole, key) => { if (key === 'streams') throw new TypeError('the frame is broken'); return Reflect.get(whole, key); } });

test.each([['en', 'This window has stopped.', 'Reload'], ['zh', '此窗口已停止工作。', '重新加载']])('a frame that throws leaves words and a way on, in %s', async (language, title, reload) => {
  localStorage.setItem('streambell.preferences', JSON.stringify({ language }));
  const backend = new ScriptedBackend();
  render(Root, { props: { backend } });
  await waitFor(() => expect(backend.hearer).toBeDefined());
  await waitFor(() => expect(document.documentElement.dataset.theme).toBeDefined());
  backend.hearer?.link({ link: 'connected' });
  backend.hearer?.push({ push: 'snapshot', value: unreadable });
  expect((await screen.findByTestId('stopped')).textContent).toContain(title);
  expect(screen.getByTestId('stopped-reload').textContent).toBe(reload);
  expect(screen.getByTestId('broken-report').textContent).toContain('TypeError: the frame is broken');
});

test('what nobody caught is said where nothing is left of the page, and only there', async () => {
  const target = document.body.appendChild(document.createElement('div'));
  const unwatch = watch(target);
  const threw = (message: string) => window.dispatchEvent(new ErrorEvent('error', { error: new Error(message) }));
  target.textContent = 'the page';
  threw('a click went wrong');
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(target.textContent).toBe('the page');
  target.textContent = ' ';
  threw('all went wrong');
  await waitFor(() => expect(target.textContent).toContain('all went wrong'));
  unwatch();
  stop(target, 'no start');
  expect(target.querySelectorAll('[data-testid="stopped"]')).toHaveLength(1);
  target.remove();
});
