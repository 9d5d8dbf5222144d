/** Commands for the live values and their chart. */
import { RANGES, type Range } from '../chart.svelte';
import type { Command } from '../palette';
import type { TileView } from '../protocol';
import { things, type Things } from '../things';
import { calledOf, TILE_ORDERS, tileId } from '../tiles';
import type { Live, Page } from './page';

/** What can be done with the chart that is open. */
export function* chart({ dashboard: { chart, view }, locale }: Page): Generator<Command> {
  if (!chart.tile || view !== 'now') return;
  const t = locale.words.chart;
  yield { id: 'chart-close', kind: 'action', name: t.close, keys: 'Esc', run: () => chart.close() };
  if (chart.zoomed) yield { id: 'chart-unzoom', kind: 'action', name: t.unzoom, keys: '0', run: () => chart.unzoom() };
  for (const range of Object.keys(RANGES) as Range[]) {
    yield { id: `chart-range ${range}`, kind: 'action', name: locale.words.named(t.range, t.ranges[range]), run: () => chart.pick(range) };
  }
}

export function values({ dashboard, locale, snapshot }: Live): Things {
  const { chart } = dashboard;
  function open(tile: TileView): void {
    dashboard.show('now');
    if (chart.id !== tileId(tile)) chart.toggle(tile);
  }
  const all = snapshot.tiles.map((tile) => ({ tile, id: `${tile.stream} ${tile.feed} ${tile.key}`, name: calledOf(tile), also: `${tile.stream} ${tile.key}` }));
  return things('value', all, [{ id: 'chart', say: locale.words.palette.chartOf, run: ({ tile }) => open(tile) }]);
}

export function* orders({ preferences, locale }: Page): Generator<Command> {
  const t = locale.words;
  for (const order of TILE_ORDERS) {
    yield { id: `order ${order}`, kind: 'setting', name: t.named(t.now.order, t.now.orders[order]), also: t.nav.settings, run: () => (preferences.tileOrder = order) };
  }
}
