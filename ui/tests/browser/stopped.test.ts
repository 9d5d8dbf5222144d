/** A page that stops as a whole, in a real browser: words and a way on, never an empty window. */
import { expect, test } from 'vitest';
import { page } from 'vitest/browser';

import type { Backend } from '../../src/lib/backend';
import type { FakeBackend } from '../../src/lib/backend/fake';
import type { Push, Snapshot } from '../../src/lib/protocol';
import { open } from './stage';

/** Hands on snapshots of which some parts cannot be read, once it is told to. */
class Spoiler {
  parts: readonly (keyof Snapshot)[] = [];
  readonly over = (fake: FakeBackend): Backend => ({
    ask: (call) => fake.ask(call),
    hear: (hearer) => fake.hear({ link: (link) => hearer.link(link), push: (push) => hearer.push(this.#spoil(push)) }),
    seen: () => fake.seen(),
    openLink: (url) => fake.openLink(url),
    saveText: (name, text) => fake.saveText(name, text),
    hold: () => fake.hold(),
    version: () => fake.version(),
  });

  #spoil(push: Push): Push {
    if (push.push !== 'snapshot' || !this.parts.length) return push;
    const get = (whole: Snapshot, key: string | symbol): unknown => {
      if (this.parts.some((part) => part === key)) throw new TypeError(`no ${String(key)} can be read`);
      return Reflect.get(whole, key);
    };
    return { ...push, value: new Proxy(push.value, { get }) };
  }
}

/** What the frame follows itself, and what its top bar shows. */
const PARTS = ['streams', 'pause', 'demo'] as const;

test.each(PARTS)('where the frame cannot read %s there are words and a way on', async (part) => {
  const spoiler = new Spoiler();
  await open({ over: spoiler.over });
  await expect.element(page.getByTestId('status-line')).toBeVisible();
  spoiler.parts = [part];
  await expect.element(page.getByTestId('stopped-reload')).toBeVisible();
  expect(page.getByTestId('status-line').elements()).toHaveLength(0);
  expect(page.getByTestId('broken-report').element().textContent).toContain(`no ${part} can be read`);
});

test.each([['en', 'light', 'This window has stopped.', 'Reload'], ['zh', 'dark', '此窗口已停止工作。', '重新加载']] as const)('in %s and %s the whole window says that it has stopped', async (language, theme, title, reload) => {
  const spoiler = new Spoiler();
  await open({ over: spoiler.over, language, theme });
  await expect.element(page.getByTestId('status-line')).toBeVisible();
  spoiler.parts = ['streams'];
  await expect.element(page.getByRole('heading')).toHaveTextContent(title);
  await expect.element(page.getByTestId('stopped-reload')).toHaveTextContent(reload);
});
