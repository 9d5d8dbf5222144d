/** What the page looks like with its styles in the order in which the window has them: those of the start come with it. */
import '../../src/main';

import { mount, unmount } from 'svelte';
import { expect, onTestFinished, test } from 'vitest';
import { page } from 'vitest/browser';

import SilencePanel from '../../src/components/SilencePanel.svelte';
import Spoken from '../Spoken.svelte';

test.each(['22rem', '28rem'])('a length of one’s own has room for its number and its unit, %s wide', (width) => {
  const target = document.createElement('div');
  target.style.width = width;
  document.body.append(target);
  const scopes = [{ id: 'rule', word: 'Door', matcher: { stream: null, rule: 'Door', group: null, text: null } }];
  const app = mount(Spoken, { target, props: { one: SilencePanel, props: { scopes, disabled: false, onsilence: () => {}, oncancel: () => {} } } });
  onTestFinished(async () => {
    await unmount(app);
    target.remove();
  });
  const box = (testid: string) => page.getByTestId(testid).element().getBoundingClientRect();
  const [panel, amount, unit] = [box('silence-panel'), box('silence-amount'), box('silence-unit')];
  expect(amount.width).toBeLessThan(80);
  // In either language.
  expect(unit.width).toBeGreaterThan(60);
  expect(amount.right).toBeLessThan(unit.left);
  expect(unit.right).toBeLessThan(panel.right);
  expect(target.scrollWidth).toBeLessThanOrEqual(target.clientWidth);
});
