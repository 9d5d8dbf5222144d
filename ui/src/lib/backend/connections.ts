/** Connections of the streams that the fake resident has. */
import { plain } from '../i18n/text';
import type { ConnectionView, StreamView, UptimeView } from '../protocol';

const MINUTE = 60_000;
const SEGMENTS = 96;

export function uptimeOf(view: StreamView, now: number): UptimeView {
  const open = view.state === 'open';
  const segments = Array.from({ length: SEGMENTS }, (_, at): number | null => {
    if (at < 12 || view.state === 'paused') return null;
    if (at > 80 && !open) return 0;
    return at === 41 ? 0.62 : at === 42 ? 0 : 1;
  });
  const known = segments.filter((share) => share !== null);
  const share = known.length ? known.reduce((sum, one) => sum + one, 0) / known.length : null;
  const last = connectionsOf(view, now).find(({ cause }) => cause !== 'open') ?? null;
  return { stream: view.name, share, segments, knownSinceMs: share === null ? null : now - 84 * 15 * MINUTE, atMs: now, connectedSinceMs: open ? view.sinceMs : null, last };
}

export function connectionsOf(view: StreamView | undefined, now: number): ConnectionView[] {
  if (!view || view.state === 'paused') return [];
  const before = [
    connection(now - 14 * 60 * MINUTE, { endMs: now - 13.6 * 60 * MINUTE, cause: 'network', message: { en: 'cannot reach example.com:443: connection refused', zh: '无法连接 example.com:443：连接被拒绝' }, tries: 23, openMs: null, status: null, http: '', headerMs: null, firstByteMs: null }),
    connection(now - 20 * 60 * MINUTE, { endMs: now - 14 * 60 * MINUTE, cause: 'idle', message: { en: 'no byte came for 90 s', zh: '90 秒内没有收到任何数据' } }),
    connection(now - 21 * 60 * MINUTE, { endMs: now - 20 * 60 * MINUTE, cause: 'end-of-stream', message: { en: 'the server ended the stream', zh: '服务器结束了流' } }),
  ];
  const newest = view.state === 'open' ? connection(view.sinceMs, { openMs: now - view.sinceMs, bytes: 2_400_000, events: view.events }) : null;
  return newest ? [newest, ...before] : before;
}

function connection(startMs: number, part: Partial<ConnectionView>): ConnectionView {
  return {
    startMs, endMs: null, cause: 'open', message: plain(''), missing: null, tries: 1, status: 200, http: '2', headerMs: 34, firstByteMs: 41,
    openMs: (part.endMs ?? startMs) - startMs, bytes: 811_000, events: 412, ...part,
  };
}
