/** Tests of what tiles show after a restart. */
import { expect, test } from 'vitest';

import { Dashboard } from '../src/lib/dashboard.svelte';
import type { TileForm, TileView } from '../src/lib/protocol';
import { aConfiguration, aForm, aSnapshot, NOW, ScriptedBackend } from './support';

const tile = (key: string, part: Partial<TileView> = {}): TileView =>
  ({ feed: 0, stream: 'market', key, keyed: true, label: null, unit: null, text: '5', value: 5, changePct: null, change: null, trend: 'flat', atMs: NOW - 3_600_000, spark: [5], ...part });
const form: TileForm = { stream: null, event: null, key: null, value: null, change: null, unit: null, label: null };
const settled = () => new Promise((resolve) => setTimeout(resolve));

async function opened(last: () => TileView[]) {
  let tiles = [form];
  const backend = new ScriptedBackend({
    configuration: () => ({ answer: 'configuration', value: aConfiguration({ streams: [aForm()], tiles }) }),
    'last-tiles': () => ({ answer: 'last-tiles', value: last() }),
  });
  const dashboard = new Dashboard(backend);
  dashboard.run(document);
  await settled();
  backend.hearer!.link({ link: 'connected' });
  const hear = (live: TileView[]) => backend.hearer!.push({ push: 'snapshot', value: aSnapshot({ tiles: live }) });
  hear([]);
  await settled();
  const shown = () => dashboard.tiles.map((one) => `${one.key} ${one.text}${dashboard.remembered.has(one) ? ' then' : ''}`);
  return { backend, dashboard, hear, shown, configure: (now: TileForm[]) => (tiles = now) };
}

test('after a restart tiles show what they last were, each until it has a value of now, in the same places', async () => {
  const { hear, shown } = await opened(() => [tile('BTC'), tile('ETH'), tile('Volume', { feed: 1 })]);
  expect(shown()).toEqual(['BTC 5 then', 'ETH 5 then', 'Volume 5 then']);
  hear([tile('ETH', { text: '7' }), tile('ACME', { text: '9' })]);
  expect(shown()).toEqual(['BTC 5 then', 'ETH 7', 'ACME 9', 'Volume 5 then']);
});

test('while the resident is away nothing goes, and when it is back it is asked anew', async () => {
  const { backend, hear, shown } = await opened(() => [tile('BTC')]);
  hear([tile('BTC', { text: '8' })]);
  backend.hearer!.link({ link: 'lost', message: { en: 'gone', zh: '没了' } });
  expect(shown()).toEqual(['BTC 8']);
  expect(backend.of('last-tiles')).toHaveLength(1);
  backend.hearer!.link({ link: 'connected' });
  hear([]);
  expect(shown()).toEqual(['BTC 8 then']);
  await settled();
  expect(backend.of('last-tiles')).toHaveLength(2);
  expect(shown()).toEqual(['BTC 5 then']);
});

test('what makes a tile may change its number without showing it twice, and another configuration is asked for once', async () => {
  const { backend, dashboard, hear, shown, configure } = await opened(() => [tile('BTC')]);
  hear([tile('BTC', { feed: 1, text: '6' })]);
  expect(shown()).toEqual(['BTC 6']);
  await dashboard.streams.load();
  expect(backend.of('last-tiles'), 'the same as before').toHaveLength(1);
  configure([form, { ...form, value: '/volume' }]);
  await dashboard.streams.load();
  await dashboard.streams.load();
  expect(backend.of('last-tiles')).toHaveLength(2);
});

test('what is remembered is told apart from the same value that is live', async () => {
  const same = tile('BTC');
  const { hear, shown } = await opened(() => [same]);
  hear([same]);
  expect(shown()).toEqual(['BTC 5']);
});

test('when a day begins, changes since the first value of the one before are gone, and what the server says stays', async () => {
  const own: TileForm = { ...form, change: '/change' };
  let tiles = [tile('BTC', { changePct: 5, change: 2 }), tile('Own', { feed: 1, changePct: 5, change: 2 })];
  const { dashboard, hear, configure } = await opened(() => tiles);
  configure([form, own]);
  await dashboard.streams.load();
  await settled();
  const changes = () => dashboard.tiles.map(({ changePct, change }) => [changePct, change]);
  dashboard.remembered.begin(NOW - 2 * 3_600_000);
  expect(changes(), 'of this day').toEqual([[5, 2], [5, 2]]);
  dashboard.remembered.begin(NOW);
  expect(changes()).toEqual([[null, null], [5, 2]]);
  expect(dashboard.tiles.every((one) => dashboard.remembered.has(one))).toBe(true);
  tiles = [];
  hear([tile('BTC', { changePct: 1, change: 1, atMs: NOW })]);
  expect(changes()[0], 'live ones are the resident’s').toEqual([1, 1]);
});
