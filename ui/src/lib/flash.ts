/** Flashes an element's background once when its value changes; not with reduced motion. */
import type { Attachment } from 'svelte/attachments';

export function flash(value: () => string): Attachment<HTMLElement> {
  let before: string | undefined;
  return (element) => {
    const now = value();
    const changed = before !== undefined && before !== now;
    before = now;
    const length = Number.parseFloat(getComputedStyle(element).getPropertyValue('--flash'));
    if (!changed || !length || !element.animate || element.getAnimations().length) return;
    element.animate([{ backgroundColor: 'var(--accent-soft)' }, { backgroundColor: 'transparent' }], { duration: length, easing: 'ease-out' });
  };
}
