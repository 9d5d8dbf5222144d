/** What can be told of an address before anybody connects to it. Pure. */

/** Scheme, host and port of an address; empty where it is none. */
export function originOf(url: string): string {
  try {
    return new URL(url.trim()).origin;
  } catch {
    return '';
  }
}

const COMMON = new Set(['www', 'api', 'app', 'events', 'event', 'stream', 'streams', 'sse', 'live', 'push']);

/** A short name for an address: what tells its host from others. */
export function nameFor(url: string): string {
  let host: string;
  try {
    host = new URL(url.trim()).hostname;
  } catch {
    return '';
  }
  if (/^[\d.]+$|^\[/.test(host)) return host;
  const labels = host.split('.');
  return labels.find((label, at) => !COMMON.has(label) && (at < labels.length - 1 || at === 0)) ?? host;
}
