/** What is cut where there is no room, as it is drawn: the part that matters stays. */
import { mount, unmount } from 'svelte';
import { expect, onTestFinished, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';

import '../../src/tokens.css';
import '../../src/base.css';

import Host from '../../src/components/Host.svelte';
import Whole from '../../src/components/Whole.svelte';

function box(): HTMLElement {
  const target = document.createElement('div');
  target.style.cssText = 'display: flex; width: 8rem';
  document.body.append(target);
  onTestFinished(() => target.remove());
  return target;
}

/** Where these letters of a text are drawn. */
function drawn(text: Text, from: number, to: number): DOMRect {
  const range = document.createRange();
  range.setStart(text, from);
  range.setEnd(text, to);
  return range.getBoundingClientRect();
}

test('of a host that is too long the end is seen, which says whose it is', async () => {
  const target = box();
  const host = 'accounts.google.com.aaaaaaaaaaaaaaaaaaaaaaaa.evil.example';
  const app = mount(Host, { target, props: { url: `https://${host}/login` } });
  onTestFinished(() => void unmount(app));
  const span = target.querySelector<HTMLElement>('[title]')!;
  const text = span.querySelector('bdi')!.firstChild as Text;
  const { left, right } = span.getBoundingClientRect();
  const end = drawn(text, host.length - 'evil.example'.length, host.length);
  expect(end.right).toBeLessThanOrEqual(right + 1);
  expect(end.left).toBeGreaterThanOrEqual(left);
  expect(drawn(text, 0, 1).right).toBeLessThan(left);
  expect([span.title, span.textContent]).toEqual([host, host]);
});

test('of a button’s words that are too long the beginning is seen', () => {
  const target = box();
  target.innerHTML = '<button class="button" style="max-width: 100%"><span class="word">Everything that a server may write into a title</span></button>';
  const word = target.querySelector<HTMLElement>('.word')!;
  const { left } = target.querySelector('button')!.getBoundingClientRect();
  expect(drawn(word.firstChild as Text, 0, 1).left).toBeGreaterThan(left);
  expect(word.scrollWidth).toBeGreaterThan(word.clientWidth);
  expect(getComputedStyle(word).textOverflow).toBe('ellipsis');
});

test('the whole of what is cut is told as it is now; what is only heard counts for nothing', async () => {
  const target = box();
  target.innerHTML = '<p style="width: 4rem"><button style="width: 100%; overflow: hidden; white-space: nowrap" title="21.4 degrees in the kitchen">21.4 degrees in the kitchen</button></p>'
    + '<p><button title="a title"><span class="hidden-text">rising since the morning</span>up</button></p>';
  const app = mount(Whole, { target });
  onTestFinished(() => void unmount(app));
  await userEvent.keyboard('{Tab}');
  await expect.element(page.getByTestId('whole')).toHaveTextContent('21.4 degrees in the kitchen');
  target.querySelector('button')!.title = '22.0 degrees in the kitchen';
  await expect.element(page.getByTestId('whole')).toHaveTextContent('22.0 degrees in the kitchen');
  await userEvent.keyboard('{Tab}');
  await expect.poll(() => document.activeElement?.textContent).toContain('up');
  await expect.poll(() => page.getByTestId('whole').elements()).toHaveLength(0);
});
