/** Nothing in a form moves because something is typed in it: a press meant for one thing would hit another. */
import { expect, test } from 'vitest';
import { page } from 'vitest/browser';

import type { Answer, Call } from '../../src/lib/protocol';
import { open, show } from './stage';

const LONG = { en: 'there is something wrong with this that takes many words to say, so many that they do not stand in one line of it', zh: '这里有误' };
const FIELDS = ['name', 'event', 'match', 'text', 'ignore', 'crosses', 'title', 'body', 'urgency', 'when', 'group', 'link', 'buttons', 'run'];

const within = (form: Element, what: string) => [...form.querySelectorAll<HTMLElement>(what)].filter((one) => one.checkVisibility());

/** Where everything stands that can be read or pressed, by what it is; from the top of the form, however far it was scrolled. */
function places(form: Element): string[] {
  const top = form.getBoundingClientRect().top;
  return within(form, 'label, legend, summary, button, input, textarea, select').map((one) => `${one.dataset.testid ?? one.textContent?.trim().slice(0, 20)}: ${Math.round(one.getBoundingClientRect().top - top)}`);
}

/** Types something into each field, and empties it again; gives back what moved. */
async function typeEverywhere(form: Element): Promise<string[]> {
  const before = places(form);
  const moved = new Set<string>();
  const fields = within(form, 'input:is([type=text], [type=url], [type=password], [type=number], :not([type])), textarea') as (HTMLInputElement | HTMLTextAreaElement)[];
  expect(fields.length).toBeGreaterThan(2);
  for (const field of fields.filter(({ disabled }) => !disabled)) {
    const was = field.value;
    for (const text of ['7', '', was]) {
      field.focus();
      field.value = text;
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
      await new Promise(requestAnimationFrame);
      for (const place of places(form)) if (!before.includes(place)) moved.add(`${field.dataset.testid}=${text} ${place}`);
    }
  }
  return [...moved];
}

test.each([1100, 430])('of a rule, %i px wide, whatever is typed and whatever is wrong with it', async (width) => {
  let [tried, wrong] = [0, false];
  await open({
    width,
    over: (fake) => {
      const ask = fake.ask.bind(fake);
      fake.ask = async (call: Call): Promise<Answer> => {
        const answer = await ask(call);
        if (answer.answer !== 'preview') return answer;
        tried += 1;
        return wrong ? { ...answer, value: { ...answer.value, faults: FIELDS.map((field) => ({ line: 1, column: 1, field, message: LONG })) } } : answer;
      };
      return fake;
    },
  });
  await show('rules');
  await page.getByTestId('rule-add').click();
  await page.getByTestId('rule-trigger').selectOptions('crosses');
  await page.getByTestId('rule-add-field').click();
  await page.getByText('Everything else').click();
  await page.getByTestId('rule-own-buttons').click();
  await expect.poll(() => page.getByTestId('rule-insert').elements().length).toBeGreaterThan(0);
  const form = document.querySelector('[data-testid=rule-editor] .fields')!;
  expect(await typeEverywhere(form)).toEqual([]);
  const before = places(form);
  wrong = true;
  const asked = tried;
  await page.getByTestId('rule-title').fill('{{');
  await expect.poll(() => tried).toBeGreaterThan(asked);
  await expect.element(page.getByTestId('rule-title')).toHaveAttribute('aria-invalid', 'true');
  expect(places(form)).toEqual(before);
});

test.each([1100, 430])('of a tile, %i px wide, also once it is said what is wrong', async (width) => {
  await open({ width });
  await show('rules');
  await page.getByText('Tiles', { exact: true }).click();
  await page.getByTestId('tile-open').first().click();
  await expect.element(page.getByText('The newest such event')).toBeVisible();
  const form = document.querySelector('[data-testid=tile-editor] .fields')!;
  const before = places(form);
  await page.getByTestId('tile-key').fill('symbol');
  await page.getByTestId('tile-save').click();
  await expect.element(page.getByTestId('tile-key')).toHaveAttribute('aria-invalid', 'true');
  expect(places(form)).toEqual(before);
  expect(await typeEverywhere(form)).toEqual([]);
});

test.each([1100, 430])('of a stream, %i px wide, with all that most never need', async (width) => {
  await open({ width });
  await show('streams');
  if (width < 720) await page.getByTestId('stream-open').first().click();
  await page.getByTestId('stream-edit').click();
  await page.getByText('Advanced', { exact: true }).click();
  const form = document.querySelector('[data-testid=stream-form] .fields')!;
  expect(await typeEverywhere(form)).toEqual([]);
  await page.getByTestId('stream-url').fill('nothing');
  await page.getByTestId('stream-save').click();
  await expect.element(page.getByTestId('stream-url')).toHaveAttribute('aria-invalid', 'true');
  expect(await typeEverywhere(form)).toEqual([]);
});

test('of a silence of a length of one’s own', async () => {
  await open({ width: 430 });
  await show('settings');
  await page.getByTestId('add-silence').click();
  await page.getByTestId('silence-length').selectOptions('own');
  await expect.element(page.getByTestId('silence-amount')).toBeVisible();
  expect(await typeEverywhere(page.getByTestId('silence-form').element())).toEqual([]);
});
