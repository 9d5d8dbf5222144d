/** Rules and streams in a real browser: axe on every form, moving rules, and the focus. */
import axe from 'axe-core';
import { describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';

import { Refusal } from '../../src/lib/backend';
import { open, show } from './stage';

/** Once what changes its colour has done so. */
async function violations(): Promise<string[]> {
  await wait(250);
  const { violations } = await axe.run(document.body, { resultTypes: ['violations'] });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}\n${html}\n${failureSummary ?? ''}`));
}

const nth = (testid: string, at = 0) => page.getByTestId(testid).nth(at);
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(['light', 'dark'] as const)('in the %s theme nothing keeps anybody out of', (theme) => {
  test('each step of adding a stream', async () => {
    await open({ theme });
    await page.getByTestId('add-stream').click();
    await page.getByTestId('add-url').fill('https://api.example.com/secret');
    expect(await violations()).toEqual([]);
    await page.getByTestId('add-connect').click();
    await page.getByTestId('add-token').fill('abc');
    expect(await violations()).toEqual([]);
    await page.getByTestId('add-sign-in-go').click();
    await expect.element(nth('add-event-name')).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  test('the whole form of a stream', async () => {
    await open({ theme });
    await show('streams');
    await page.getByTestId('stream-edit').click();
    await page.getByText('Advanced', { exact: true }).click();
    expect(await violations()).toEqual([]);
  });

  test('a diagnosis with findings', async () => {
    await open({ theme });
    await show('streams');
    await nth('stream-open', 1).click();
    await page.getByText('Diagnose', { exact: true }).click();
    await page.getByTestId('diagnose').click();
    await expect.element(nth('finding'), { timeout: 8000 }).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  test('the editor of a rule, with all it can say and as text', async () => {
    await open({ theme });
    await show('rules');
    await nth('rule-open').click();
    await page.getByText('Everything else').click();
    await page.getByTestId('rule-own-buttons').click();
    await wait(600);
    expect(await violations()).toEqual([]);
    await page.getByText('TOML', { exact: true }).click();
    await expect.element(page.getByTestId('rule-text')).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  test('import, export and tiles', async () => {
    await open({ theme });
    await show('rules');
    await page.getByTestId('rules-import').click();
    await page.getByTestId('import-text').fill('[[rule]]\nname = "New"\n');
    await expect.element(nth('import-item')).toBeVisible();
    expect(await violations()).toEqual([]);
    await page.getByTestId('rules-export').click();
    expect(await violations()).toEqual([]);
    await page.getByText('Tiles', { exact: true }).first().click();
    await nth('tile-open').click();
    expect(await violations()).toEqual([]);
  });
});

test('a rule is moved by keyboard and keeps the focus, and by its grip', async () => {
  await open();
  await show('rules');
  const names = () => [...document.querySelectorAll<HTMLElement>('[data-testid="rule-row"]')].map((row) => row.dataset.name);
  const [first, second, third] = names();
  document.querySelectorAll<HTMLElement>('[data-testid="rule-open"]')[0]!.focus();
  await userEvent.keyboard('{Alt>}{ArrowDown}{/Alt}');
  await expect.poll(names).toEqual([second, first, third]);
  await expect.poll(() => document.activeElement?.closest<HTMLElement>('[data-testid="rule-row"]')?.dataset.name).toBe(first);
  const grips = document.querySelectorAll<HTMLElement>('[data-grip]');
  await userEvent.dragAndDrop(grips[2]!, grips[0]!, { targetPosition: { x: 2, y: 2 } });
  await expect.poll(names).toEqual([third, second, first]);
});

test('at 420 px each part has the room to itself, with a way back', async () => {
  await open({ width: 420, height: 720 });
  await show('rules');
  await nth('rule-open').click();
  await expect.element(page.getByTestId('rule-editor')).toBeVisible();
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(420);
  await page.getByRole('button', { name: 'Back' }).click();
  await expect.element(nth('rule-open')).toBeVisible();
  await show('streams');
  await expect.element(nth('stream-open')).toBeVisible();
  await nth('stream-open').click();
  await expect.element(page.getByTestId('stream-detail')).toBeVisible();
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(420);
});

test('after a rule is removed or its editor closed, the focus is in the list', async () => {
  await open();
  await show('rules');
  const focused = () => document.activeElement?.closest<HTMLElement>('[data-testid="rule-row"]')?.dataset.name;
  const rows = () => [...document.querySelectorAll<HTMLElement>('[data-testid="rule-row"]')].map((row) => row.dataset.name);
  await expect.poll(() => rows().length).toBe(3);
  const [, second, third] = rows();
  document.querySelectorAll<HTMLElement>('[data-testid="rule-open"]')[1]!.focus();
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByTestId('rule-editor')).toBeVisible();
  (page.getByTestId('rule-close').element() as HTMLElement).focus();
  await userEvent.keyboard('{Escape}');
  await expect.poll(focused).toBe(second);
  await userEvent.keyboard('{Enter}');
  await page.getByTestId('rule-remove').click();
  await expect.poll(() => rows().length).toBe(2);
  await expect.poll(focused).toBe(third);
});

test('what the resident refuses of a stream stands at its field, which is unfolded and has the focus', async () => {
  const backend = await open();
  const ask = backend.ask.bind(backend);
  backend.ask = async (call) => {
    if (call.call === 'save-stream') throw new Refusal('invalid', { en: 'proxy: this is no address', zh: 'proxy：这不是地址' });
    if (call.call !== 'stream-text') return ask(call);
    const faults = [{ line: 4, column: 1, field: 'proxy', message: { en: 'this is no address', zh: '这不是地址' } }];
    return { answer: 'stream-text', value: { text: '', form: null, faults, base: null } };
  };
  await show('streams');
  await page.getByRole('button', { name: 'Edit' }).first().click();
  await expect.element(page.getByTestId('stream-form')).toBeVisible();
  await page.getByTestId('stream-save').click();
  await expect.poll(() => document.activeElement?.getAttribute('aria-invalid')).toBe('true');
  expect((document.activeElement as HTMLInputElement).placeholder).toBe('http://proxy.example.com:3128');
  await expect.element(page.getByText('this is no address', { exact: true })).toBeVisible();
  await page.getByTestId('stream-url').fill('nothing');
  await page.getByTestId('stream-save').click();
  await expect.poll(() => (document.activeElement as HTMLElement).dataset.testid).toBe('stream-url');
});

test('a tile that cannot be saved has the focus at the field that is wrong', async () => {
  await open();
  await show('rules');
  await page.getByText('Tiles', { exact: true }).click();
  await nth('tile-open').click();
  await page.getByTestId('tile-key').fill('symbol');
  await page.getByTestId('tile-save').click();
  await expect.poll(() => (document.activeElement as HTMLElement).dataset.testid).toBe('tile-key');
  await expect.element(page.getByText('A field starts with “/”, as in /price.')).toBeVisible();
});

test('a name that is cut is whole while its row has the focus', async () => {
  await open({ scene: 'trouble', width: 420, height: 720 });
  await show('streams');
  await expect.poll(() => page.getByTestId('stream-open').elements()).toHaveLength(4);
  const rows = page.getByTestId('stream-open').elements() as HTMLElement[];
  const long = rows.find(({ textContent }) => (textContent ?? '').length > 40)!;
  rows[0]!.focus();
  for (let at = 0; document.activeElement !== long && at < 20; at++) await userEvent.keyboard('{Tab}');
  await expect.element(page.getByTestId('whole')).toHaveTextContent(long.textContent!.trim());
  const { left, right } = page.getByTestId('whole').element().getBoundingClientRect();
  expect([left >= 0, right <= 420]).toEqual([true, true]);
  long.blur();
  await expect.poll(() => page.getByTestId('whole').elements()).toHaveLength(0);
});

test('a name that is cut is whole under a finger that taps it, and all of a row while a finger holds it, which presses nothing', async () => {
  await open({ scene: 'trouble', width: 420, height: 720 });
  await show('streams');
  await expect.poll(() => page.getByTestId('stream-open').elements()).toHaveLength(4);
  const long = (page.getByTestId('stream-open').elements() as HTMLElement[]).find(({ textContent }) => (textContent ?? '').length > 40)!;
  const name = long.querySelector<HTMLElement>('[title]')!;
  const finger = (type: string) => name.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerType: 'touch' }));
  const click = () => name.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
  finger('pointerdown');
  await expect.element(page.getByTestId('whole')).toHaveTextContent(name.title);
  finger('pointerup');
  expect(click(), 'a press that was one for reading').toBe(false);
  await expect.element(page.getByTestId('whole')).toBeVisible();
  expect(page.getByTestId('stream-detail').elements()).toHaveLength(0);
  // A finger that moves scrolls, and holds nothing.
  finger('pointerdown');
  await expect.poll(() => page.getByTestId('whole').elements()).toHaveLength(0);
  finger('pointercancel');
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(page.getByTestId('whole').elements()).toHaveLength(0);
  // A tap is a press as ever.
  finger('pointerdown');
  finger('pointerup');
  click();
  await expect.element(page.getByTestId('stream-detail')).toBeVisible();
});

test.each([2560, 1600])('%i px wide, what a rule would have shown stays in sight while one goes down its form, and is scrolled by itself', async (width) => {
  await open({ width, height: 720 });
  await show('rules');
  await nth('rule-open').click();
  const preview = page.getByTestId('rule-preview');
  await expect.element(preview).toBeVisible();
  const [frame, form, foot] = [preview.element(), page.getByTestId('rule-editor').element(), page.getByTestId('rule-save').element()];
  const scroller = form.parentElement!;
  await expect.poll(() => frame.scrollHeight > frame.clientHeight && scroller.scrollHeight > scroller.clientHeight).toBe(true);
  const inSight = () => {
    const [box, least, most] = [frame.getBoundingClientRect(), scroller.getBoundingClientRect().top, foot.getBoundingClientRect().top];
    return box.top >= least && box.bottom <= most && box.height > 200;
  };
  scroller.scrollTop = scroller.scrollHeight;
  await expect.poll(inSight).toBe(true);
  frame.scrollTop = frame.scrollHeight;
  expect(frame.scrollTop).toBeGreaterThan(0);
  expect(inSight()).toBe(true);
});

test('in a narrow list the button that silences a rule is seen by who has no mouse over it', async () => {
  await open({ width: 420, height: 720 });
  await show('rules');
  await expect.element(nth('rule-silence')).toBeVisible();
  const opacities = () => page.getByTestId('rule-silence').elements().map((one) => getComputedStyle(one).opacity);
  await expect.poll(opacities).toEqual(['1', '1', '1']);
});

test('the button that finishes adding a stream stands at the bottom, however little came', async () => {
  await open({ height: 1400 });
  await page.getByTestId('add-stream').click();
  await page.getByTestId('add-url').fill('https://api.example.com/free');
  await page.getByTestId('add-connect').click();
  await expect.element(page.getByTestId('add-finish')).toBeVisible();
  const bar = page.getByTestId('add-finish').element().parentElement!;
  const pane = page.getByTestId('add-stream-steps').element().parentElement!;
  expect(pane.scrollHeight).toBeLessThanOrEqual(pane.clientHeight);
  expect(Math.round(bar.getBoundingClientRect().bottom)).toBe(Math.round(pane.getBoundingClientRect().bottom));
});
