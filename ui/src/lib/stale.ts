/** Since when a tile's value is old, because its stream is not live or unusually quiet, or it is of before the resident's start; null while it is, or was a moment ago. */
import type { StreamView, TileView } from './protocol';

/** A connection that ends and comes back at once is normal and dims nothing. */
const GRACE_MS = 5000;

export function staleSince(tile: TileView, remembered: boolean, stream: StreamView | undefined, lost: boolean, now: number): number | null {
  if (remembered) return tile.atMs;
  if (!lost && stream?.state === 'open' && stream.quietSinceMs === null) return null;
  const heard = Math.max(tile.atMs, stream?.lastEventAtMs ?? 0);
  return now - heard > GRACE_MS ? heard : null;
}
