/** What stands at the bottom: how long it stays, and what its way back leads to. */
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import App from '../src/App.svelte';
import { FakeBackend } from '../src/lib/backend/fake';
import { Dashboard } from '../src/lib/dashboard.svelte';
import type { Notice } from '../src/lib/notices.svelte';
import { UNDO_MS } from '../src/lib/marks.svelte';
import type { Answer } from '../src/lib/protocol';
import { aConfiguration, aForm, alertPages, anAlert, aSnapshot, ScriptedBackend } from './support';

beforeEach(() => localStorage.setItem('streambell.preferences', '{"language":"en"}'));
afterEach(() => void vi.useRealTimers());

const notice = () => screen.queryByTestId('notice')?.textContent ?? '';
const said = (text: string) => `Undone: ${text}`;
const palette = (open: boolean) => waitFor(() => expect(screen.queryByTestId('palette') !== null).toBe(open));
const press = (key: string, part: KeyboardEventInit = {}) => fireEvent.keyDown(window, { key, ...part });

/** The page with three unread alerts, and a clock that is moved by hand. */
async function open(answers: ConstructorParameters<typeof ScriptedBackend>[0] = {}): Promise<ScriptedBackend> {
  const store = [anAlert(3), anAlert(2), anAlert(1)];
  const secret = aForm();
  const streams = [{ ...secret, auth: { ...secret.auth, kind: 'bearer' as const, source: 'keyring' as const } }];
  const backend = new ScriptedBackend({
    alerts: alertPages(store),
    configuration: () => ({ answer: 'configuration', value: aConfiguration({ streams }) }),
    'mark-read-where': () => ({ answer: 'marked', value: { count: 57 } }),
    ...answers,
  });
  render(App, { props: { backend } });
  await waitFor(() => expect(backend.hearer).toBeDefined());
  backend.hearer?.link({ link: 'connected' });
  backend.hearer?.push({ push: 'snapshot', value: aSnapshot({ alerts: store }) });
  await fireEvent.click(screen.getByTestId('nav-alerts'));
  await screen.findByRole('tree');
  await waitFor(() => expect(backend.of('configuration').length).toBeGreaterThan(0));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  return backend;
}

/** So long later. */
async function later(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await tick();
}

test('a notice stays while the palette is open, and goes some seconds after that', async () => {
  await open();
  await press('j');
  await press('e');
  expect(notice()).toContain('acknowledged');
  await press('k', { ctrlKey: true });
  await palette(true);
  await later(10 * UNDO_MS);
  expect(notice()).toContain('acknowledged');
  await press('k', { ctrlKey: true });
  await palette(false);
  await later(UNDO_MS - 100);
  expect(notice()).toContain('acknowledged');
  await later(200);
  expect(notice()).toBe('');
});

test('what is told while the palette is open stands there when it is closed', async () => {
  await open();
  await fireEvent.input(screen.getByTestId('alert-search'), { target: { value: 'alert' } });
  await later(1000);
  await fireEvent.click(screen.getByTestId('mark-all-read'));
  await press('k', { ctrlKey: true });
  await palette(true);
  await later(UNDO_MS);
  expect(notice()).toContain('57');
  await later(10 * UNDO_MS);
  await press('k', { ctrlKey: true });
  await palette(false);
  expect(notice()).toContain('57');
  await later(UNDO_MS + 100);
  expect(notice()).toBe('');
});

test('a way back that leads nowhere any more is not offered, and the palette that offered it says so', async () => {
  const backend = await open();
  await fireEvent.click(screen.getByTestId('mark-all-read'));
  expect(screen.queryByTestId('undo')).not.toBeNull();
  await press('k', { ctrlKey: true });
  await palette(true);
  await later(UNDO_MS);
  expect(backend.of('mark-read-where')).toHaveLength(1);
  expect(screen.queryByTestId('undo')).toBeNull();
  await fireEvent.click(screen.getAllByTestId('command').find(({ dataset }) => dataset.command === 'undo')!);
  await later(0);
  expect(notice()).toContain('can no longer be undone');
});

test('who is at a way back when it lapses stays at the notice, and the next one goes again by itself', async () => {
  await open();
  await fireEvent.click(screen.getByTestId('mark-all-read'));
  screen.getByTestId('undo').focus();
  await later(UNDO_MS);
  expect(screen.queryByTestId('undo')).toBeNull();
  await vi.waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('dismiss')));
  await fireEvent.click(screen.getByTestId('dismiss'));
  await press('j');
  await press('e');
  expect(notice()).toContain('acknowledged');
  await later(UNDO_MS + 100);
  expect(notice()).toBe('');
});

test('what was marked of a search is told where nothing else stands that can be undone', async () => {
  const backend = await open({ acknowledge: () => ({ answer: 'done' }) });
  const search = async () => {
    await fireEvent.input(screen.getByTestId('alert-search'), { target: { value: 'alert' } });
    await later(1000);
    await fireEvent.click(screen.getByTestId('mark-all-read'));
    expect(notice()).toContain('“alert”');
  };
  await search();
  await press('j');
  await later(UNDO_MS - 1000);
  await press('e');
  expect(notice()).toContain('acknowledged');
  await later(1000);
  expect(backend.of('mark-read-where')).toHaveLength(1);
  expect(notice(), 'the way back from something else stays').toContain('acknowledged');
  expect(screen.queryByTestId('undo')).not.toBeNull();
});

