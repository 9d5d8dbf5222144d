/** What the feed, tiles and alerts say on the page of things that are not there, not stored, or too many. */
import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, expect, test } from 'vitest';

import App from '../src/App.svelte';
import { plain } from '../src/lib/i18n/text';
import { emptyRule } from '../src/lib/rule-draft';
import { emptyTile } from '../src/lib/tile-forms.svelte';
import type { Answer, Push, RuleView, Snapshot, StoredEvent, TileView } from '../src/lib/protocol';
import { aConfiguration, aForm, alertPages, anAlert, anEvent, aSnapshot, ScriptedBackend } from './support';

beforeEach(() => {
  localStorage.setItem('streambell.preferences', '{"language":"en"}');
});

const DAY = 24 * 3_600_000;
const configured = (part: Parameters<typeof aConfiguration>[0], answers: ConstructorParameters<typeof ScriptedBackend>[0] = {}) =>
  new ScriptedBackend({ configuration: () => ({ answer: 'configuration', value: aConfiguration(part) }), ...answers });

async function open(backend: ScriptedBackend, snapshot: Snapshot = aSnapshot()) {
  render(App, { props: { backend } });
  await waitFor(() => expect(backend.hearer).toBeDefined());
  backend.hearer?.link({ link: 'connected' });
  const push = (pushed: Push) => backend.hearer?.push(pushed);
  push({ push: 'snapshot', value: snapshot });
  await waitFor(() => expect(screen.getByTestId('status-line').textContent).not.toContain('Looking'));
  return push;
}
const events = (...events: StoredEvent[]): Push => ({ push: 'events', value: { events, omitted: 0 } });
const aTile = (part: Partial<TileView> = {}): TileView =>
  ({ feed: 0, stream: 'market', key: 'BTC', keyed: true, label: null, unit: null, text: '64210.5', value: 64210.5, changePct: 1.8, change: 1135.2, trend: 'up', atMs: Date.now(), spark: [], ...part });

test('an event that is not stored is opened with what came of it, and leads to a rule and a tile', async () => {
  const backend = configured({ streams: [aForm({ store: 'none' })] });
  const push = await open(backend);
  push(events(anEvent(0, { event: 'ticker', data: '{"name":"Copper","price":3}' })));
  const row = await screen.findByTestId('feed-row');
  expect(row.textContent).toContain('Not stored');
  await fireEvent.click(row);
  expect(await screen.findByTestId('event-not-kept')).toBeDefined();
  expect(screen.getByTestId('event-detail').textContent).toContain('Copper');
  expect(screen.queryByTestId('why')).toBeNull();
  await fireEvent.click(screen.getByTestId('make-rule'));
  expect(await screen.findByTestId('rule-editor')).toBeDefined();
  expect(backend.of('draft-rule')).toEqual([]);
  await fireEvent.click(screen.getByTestId('nav-feed'));
  await fireEvent.click(screen.getByTestId('make-tile'));
  const form = await screen.findByTestId('tile-editor');
  expect([...form.querySelectorAll('input, select')].map((one) => (one as HTMLInputElement).value)).toContain('ticker');
  expect(backend.of('draft-tile')).toEqual([]);
});

test('a stream that does not store says so where it is all there is to see', async () => {
  const push = await open(configured({ streams: [aForm({ store: 'alerts' })] }));
  await fireEvent.click(screen.getByTestId('nav-feed'));
  await fireEvent.change(screen.getByTestId('feed-stream'), { target: { value: '=market' } });
  expect(await screen.findByText(/“market” does not store all its events/)).toBeDefined();
  push(events(anEvent(0)));
  expect((await screen.findByTestId('feed-unstored')).textContent).toContain('market');
});

test('the feed is narrowed to any name, also one that nobody has seen', async () => {
  const rule: RuleView = { name: 'R', stream: null, events: ['market-alert'], when: plain(''), enabled: true, urgency: 'normal', form: emptyRule('R'), text: '' };
  const backend = configured({ rules: [rule] });
  await open(backend);
  await fireEvent.click(screen.getByTestId('nav-feed'));
  const field = screen.getByTestId<HTMLInputElement>('feed-event');
  const offered = [...document.getElementById(field.getAttribute('list')!)!.querySelectorAll('option')].map(({ value }) => value);
  expect(offered).toContain('market-alert');
  await fireEvent.input(field, { target: { value: 'once-a-y' } });
  expect(backend.of('history').at(-1)?.query.event, 'not before it is written to its end').toBeNull();
  await fireEvent.input(field, { target: { value: 'once-a-year' } });
  await fireEvent.change(field);
  await waitFor(() => expect(backend.of('history').at(-1)?.query.event).toBe('once-a-year'));
  await fireEvent.input(field, { target: { value: 'market-alert' } });
  await waitFor(() => expect(backend.of('history').at(-1)?.query.event, 'one that is known at once').toBe('market-alert'));
  await fireEvent.input(field, { target: { value: '' } });
  await waitFor(() => expect(backend.of('history').at(-1)?.query.event).toBeNull());
});

test('a row of another day says which, and all of the moment on hover', async () => {
  const now = Date.now();
  const old = anEvent(1, { atMs: now - 8 * DAY });
  const backend = new ScriptedBackend({ history: () => ({ answer: 'history', value: [old, anEvent(2, { atMs: now })] }) });
  await open(backend);
  const [first, last] = await waitFor(() => {
    const rows = screen.getAllByTestId('feed-row');
    expect(rows.length).toBe(2);
    return rows;
  });
  const time = (row: HTMLElement) => row.querySelector('time')!;
  const day = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric' }).format(old.atMs);
  expect(time(last!).textContent).toContain(day);
  expect(time(last!).title).toContain(String(new Date(old.atMs).getFullYear()));
  expect(time(first!).textContent).toMatch(/^\s*\d\d:\d\d:\d\d\s*$/);
});

