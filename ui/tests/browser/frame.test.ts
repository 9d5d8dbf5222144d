/** The frame round the views in a real browser: what a right click shows, what hovering says, and the narrow window. */
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';

import { open, show } from './stage';

const row = (id: string) => page.getByTestId(id).first();
const box = (selector: string) => document.querySelector(selector)!.getBoundingClientRect();

test('a right click has a menu on text that is written, can be selected or is selected, and nowhere else', async () => {
  await open({ scene: 'calm' });
  await show('alerts');
  await row('alert-group').click();
  await expect.element(row('json-tree')).toBeVisible();
  /** Whether the browser's menu would come. */
  const menu = (selector: string) => document.querySelector(selector)!.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }));
  expect(['main', '[data-testid=nav-now]', '[data-testid=alert-group] .title', '[data-testid=alert-detail] dt'].map(menu)).toEqual([false, false, false, false]);
  expect(['[data-testid=alert-search]', '[data-testid=alert-detail] h2', '[data-testid=json-line] .name'].map(menu)).toEqual([true, true, true]);
  getSelection()!.selectAllChildren(document.querySelector('[data-testid=alert-detail]')!);
  expect(['[data-testid=alert-detail] dt', '[data-testid=nav-now]'].map(menu)).toEqual([true, false]);
  getSelection()!.removeAllRanges();
});

test('no title of a button says what the button says, with a key behind it', async () => {
  await open({ scene: 'calm' });
  const repeats = () =>
    [...document.querySelectorAll<HTMLElement>('button[title]')].filter(({ title, innerText }) => innerText.trim() && title.startsWith(`${innerText.trim()}  `)).map(({ title }) => title);
  const [said, seen] = [new Set<string>(), () => repeats().forEach((title) => said.add(title))];
  for (const view of ['now', 'alerts', 'feed', 'streams', 'rules', 'settings']) {
    await show(view);
    seen();
  }
  await show('feed');
  await row('feed-row').click();
  await expect.element(row('copy-value')).toBeVisible();
  seen();
  await show('alerts');
  await row('alert-group').click();
  await expect.element(row('mark-unread')).toBeVisible();
  seen();
  await row('acknowledge').click();
  await expect.element(row('undo')).toBeVisible();
  await userEvent.keyboard('x');
  await expect.element(row('bulk-read')).toBeVisible();
  seen();
  expect([...said]).toEqual([]);
});

test.each(['alerts', 'feed'])('in a narrow window the list of %s, and the room below it for what is new, reach down to the views', async (view) => {
  await open({ scene: 'calm', width: 430 });
  await show(view);
  await expect.element(row(view === 'alerts' ? 'alert-group' : 'feed-row')).toBeVisible();
  const gaps = () => [box('nav').top - box('main .foot').bottom, box('main .foot').top - box('[role=tree], [role=listbox]').bottom];
  await expect.poll(() => Math.max(...gaps())).toBeLessThan(2);
});

test('in a narrow window the button of the view that is shown closes what is open in it', async () => {
  const backend = await open({ scene: 'calm', width: 430 });
  backend.push({ push: 'present', value: { spot: 'alert', alert: 5 } });
  await expect.element(row('alert-detail')).toBeVisible();
  await show('alerts');
  await expect.element(page.getByRole('tree', { name: 'Alerts, newest first' })).toBeVisible();
  await expect.element(page.getByTestId('alert-detail')).not.toBeInTheDocument();
  await show('feed');
  await row('feed-row').click();
  await expect.element(row('event-detail')).toBeVisible();
  await userEvent.keyboard('{Control>}3{/Control}');
  await expect.element(page.getByTestId('event-detail')).not.toBeInTheDocument();
  await show('streams');
  await page.getByTestId('stream-open').first().click();
  await expect.element(page.getByTestId('stream-open').first()).not.toBeVisible();
  await show('streams');
  await expect.element(page.getByTestId('stream-open').first()).toBeVisible();
  // Where there is room for both, it stays open.
  await page.viewport(1100, 720);
  await show('alerts');
  await row('alert-group').click();
  await show('alerts');
  await expect.element(row('alert-detail')).toBeVisible();
});

test('where nothing is open no row looks as if it were, but to the keyboard', async () => {
  const backend = await open({ scene: 'calm', width: 430 });
  backend.push({ push: 'present', value: { spot: 'alert', alert: 5 } });
  await expect.element(row('alert-detail')).toBeVisible();
  await page.getByRole('button', { name: 'Back' }).click();
  await page.viewport(1100, 720);
  const colour = () => getComputedStyle(document.querySelector('[role=treeitem][data-selected=true]')!).backgroundColor;
  await expect.poll(colour).toBe('rgba(0, 0, 0, 0)');
  await userEvent.keyboard('j');
  await expect.poll(colour).not.toBe('rgba(0, 0, 0, 0)');
  await userEvent.keyboard('{Escape}');
  await expect.poll(colour).toBe('rgba(0, 0, 0, 0)');
  await page.getByTestId('alert-search').click();
  await userEvent.keyboard('{ArrowDown}');
  await expect.element(page.getByRole('tree').first()).toHaveFocus();
  await expect.poll(colour).not.toBe('rgba(0, 0, 0, 0)');
});

test.each([430, 1100])('at %i px live values that have room are not scrolled', async (width) => {
  await open({ scene: 'calm', width });
  await expect.element(row('tile')).toBeVisible();
  const tiles = document.querySelector('section.tiles')!;
  expect(tiles.scrollHeight).toBe(tiles.clientHeight);
});
