/** Pushes are held back while nobody sees the window. */
import { expect, test } from 'vitest';

import { MOST_ROWS } from '../src/lib/feed.svelte';
import { Gate } from '../src/lib/gate';
import type { Push } from '../src/lib/protocol';
import { anEvent, aSnapshot } from './support';

class Page extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible';

  turn(state: DocumentVisibilityState): void {
    this.visibilityState = state;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

function aGate() {
  const page = new Page();
  const heard: Push[] = [];
  const gate = new Gate({ link: () => {}, push: (push) => heard.push(push) }, page as unknown as Document);
  gate.run();
  return { page, heard, gate };
}

test('a visible window hears everything at once', () => {
  const { gate, heard } = aGate();
  gate.push({ push: 'snapshot', value: aSnapshot() });
  expect(heard).toHaveLength(1);
});

test('a hidden window does nothing, and catches up with one snapshot and one batch', () => {
  const { gate, heard, page } = aGate();
  page.turn('hidden');
  for (let at = 1; at <= 50; at += 1) {
    gate.push({ push: 'snapshot', value: aSnapshot({ unread: at }) });
    gate.push({ push: 'events', value: { events: Array.from({ length: 100 }, (_, more) => anEvent(at * 100 + more)), omitted: 0 } });
  }
  expect(heard).toEqual([]);
  page.turn('visible');
  expect(heard.map(({ push }) => push)).toEqual(['events', 'snapshot']);
  expect(heard[0]).toMatchObject({ value: { omitted: 5000 - MOST_ROWS } });
  expect(heard[1]).toMatchObject({ value: { unread: 50 } });
});

test('what calls the window to the front passes at once', () => {
  const { gate, heard, page } = aGate();
  page.turn('hidden');
  gate.push({ push: 'present', value: { spot: 'alert', alert: 7 } });
  expect(heard).toHaveLength(1);
});
