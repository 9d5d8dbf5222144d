import axe from 'axe-core';
import { describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';

import { open, show } from './stage';

async function violations(): Promise<string[]> {
  const { violations } = await axe.run(document.body, { resultTypes: ['violations'] });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}\n${html}\n${failureSummary ?? ''}`));
}

const row = (id: string) => page.getByTestId(id).first();

describe.each(['light', 'dark'] as const)('in the %s theme nothing keeps anybody out of', (theme) => {
  test('an alert with its event, its trace and the form for a silence, beside a list with checked lines', async () => {
    await open({ theme, scene: 'calm' });
    await show('alerts');
    await expect.element(page.getByTestId('alert-group').first()).toBeVisible();
    await userEvent.keyboard('j{ArrowRight}j');
    await userEvent.keyboard('xs');
    await page.getByText('Why?').click();
    await expect.element(row('why-rule')).toBeVisible();
    await expect.element(row('silence-panel')).toBeVisible();
    await expect.element(row('json-tree')).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  test('an event with its data, beside a list that is searched and held', async () => {
    await open({ theme, scene: 'calm' });
    await show('feed');
    await page.getByTestId('feed-search').fill('btc');
    await expect.element(page.getByTestId('feed-row').first()).toBeVisible();
    await page.getByTestId('feed-row').nth(2).click();
    await expect.element(row('json-tree')).toBeVisible();
    expect(await violations()).toEqual([]);
  });
});

test('alerts are read, checked, acknowledged and brought back by keyboard alone', async () => {
  await open({ scene: 'calm' });
  await userEvent.keyboard('{Control>}2{/Control}');
  await expect.element(page.getByTestId('alert-group').first()).toBeVisible();
  await userEvent.keyboard('j');
  await expect.element(row('alert-detail')).toBeVisible();
  await userEvent.keyboard('xJ');
  await expect.element(row('checked')).toBeVisible();
  await userEvent.keyboard('e');
  await expect.element(page.getByText('acknowledged').first()).toBeVisible();
  await page.getByTestId('undo').click();
  await expect.element(page.getByTestId('undo')).not.toBeInTheDocument();
  await expect.element(row('acknowledge')).toBeVisible();
  await userEvent.keyboard('/nothing has this');
  await expect.element(page.getByText('No alert has “nothing has this” in it.')).toBeVisible();
});

test('a tree is walked with the arrow keys and names the place of its values', async () => {
  await open({ scene: 'calm' });
  await show('feed');
  await expect.element(page.getByTestId('feed-row').first()).toBeVisible();
  await userEvent.keyboard('hjj');
  await expect.element(row('json-tree')).toBeVisible();
  (document.querySelector('[role=tree]') as HTMLElement).focus();
  await userEvent.keyboard('{ArrowDown}');
  const place = page.getByTestId('event-data').element().querySelector('.pointer')!;
  expect(place.textContent).toMatch(/^\/(symbol|now)$/);
  await userEvent.keyboard('{ArrowLeft}{ArrowLeft}');
  expect(document.querySelectorAll('[role=treeitem]')).toHaveLength(1);
});
