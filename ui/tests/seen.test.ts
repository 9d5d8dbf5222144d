/** Nothing is told to a page that nobody sees; it reads what it missed. */
import { expect, test, vi } from 'vitest';

import { Dashboard } from '../src/lib/dashboard.svelte';
import { ScriptedBackend } from './support';

class Page extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible';

  turn(state: DocumentVisibilityState): void {
    this.visibilityState = state;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

async function aDashboard() {
  const [page, backend] = [new Page(), new ScriptedBackend()];
  new Dashboard(backend).run(page as unknown as Document);
  await vi.waitFor(() => expect(backend.hearer).toBeDefined());
  backend.hearer!.link({ link: 'connected' });
  return { page, backend };
}

test('a page that was hidden reads what it missed once it is seen again', async () => {
  const { page, backend } = await aDashboard();
  page.turn('hidden');
  await vi.waitFor(() => expect(backend.seenIt).toEqual([false]));
  const asked = backend.of('alerts').length;
  page.turn('visible');
  await vi.waitFor(() => expect(backend.seenIt).toEqual([false, true]));
  await vi.waitFor(() => expect(backend.of('alerts').length).toBeGreaterThan(asked));
});

test('a page that is hidden and shown in one breath ends as one that is seen', async () => {
  const { page, backend } = await aDashboard();
  page.turn('hidden');
  await vi.waitFor(() => expect(backend.seenIt).toEqual([false]));
  for (const state of ['visible', 'hidden', 'visible'] as const) page.turn(state);
  await vi.waitFor(() => expect(backend.seenIt).toEqual([false, true]));
});

test('a page that somebody presses in is seen, whatever it is told', async () => {
  const { page, backend } = await aDashboard();
  page.turn('hidden');
  await vi.waitFor(() => expect(backend.seenIt).toEqual([false]));
  page.dispatchEvent(new Event('pointerdown'));
  await vi.waitFor(() => expect(backend.seenIt).toEqual([false, true]));
});