test('an edit that changed nothing offers no way back, and edits are taken back one after the other, the last one first', async () => {
  const backend = new ScriptedBackend({ undo: (): Answer => ({ answer: 'edited', value: { undo: 9 } }) });
  const dashboard = new Dashboard(backend);
  await dashboard.edit(async () => 0, 'Saved');
  expect(dashboard.notices.current).toEqual({ text: 'Saved' });
  expect(dashboard.wayBack(0, 0)).toEqual({});
  dashboard.notices.undo(said);
  expect(backend.of('undo')).toEqual([]);
  dashboard.tell({ text: 'Added', ...dashboard.wayBack(3, 0, 4, 5) });
  dashboard.notices.undo(said);
  await vi.waitFor(() => expect(backend.of('undo').map(({ edit }) => edit)).toEqual([5, 4, 3]));
  expect(dashboard.notices.current).toBeNull();
});

test('what was done can be taken back when its notice is gone too, the last first, each once, and then it is said what that was', async () => {
  vi.useFakeTimers();
  const { notices } = new Dashboard(new ScriptedBackend({}));
  const back: string[] = [];
  const tell = (text: string, part: Partial<Notice> = {}) => notices.tell({ text, undo: () => back.push(text), ...part });
  tell('one');
  tell('two');
  tell('on the way', { way: 'Go on' });
  tell('lapsed', { works: () => false });
  notices.tell({ text: 'copied' });
  await later(60_000);
  expect(notices.current).toBeNull();
  notices.undo(said);
  expect(back).toEqual(['two']);
  expect(notices.current?.text).toBe('Undone: two');
  notices.undo(said);
  notices.undo(said);
  expect(back).toEqual(['two', 'one']);
  tell('three');
  await later(10 * 60_000);
  expect(notices.undoable, 'the resident forgets it too').toBeNull();
});

test('where an edit cannot be taken back, those before it stay too, and the reason is told', async () => {
  const refuse = ({ edit }: { edit: number }): Answer => {
    if (edit === 4) throw { code: 'conflict', message: 'The file has changed.' };
    return { answer: 'edited', value: { undo: 9 } };
  };
  const backend = new ScriptedBackend({ undo: refuse });
  const dashboard = new Dashboard(backend);
  dashboard.tell({ text: 'Added', ...dashboard.wayBack(3, 4, 5) });
  dashboard.notices.undo(said);
  await vi.waitFor(() => expect(dashboard.notices.current).toEqual({ text: 'The file has changed.' }));
  expect(backend.of('undo').map(({ edit }) => edit)).toEqual([5, 4]);
});

test('several edits are taken back, each by the notice that told of it', async () => {
  const backend = new FakeBackend('calm');
  const dashboard = new Dashboard(backend);
  const configuration = async () => {
    const answer = await backend.ask({ call: 'configuration' });
    return answer.answer === 'configuration' ? answer.value : null;
  };
  await dashboard.streams.load();
  const before = await configuration();
  const tell = vi.spyOn(dashboard, 'tell');
  const [rule] = dashboard.rules.names;
  await dashboard.edit(() => dashboard.rules.enable(rule!, false), 'off');
  await dashboard.edit(() => dashboard.rules.move(rule!, 1), 'moved');
  await dashboard.edit(() => dashboard.rules.remove(rule!), 'removed');
  expect((await configuration())?.rules.some(({ name }) => name === rule)).toBe(false);
  const told = tell.mock.calls.map(([notice]) => notice);
  expect(told.map((notice) => notice?.text)).toEqual(['off', 'moved', 'removed']);
  for (const notice of told.toReversed()) {
    dashboard.tell(notice);
    const asked = JSON.stringify(await configuration());
    dashboard.notices.undo(said);
    await vi.waitFor(async () => expect(JSON.stringify(await configuration())).not.toBe(asked));
  }
  expect(await configuration()).toEqual(before);
});

test('no key is obeyed behind a question but what answers it', async () => {
  const backend = await open();
  vi.useRealTimers();
  await fireEvent.click(screen.getByTestId('nav-alerts'));
  await press('j');
  await press('k', { ctrlKey: true });
  await fireEvent.input(await screen.findByTestId('palette-input'), { target: { value: 'remove market' } });
  await fireEvent.click(await waitFor(() => screen.getAllByTestId('command').find(({ dataset }) => dataset.command === 'remove market')!));
  await screen.findByTestId('confirm-remove');
  const asked = backend.asked.length;
  for (const key of ['k', 'n', 's', 'z', '1', '4']) await press(key, { ctrlKey: true });
  for (const key of ['?', 'e', 'j', 'x', 'u']) await press(key);
  await new Promise((resolve) => setTimeout(resolve));
  expect(backend.asked.slice(asked)).toEqual([]);
  expect(document.querySelector('main')?.dataset.view).toBe('alerts');
  expect(['palette', 'shortcuts', 'add-url', 'notice', 'checked'].filter((testid) => screen.queryByTestId(testid))).toEqual([]);
  await fireEvent.click(screen.getByTestId('keep'));
  await press('4', { ctrlKey: true });
  expect(document.querySelector('main')?.dataset.view).toBe('streams');
});
