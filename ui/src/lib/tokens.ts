/** A size from the one file that names them, for what has to count in pixels. */
export function pixels(token: string): number {
  const FALLBACK = 28;
  return Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue(token)) || FALLBACK;
}
