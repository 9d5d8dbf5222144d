/** Flashes an element's background once when its value changes; not with reduced motion, and not what changes all the time. */
import type { Attachment } from 'svelte/attachments';

const LENGTH_MS = 400;
/** What changed this short a time ago does not flash again: it would never be still. */
const REST_MS = 1000;

export function flash(value: () => string): Attachment<HTMLElement> {
  let before: string | undefined;
  let changedAt = -Infinity;
  return (element) => {
    const now = value();
    if (before === now) return;
    const [first, at] = [before === undefined, performance.now()];
    const rested = at - changedAt > REST_MS;
    before = now;
    changedAt = at;
    if (first || !rested || !element.animate || wantsNoMotion()) return;
    element.animate([{ backgroundColor: 'var(--accent-soft)' }, { backgroundColor: 'transparent' }], { duration: LENGTH_MS, easing: 'ease-out' });
  };
}

function wantsNoMotion(): boolean {
  return globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches ?? true;
}
