/** The whole page on the fake resident, in a real browser. */
import { mount, unmount } from 'svelte';
import { onTestFinished } from 'vitest';
import { page } from 'vitest/browser';

import '../../src/tokens.css';
import '../../src/base.css';

import Root from '../../src/Root.svelte';
import type { Backend } from '../../src/lib/backend';
import { FakeBackend } from '../../src/lib/backend/fake';

export interface Stage {
  scene?: string;
  theme?: 'light' | 'dark';
  language?: 'en' | 'zh';
  width?: number;
  height?: number;
  /** What stands between the page and the fake. */
  over?: (fake: FakeBackend) => Backend;
}

/** Opens the page; it goes away with its test. */
export async function open({ scene = 'calm', theme = 'light', language = 'en', width = 1100, height = 720, over = (fake) => fake }: Stage = {}): Promise<FakeBackend> {
  await page.viewport(width, height);
  localStorage.setItem('streambell.preferences', JSON.stringify({ theme, language, rise: 'green', unsaved: [] }));
  const target = document.createElement('div');
  target.id = 'app';
  document.body.append(target);
  const backend = FakeBackend.fromAddress(`?scene=${scene}`);
  const app = mount(Root, { target, props: { backend: over(backend) } });
  onTestFinished(async () => {
    await unmount(app);
    target.remove();
  });
  return backend;
}

/** Shows a view by its button. */
export async function show(view: string): Promise<void> {
  await page.getByTestId(`nav-${view}`).click();
}
