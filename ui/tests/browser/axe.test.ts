/** axe on every view, in both themes, in a real browser. */
import axe from 'axe-core';
import { describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';

import { VIEWS } from '../../src/lib/dashboard.svelte';
import { open, show } from './stage';

/** What axe finds wrong, a line for each element. */
async function violations(): Promise<string[]> {
  const { violations } = await axe.run(document.body, { resultTypes: ['violations'] });
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`));
}

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each(VIEWS)('nothing in the view “%s” keeps anybody out', async (view) => {
    await open({ theme, scene: 'trouble' });
    await show(view);
    await expect.element(page.getByRole('main')).toBeVisible();
    // Lists that are read from the ledger.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await violations()).toEqual([]);
  });

  const OPENED: Record<string, () => Promise<unknown>> = {
    chart: () => page.getByTestId('tile').first().click(),
    palette: () => userEvent.keyboard('{Control>}k{/Control}'),
    shortcuts: () => userEvent.keyboard('?'),
    'a new silence': async () => {
      await show('settings');
      await page.getByTestId('add-silence').click();
    },
  };
  test.each(Object.entries(OPENED))('nor in what opens: %s', async (_, act) => {
    await open({ theme });
    await act();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await violations()).toEqual([]);
  });

  test.each(['first', 'lost'])('nor in the scene “%s”', async (scene) => {
    await open({ theme, scene });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await violations()).toEqual([]);
  });
});