test('the change of a tile is said in full by its title, also when it is another; how many values have no tile stands under the grid', async () => {
  const push = await open(new ScriptedBackend(), aSnapshot({ tiles: [aTile()] }));
  const change = screen.getByTestId('tile-change');
  expect(change.textContent).toMatch(/1,135\.2.*1\.8/);
  expect(change.title).toMatch(/1,135\.2.*1\.8.*\n.*today/);
  expect(screen.queryByTestId('tiles-left-out')).toBeNull();
  push({ push: 'snapshot', value: aSnapshot({ tiles: [aTile({ change: -2 })], tilesLeftOut: 37 }) });
  await waitFor(() => expect(change.title).toMatch(/2/));
  expect(change.title).not.toContain('1,135');
  expect((await screen.findByTestId('tiles-left-out')).textContent).toContain('37');
});

const history: Answer = { answer: 'tile-history', value: { fromMs: 0, toMs: Date.now(), bucketMs: 1000, points: [{ atMs: Date.now() - 2000, min: 21, max: 23, last: 22, count: 1 }], alerts: [], moreAlerts: false, outages: [], sampled: false } };
const room = { key: 'kitchen', label: 'Temperature', unit: '<b>°C</b>', text: '22.4', value: 22.4, change: 1.5, changePct: 7.18 };

test('a tile says what it is and in which unit, as text, to who listens too and in its chart', async () => {
  const push = await open(configured({}, { 'tile-history': () => history }), aSnapshot({ tiles: [aTile(room)] }));
  const tile = screen.getByTestId('tile');
  expect(screen.getByTestId('tile-value').textContent).toBe('22.4\u00a0<b>°C</b>');
  expect(screen.getByTestId('tile-value').title).toBe('22.4\u00a0<b>°C</b>');
  expect(screen.getByTestId('tile-change').textContent).toMatch(/\+1\.5\s*\u00a0<b>°C<\/b>\s*\+7\.18%/);
  expect(screen.getByRole('button', { name: /kitchen Temperature .*22\.4.<b>°C<\/b>/ })).toBe(tile);
  expect(tile.querySelector('b')).toBeNull();
  await fireEvent.click(tile);
  const chart = await screen.findByTestId('chart');
  await waitFor(() => expect(chart.textContent).toContain('Low 21.0\u00a0<b>°C</b>'));
  expect(chart.querySelector('header')!.textContent).toMatch(/kitchen\s+Temperature/);
  push({ push: 'snapshot', value: aSnapshot({ tiles: [aTile({ ...room, text: 'off', value: null, keyed: false })] }) });
  await waitFor(() => expect(screen.getByTestId('tile-value').textContent).toBe('off'));
  expect(tile.querySelector('.key')!.textContent?.trim(), 'in place of the events’ name').toBe('Temperature');
});

test('from the chart one comes to the form of what makes the tile, where that is known', async () => {
  const entries = [{ ...emptyTile(), value: '/first' }, { ...emptyTile(), value: '/celsius', unit: '°C' }];
  await open(configured({ tiles: entries }, { 'tile-history': () => history }), aSnapshot({ tiles: [aTile({ feed: 1 })] }));
  await fireEvent.click(screen.getByTestId('tile'));
  await fireEvent.click(await screen.findByTestId('chart-edit'));
  expect((await screen.findByTestId<HTMLInputElement>('tile-value')).value).toBe('/celsius');
  expect(screen.getByTestId<HTMLInputElement>('tile-unit').value).toBe('°C');
});

test('the chart of a tile whose entry is not known offers no form', async () => {
  await open(configured({ tiles: [] }, { 'tile-history': () => history }), aSnapshot({ tiles: [aTile()] }));
  await fireEvent.click(screen.getByTestId('tile'));
  expect(await screen.findByTestId('chart-close')).toBeDefined();
  expect(screen.queryByTestId('chart-edit')).toBeNull();
});

test('an alert of what did not come says what was expected', async () => {
  const alert = anAlert(7, { rule: 'Backup', stream: 'market' });
  const form = emptyRule('Backup', { events: ['backup-done'], trigger: { trigger: 'expect-within', within: '2h' } });
  const rule: RuleView = { name: 'Backup', stream: 'market', events: ['backup-done'], when: plain(''), enabled: true, urgency: 'normal', form, text: '' };
  const push = await open(configured({ rules: [rule] }, { alerts: alertPages([alert]) }), aSnapshot({ alerts: [alert] }));
  push({ push: 'present', value: { spot: 'alert', alert: 7 } });
  const said = await screen.findByTestId('no-event');
  expect(said.textContent).toContain('did not come');
  expect(said.textContent).toContain('backup-done');
  expect(said.textContent).toContain('2h');
});

test('an empty feed and an empty grid offer what fills them', async () => {
  await open(configured({}), aSnapshot({ streams: [] }));
  await fireEvent.click(screen.getByTestId('nav-feed'));
  await fireEvent.click(await screen.findByTestId('feed-add-stream'));
  expect(await screen.findByTestId('add-url')).toBeDefined();
});

test('a grid without tiles leads to where one is made', async () => {
  await open(configured({ streams: [aForm()] }));
  await fireEvent.click(within(screen.getByTestId('add-tile').closest('section')!).getByTestId('add-tile'));
  expect(await screen.findByTestId('tile-editor')).toBeDefined();
});
