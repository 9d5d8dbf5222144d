/** What uPlot is told about a chart: its axes, its colours, its data. */
import type { AlignedData, Axis, Options } from 'uplot';

import type { TilePoint } from './protocol';

/** Colours as the page draws them at the moment; a canvas knows nothing of custom properties. */
export interface Ink {
  readonly line: string;
  readonly band: string;
  readonly text: string;
  readonly grid: string;
  readonly font: string;
}

export interface Wording {
  /** A point of the time axis, where neighbours are so many seconds apart. */
  readonly time: (atMs: number, stepS: number) => string;
  /** A point of the value axis, where neighbours are so far apart. */
  readonly value: (value: number, step: number) => string;
}

/** The size of the axes' texts in pixels, for which the rest is meant. */
const USUAL = 12;
const GAP = 6;
const TICK = 4;
const TIME_HEIGHT = 28;
const LETTER = 7;
const TIME_SPACE = 72;
const VALUE_SPACE = 36;
const HALF_LABEL = 20;

/** Which column is the line: the last, so that it is drawn over the band. */
const LINE = 3;

/** Seconds and values, as uPlot wants them: least, greatest, last. */
export function columns(rows: readonly (TilePoint | null)[]): AlignedData {
  const column = (value: (point: TilePoint) => number) => rows.map((point) => point && value(point));
  return [times(rows), column(({ min }) => min), column(({ max }) => max), column(({ last }) => last)];
}

/** When each row is; a break of the line is halfway between its neighbours. */
function times(rows: readonly (TilePoint | null)[]): number[] {
  return rows.map((point, at) => (point?.atMs ?? ((rows[at - 1]?.atMs ?? 0) + (rows[at + 1]?.atMs ?? 0)) / 2) / 1000);
}

/** The values with a break on either side, or an end: they have no line, so they are dots. */
export function lonely(values: ArrayLike<number | null | undefined>): number[] | null {
  const found = Array.from(values, (value, at) => (value != null && values[at - 1] == null && values[at + 1] == null ? at : -1)).filter((at) => at >= 0);
  return found.length ? found : null;
}

export function options(width: number, height: number, ink: Ink, wording: Wording): Options {
  /** How much larger than usual somebody has texts written. */
  const scale = Number.parseFloat(ink.font) / USUAL || 1;
  const axis: Axis = {
    stroke: ink.text,
    font: ink.font,
    gap: GAP,
    grid: { stroke: ink.grid, width: 1 },
    ticks: { stroke: ink.grid, width: 1, size: TICK },
  };
  const written = (splits: number[], step: number) => splits.map((value) => wording.value(value, step));
  return {
    width,
    height,
    legend: { show: false },
    // The page selects and asks anew; uPlot only draws the selection.
    cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 2 * TICK, width: 0, stroke: 'transparent', fill: (_, column) => (column === LINE ? ink.line : 'transparent') }, y: false },
    scales: { x: { time: true }, y: { range: (_, least, most) => room(least, most) } },
    axes: [
      { ...axis, size: TIME_HEIGHT * scale, space: TIME_SPACE * scale, values: (_, splits, __, ___, step) => splits.map((at) => wording.time(at * 1000, step)) },
      {
        ...axis,
        side: 1,
        space: VALUE_SPACE * scale,
        values: (_, splits, __, ___, step) => written(splits, step),
        size: (_, values) => GAP + TICK + LETTER * scale * Math.max(4, ...(values ?? []).map((text) => text.length)),
      },
    ],
    series: [
      {},
      { stroke: 'transparent', points: { show: false } },
      { stroke: 'transparent', points: { show: false } },
      { stroke: ink.line, width: 1.5, points: { show: false, filter: ({ data }) => lonely(data[LINE] ?? []), size: TICK + 2, width: 0, fill: ink.line } },
    ],
    bands: [{ series: [2, 1], fill: ink.band }],
    padding: [2 * TICK, 0, 0, HALF_LABEL],
  };
}

/** A little room above and below; some, too, where every value is the same. */
export function room(least: number | null, most: number | null): [number, number] {
  if (least === null || most === null) return [0, 1];
  const margin = (most - least) * 0.06 || Math.abs(most) * 0.001 || 1;
  return [least - margin, most + margin];
}
