/** The command palette in a real browser, by keyboard alone. */
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';

import { open } from './stage';

const main = () => document.querySelector<HTMLElement>('main')?.dataset.view;

test('the palette is opened, searched and used with the keyboard alone', async () => {
  await open();
  await userEvent.keyboard('{Control>}k{/Control}');
  const field = page.getByTestId('palette-input');
  await expect.element(field).toHaveFocus();
  await userEvent.keyboard('settings dark');
  await expect.poll(() => document.querySelector('[role=option][aria-selected=true]')?.textContent).toContain('Appearance: Dark');
  expect(field.element().getAttribute('aria-activedescendant')).toBe(document.querySelector('[aria-selected=true]')?.id);
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => document.documentElement.dataset.theme).toBe('dark');
  expect(page.getByTestId('palette').elements()).toHaveLength(0);
});

test('it finds streams, rules and values, and goes where they are', async () => {
  await open();
  await userEvent.keyboard('{Control>}k{/Control}');
  await userEvent.keyboard('chart gold{Enter}');
  await expect.element(page.getByTestId('chart')).toHaveTextContent('GOLD');
  await userEvent.keyboard('{Control>}k{/Control}');
  await userEvent.keyboard('backup overdue');
  await userEvent.keyboard('{ArrowDown}{ArrowUp}{Enter}');
  await expect.poll(main).toBe('rules');
  await userEvent.keyboard('{Control>}k{/Control}');
  await userEvent.keyboard('nothing is called this');
  await expect.element(page.getByText('Nothing is called that.')).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => page.getByTestId('palette').elements()).toHaveLength(0);
});

test('shortcuts work everywhere, but “?” is text in a field', async () => {
  await open();
  await userEvent.keyboard('{Control>}3{/Control}');
  await expect.poll(main).toBe('feed');
  await userEvent.keyboard('?');
  await expect.element(page.getByTestId('shortcuts')).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => page.getByTestId('shortcuts').elements()).toHaveLength(0);
  await userEvent.keyboard('{Control>}k{/Control}');
  await userEvent.keyboard('?');
  await expect.element(page.getByTestId('palette-input')).toHaveValue('?');
});
