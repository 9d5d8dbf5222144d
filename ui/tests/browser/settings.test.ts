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

test('quiet hours are told to the minute, and a line of them is changed or goes', async () => {
  await open({ height: 900 });
  await week();
  await page.getByTestId('quiet-change').first().click();
  await userEvent.fill(page.getByTestId('quiet-from'), '22.30');
  await userEvent.fill(page.getByTestId('quiet-to'), '6:75');
  await page.getByTestId('quiet-save').click();
  await expect.element(page.getByRole('alert').filter({ hasText: 'A time of day' })).toBeVisible();
  await userEvent.fill(page.getByTestId('quiet-to'), '22:30');
  await expect.element(page.getByRole('alert').filter({ hasText: 'cannot end' })).toBeVisible();
  await userEvent.fill(page.getByTestId('quiet-to'), '6:45');
  await userEvent.keyboard('{Enter}');
  await expect.poll(said).toContain('22:30–06:45 · every day');
  expect(cell(0, 22).dataset.quiet).toBe('part');
  // The focus comes back to the line.
  await expect.poll(() => document.activeElement?.getAttribute('data-testid')).toBe('quiet-change');
  // Two that say the same are two lines.
  for (let n = 0; n < 2; n += 1) {
    await page.getByTestId('quiet-add').click();
    await userEvent.fill(page.getByTestId('quiet-from'), '12:15');
    await userEvent.fill(page.getByTestId('quiet-to'), '12:45');
    await page.getByRole('button', { name: 'Sat', exact: true }).click();
    await page.getByTestId('quiet-save').click();
    await expect.poll(() => said()?.split('12:15–12:45 · Sat').length).toBe(n + 2);
  }
  await page.getByTestId('quiet-change').last().click();
  await userEvent.keyboard('{Escape}');
  await expect.element(page.getByTestId('quiet-form')).not.toBeInTheDocument();
  await page.getByTestId('quiet-change').last().click();
  await page.getByTestId('quiet-remove').click();
  await expect.poll(() => said()?.split('12:15–12:45 · Sat').length).toBe(2);
});

test('notifications are paused, and something silenced, for a length of one’s own', async () => {
  await open({ height: 900 });
  await show('settings');
  await page.getByTestId('settings-pause-menu').click();
  await userEvent.keyboard('{End}{Enter}');
  await expect.poll(() => document.activeElement?.getAttribute('data-testid')).toBe('pause-amount');
  await userEvent.fill(page.getByTestId('pause-amount'), '0.001');
  await expect.element(page.getByTestId('pause-own-done')).toBeDisabled();
  await userEvent.fill(page.getByTestId('pause-amount'), '90');
  await page.getByTestId('pause-unit').selectOptions('minutes');
  await page.getByTestId('pause-own-done').click();
  await expect.element(page.getByTestId('loud')).toHaveTextContent(/paused until/);
  await page.getByTestId('add-silence').click();
  await page.getByTestId('silence-stream').selectOptions('market');
  await page.getByTestId('silence-length').selectOptions('Other');
  await userEvent.fill(page.getByTestId('silence-amount'), '400');
  await page.getByTestId('silence-unit').selectOptions('days');
  await page.getByTestId('silence-save').click();
  await expect.element(page.getByText('A year at the most.')).toBeVisible();
  await userEvent.fill(page.getByTestId('silence-amount'), '45');
  await page.getByTestId('silence-save').click();
  await expect.element(page.getByTestId('silences')).toHaveTextContent('stream “market”');
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

test('what is ticked has the colour of all else that is chosen', async () => {
  await open();
  await show('settings');
  await expect.element(page.getByTestId('start-at-login')).toBeVisible();
  const boxes = [...document.querySelectorAll<HTMLElement>('input:is([type=checkbox], [type=radio])')];
  expect(boxes.length).toBeGreaterThan(2);
  for (const box of boxes) expect(getComputedStyle(box).accentColor, box.dataset.testid).not.toBe('auto');
});
