/** Nothing is told to a page that nobody sees; it reads what it missed. */
import { expect, test, vi } from 'vitest';

import { Dashboard } from '../src/lib/dashboard.svelte';
import { anEvent, ScriptedBackend } from './support';

class Page extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible';

  turn(state: DocumentVisibilityState): void {
    this.visibilityState = state;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

async function aDashboard(answers: ConstructorParameters<typeof ScriptedBackend>[0] = {}) {
  const [page, backend] = [new Page(), new ScriptedBackend(answers)];
  const dashboard = new Dashboard(backend);
  dashboard.run(page as unknown as Document);
  await vi.waitFor(() => expect(backend.hearer).toBeDefined());
  backend.hearer!.link({ link: 'connected' });
  return { page, backend, dashboard };
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

test('a feed that was hidden while more came than a page has no hole in it', async () => {
  let newest = 3;
  const history = ({ query }: { query: { before: number | null; limit: number } }) => {
    const last = Math.min(newest, (query.before ?? Infinity) - 1);
    return { answer: 'history' as const, value: Array.from({ length: Math.min(query.limit, last) }, (_, at) => anEvent(last - Math.min(query.limit, last) + 1 + at)) };
  };
  const { page, backend, dashboard } = await aDashboard({ history });
  backend.hearer!.push({ push: 'events', value: { events: [1, 2, 3].map((seq) => anEvent(seq)), omitted: 0 } });
  page.turn('hidden');
  await vi.waitFor(() => expect(backend.seenIt).toEqual([false]));
  newest = 5000;
  page.turn('visible');
  await vi.waitFor(() => expect(dashboard.feed.rows[0]?.seq).toBe(5000));
  expect(dashboard.feed.rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 200 }, (_, at) => 5000 - at));
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
