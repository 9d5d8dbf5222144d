/** A size from the one file that names them, for what has to count in pixels. */
export function pixels(token: string): number {
  const FALLBACK = 28;
  const style = getComputedStyle(document.documentElement);
  const size = style.getPropertyValue(token).trim();
  const unit = size.endsWith('rem') ? Number.parseFloat(style.fontSize) || 16 : 1;
  return Number.parseFloat(size) * unit || FALLBACK;
}

/** How long what moves takes, in milliseconds; nothing for who wants no motion. */
export function motionMs(): number {
  const LENGTH = 120;
  return globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches ? 0 : LENGTH;
}
