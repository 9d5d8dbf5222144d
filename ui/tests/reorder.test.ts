/** Rows that are dragged by their grips: what is moved is what was taken. */
import { expect, test } from 'vitest';

import { placeAt, reorder } from '../src/lib/reorder';

const HEIGHT = 30;

/** A list of rows below each other, and what is dragged in it. */
function aList(things: string[]) {
  const list = document.createElement('ul');
  const moved: [string, number][] = [];
  const fill = () => {
    list.replaceChildren(
      ...things.map((_, at) => {
        const row = document.createElement('li');
        row.innerHTML = '<span data-grip></span>';
        row.getBoundingClientRect = () => new DOMRect(0, at * HEIGHT, 100, HEIGHT);
        return row;
      }),
    );
  };
  fill();
  list.setPointerCapture = () => {};
  const detach = reorder((place) => things[place], (thing, to) => moved.push([thing, to]))(list);
  const send = (type: string, clientY: number, target: Element = list) => target.dispatchEvent(new MouseEvent(type, { bubbles: true, button: 0, clientY }));
  return {
    moved, detach,
    take: (place: number) => send('pointerdown', place * HEIGHT, list.children[place]!.firstElementChild!),
    drag: (place: number) => send('pointermove', place * HEIGHT + HEIGHT - 1),
    drop: (type = 'pointerup') => send(type, 0),
    become: (...now: string[]) => {
      things = now;
      fill();
    },
  };
}

test('a row that is dragged takes the place where it is let go', () => {
  const { moved, take, drag, drop } = aList(['a', 'b', 'c']);
  take(0);
  drag(2);
  drop();
  expect(moved).toEqual([['a', 2]]);
});

test('what is moved is what was taken, though another stands in its place by then', () => {
  const { moved, take, drag, drop, become } = aList(['a', 'b', 'c']);
  take(1);
  become('z', 'a', 'b', 'c');
  drag(3);
  drop();
  expect(moved).toEqual([['b', 3]]);
});

test('a row that is let go where it was, or given up, is not moved', () => {
  const { moved, take, drag, drop } = aList(['a', 'b', 'c']);
  take(1);
  drop();
  take(1);
  drag(2);
  drop('pointercancel');
  drop();
  expect(moved).toEqual([]);
});

test('a dragged row takes the place of the last one whose middle it passed', () => {
  const rows = [0, 40, 80, 120].map((top) => ({ top, height: 40 }));
  expect(placeAt(rows, 10, 2)).toBe(0);
  expect(placeAt(rows, 70, 2)).toBe(2);
  expect(placeAt(rows, 50, 2)).toBe(1);
  expect(placeAt(rows, 500, 1)).toBe(3);
  expect(placeAt(rows, -500, 3)).toBe(0);
  expect(placeAt(rows, 90, 1)).toBe(1);
});
