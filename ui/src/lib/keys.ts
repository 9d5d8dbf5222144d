/** To whom a pressed key belongs: to who writes, to what floats over the page, or to the view. */

/** Whether what is typed there is text. */
export function writes(target: EventTarget | null): boolean {
  return within(target, 'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true]');
}

/** Whether a key without Control is the view's own: nobody writes, and nothing floats over it. */
export function isOfView({ target, defaultPrevented, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return !defaultPrevented && !ctrlKey && !metaKey && !altKey && !writes(target) && !within(target, '[role=menu], [role=dialog]') && !document.querySelector('dialog[open]');
}

/** The keys that only move, and go on moving while they are held. */
const MOVES = new Set(['j', 'k', 'J', 'K']);

/** Whether a key was pressed, rather than held: what acts does so once. */
export function isPress({ key, repeat }: Pick<KeyboardEvent, 'key' | 'repeat'>): boolean {
  return !repeat || MOVES.has(key) || /^(Arrow|Page)/.test(key);
}

/** Does what a view's own keys stand for. */
export function keysOf(acts: Readonly<Record<string, () => void>>): (event: KeyboardEvent) => void {
  return (event) => {
    const act = acts[event.key];
    if (!act || !isOfView(event)) return;
    event.preventDefault();
    if (isPress(event)) act();
  };
}

function within(target: EventTarget | null, selector: string): boolean {
  return !!(target as HTMLElement | null)?.closest?.(selector);
}
