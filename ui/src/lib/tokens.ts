/** A size from the one file that names them, for what has to count in pixels. */
export function pixels(token: string): number {
  const FALLBACK = 28;
  return Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue(token)) || FALLBACK;
}

/** How long what moves takes, in milliseconds; nothing for who wants no motion. */
export function motionMs(): number {
  const LENGTH = 120;
  return globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches ? 0 : LENGTH;
}
