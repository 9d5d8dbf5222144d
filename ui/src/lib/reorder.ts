/**
 * Moves rows of a list by their grips. While a row is dragged, the one it would go before or behind is marked with
 * `data-drop`; nothing moves until it is let go.
 */
import type { Attachment } from 'svelte/attachments';

/**
 * For the list: its children are the rows, `[data-grip]` in them is what is dragged. `thingAt` says what stands at a place,
 * from 0, when somebody takes it: another may stand there when it is let go.
 */
export function reorder<T>(thingAt: (place: number) => T | undefined, onmove: (thing: T, to: number) => void): Attachment<HTMLElement> {
  return (list) => {
    let [from, to] = [-1, -1];
    let thing: T | undefined;

    const rows = () => [...list.children] as HTMLElement[];
    const unmark = () => rows().forEach((row) => delete row.dataset.drop);

    function down(event: PointerEvent): void {
      const grip = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-grip]') : null;
      if (!grip || event.button !== 0) return;
      event.preventDefault();
      from = to = rows().findIndex((row) => row.contains(grip));
      thing = thingAt(from);
      list.setPointerCapture(event.pointerId);
    }

    function move(event: PointerEvent): void {
      if (from < 0) return;
      to = placeAt(rows().map((row) => row.getBoundingClientRect()), event.clientY, from);
      unmark();
      const row = rows()[to];
      if (row && to !== from) row.dataset.drop = to < from ? 'before' : 'behind';
    }

    function end(event: PointerEvent): void {
      const [moved, place] = [to !== from && event.type === 'pointerup' ? thing : undefined, to];
      from = to = -1;
      thing = undefined;
      unmark();
      if (moved !== undefined) onmove(moved, place);
    }

    list.addEventListener('pointerdown', down);
    list.addEventListener('pointermove', move);
    list.addEventListener('pointerup', end);
    list.addEventListener('pointercancel', end);
    return () => {
      list.removeEventListener('pointerdown', down);
      list.removeEventListener('pointermove', move);
      list.removeEventListener('pointerup', end);
      list.removeEventListener('pointercancel', end);
    };
  };
}

/** The place a row from `from` would take, let go at the height `y`: that of the last row whose middle was passed. */
export function placeAt(rows: readonly { top: number; height: number }[], y: number, from: number): number {
  let to = from;
  rows.forEach(({ top, height }, at) => {
    const middle = top + height / 2;
    if (at < from && y < middle) to = Math.min(to, at);
    if (at > from && y > middle) to = Math.max(to, at);
  });
  return to;
}
