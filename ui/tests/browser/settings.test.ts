/** The settings in a real browser: painting hours, and taking that back. */
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';

import { open, show } from './stage';

const cell = (day: number, hour: number) => document.querySelector<HTMLElement>(`[data-day="${day}"][data-hour="${hour}"]`)!;
const said = () => document.querySelector('[data-testid=quiet-hours]')?.textContent?.trim();

async function week(): Promise<void> {
  await show('settings');
  await expect.poll(() => cell(0, 22)?.dataset.quiet).toBe('all');
}

function point(type: string, target: EventTarget, at: Element): void {
  const { left, top, width, height } = at.getBoundingClientRect();
  target.dispatchEvent(new PointerEvent(type, { bubbles: true, button: 0, pointerType: 'mouse', clientX: left + width / 2, clientY: top + height / 2 }));
}

test('hours are painted by dragging over them, and that is taken back', async () => {
  await open({ height: 900 });
  await week();
  expect(said()).toContain('22:00–07:00 · every day');
  cell(0, 12).scrollIntoView({ block: 'center' });
  point('pointerdown', cell(0, 12), cell(0, 12));
  point('pointermove', window, cell(4, 13));
  expect(said()).not.toContain('12:00–14:00');
  point('pointerup', window, cell(4, 13));
  await expect.poll(said).toContain('12:00–14:00 · Mon, Tue, Wed, Thu and Fri');
  await page.getByTestId('undo').click();
  await expect.poll(said).not.toContain('12:00–14:00');
  expect(said()).toContain('22:00–07:00 · every day');
});

test('hours are painted by keyboard, whichever way the week lies', async () => {
  for (const [width, nextHour] of [[1100, 'ArrowRight'], [420, 'ArrowDown']] as const) {
    await open({ width, height: 900 });
    await week();
    cell(2, 15).focus();
    await userEvent.keyboard(` {Shift>}{${nextHour}}{/Shift}`);
    await expect.poll(said).toContain('15:00–17:00 · Wed');
    expect(document.activeElement).toBe(cell(2, 16));
    document.querySelector('#app')?.replaceChildren();
    document.querySelector('#app')?.remove();
  }
});

test('the hours of another zone are painted beside those of this one', async () => {
  await open({ height: 900 });
  await week();
  await page.getByTestId('quiet-zone').selectOptions('Asia/Tokyo');
  await page.getByTestId('quiet-weekends').click();
  await expect.poll(said).toContain('Asia/Tokyo');
  expect(said()).toContain('22:00–07:00 · every day');
});

test('a setting is changed, also to a number that is not offered', async () => {
  await open({ height: 900 });
  await show('settings');
  await page.getByTestId('setting-outage').selectOptions('5 min');
  await expect.element(page.getByTestId('notice')).toHaveTextContent('Saved');
  await page.getByTestId('setting-age').selectOptions('Other…');
  await userEvent.fill(page.getByTestId('setting-age-other'), '45');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByTestId('setting-age')).toHaveDisplayValue('45 days');
  await page.getByTestId('setting-sound').selectOptions('Other…');
  await userEvent.fill(page.getByTestId('setting-sound-other'), '250');
  await page.getByTestId('setting-sound-unit').selectOptions('milliseconds');
  await userEvent.keyboard('{Tab}{Tab}');
  await expect.element(page.getByTestId('setting-sound')).toHaveDisplayValue('250 ms');
});

test('a silence needs something to be silent about, and is then listed', async () => {
  await open({ height: 900 });
  await show('settings');
  await page.getByTestId('add-silence').click();
  await page.getByTestId('silence-save').click();
  await expect.element(page.getByText(/Choose a stream or a rule/)).toBeVisible();
  await page.getByTestId('silence-stream').selectOptions('market');
  await page.getByTestId('silence-save').click();
  await expect.element(page.getByTestId('silences')).toHaveTextContent('stream “market”');
});
