/** Where the line of a chart is not drawn: nothing is known of a value there. Pure. */
import type { OutageSpan, TilePoint } from './protocol';

/** A time without a value breaks the line where it is so many times as long as usual, and this part of what is shown. */
const UNUSUAL = 12;
const VISIBLE = 1 / 20;

/**
 * The points as they are drawn, with null where the line breaks: where the stream was not connected between two of them,
 * and where no value came for unusually long. Of samples only the first is told: what lies between them was not read.
 */
export function broken(points: readonly TilePoint[], outages: readonly OutageSpan[], lengthMs: number, sampled: boolean): (TilePoint | null)[] {
  const most = sampled ? Infinity : Math.max(lengthMs * VISIBLE, UNUSUAL * usual(points));
  const rows: (TilePoint | null)[] = [];
  let next = 0;
  for (const point of points) {
    const before = rows.at(-1);
    if (before) {
      while (next < outages.length && outages[next]!.toMs <= before.atMs) next += 1;
      const out = outages[next];
      if (point.atMs - before.atMs > most || (out && out.fromMs < point.atMs && isBetween(out, before, point))) rows.push(null);
    }
    rows.push(point);
  }
  return rows;
}

/** Whether most of an outage lies between two points: by the clock, the last value before it may have come as it began. */
function isBetween({ fromMs, toMs }: OutageSpan, before: TilePoint, after: TilePoint): boolean {
  return Math.min(toMs, after.atMs) - Math.max(fromMs, before.atMs) > (toMs - fromMs) / 2;
}

/** How far apart two points are as a rule. */
function usual(points: readonly TilePoint[]): number {
  const apart = points.slice(1).map(({ atMs }, at) => atMs - points[at]!.atMs).sort((one, other) => one - other);
  return apart.length > 1 ? apart[apart.length >> 1]! : Infinity;
}

/** How long there was no connection within a time, in milliseconds. */
export function unconnectedMs(outages: readonly OutageSpan[], span: { readonly fromMs: number; readonly toMs: number }): number {
  return outages.reduce((sum, { fromMs, toMs }) => sum + Math.max(0, Math.min(toMs, span.toMs) - Math.max(fromMs, span.fromMs)), 0);
}
