/** What is pressed is high enough to be hit, and rows of long lists say where they stand. */
import { mount, unmount } from 'svelte';
import { expect, onTestFinished, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';

import Plot from '../../src/components/Plot.svelte';
import Spoken from '../Spoken.svelte';
import { anAlert, NOW } from '../support';
import { open, show } from './stage';

const LEAST = 28;

/** What is lower than that, with what surrounds it to be hit, too. */
function low(): string[] {
  const height = (element: Element) => {
    const { position, height } = getComputedStyle(element, '::after');
    return Math.max(element.getBoundingClientRect().height, position === 'absolute' ? Number.parseFloat(height) || 0 : 0);
  };
  return [...document.querySelectorAll('button, summary, select, [role=treeitem], [role=option], [role=gridcell]')]
    .filter((element) => element.checkVisibility() && !element.closest('.hidden-text') && height(element) < LEAST - 0.5)
    .map((element) => `${element.outerHTML.slice(0, 120)} is ${height(element)} px high`);
}

test('everything that is pressed in alerts and in what is behind them is high enough', async () => {
  await open({ scene: 'calm' });
  await show('alerts');
  await userEvent.keyboard('j{ArrowRight}j');
  await expect.element(page.getByTestId('json-line').first()).toBeVisible();
  expect(low()).toEqual([]);
  const [first] = page.getByRole('treeitem').elements();
  expect([first?.getAttribute('aria-posinset'), first?.getAttribute('aria-level')]).toEqual(['1', '1']);
});

test('the mark of an alert on a chart is large enough', async () => {
  const target = document.createElement('div');
  target.style.cssText = 'width: 30rem; height: 12rem';
  document.body.append(target);
  const rows = [0, 1, 2].map((at) => ({ atMs: NOW - 60_000 + at * 20_000, min: at, max: at, last: at, text: String(at) }));
  const told = () => {};
  const props = {
    label: 'BTC', rows, outages: [], span: { fromMs: NOW - 60_000, toMs: NOW }, alerts: [anAlert(1, { atMs: NOW - 30_000 })], theme: 'light',
    describe: String, onpoint: told, onzoom: told, onunzoom: told, onalert: told,
  };
  const app = mount(Spoken, { target, props: { one: Plot, props } });
  onTestFinished(async () => {
    await unmount(app);
    target.remove();
  });
  await expect.element(page.getByTestId('chart-alert')).toBeVisible();
  const { width, height } = page.getByTestId('chart-alert').element().getBoundingClientRect();
  expect(Math.min(width, height)).toBeGreaterThanOrEqual(LEAST);
});

test('everything that is pressed in settings and forms is high enough', async () => {
  await open({ scene: 'calm' });
  await show('settings');
  await expect.element(page.getByTestId('week')).toBeVisible();
  expect(low()).toEqual([]);
  await show('feed');
  await page.getByTestId('feed-row').nth(2).click();
  const row = page.getByTestId('feed-row').nth(2).element();
  expect(row.getAttribute('aria-posinset')).toBe('3');
  expect(Number(row.getAttribute('aria-setsize'))).not.toBe(0);
  await page.getByTestId('make-tile').click();
  await expect.element(page.getByTestId('tile-save')).toBeVisible();
  expect(low()).toEqual([]);
});
