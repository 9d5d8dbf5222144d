/** The whole page on the fake resident, in a real browser. */
import { mount, unmount } from 'svelte';
import { onTestFinished } from 'vitest';
import { page } from 'vitest/browser';

import '../../src/tokens.css';
import '../../src/base.css';

import App from '../../src/App.svelte';
import { FakeBackend } from '../../src/lib/backend/fake';

export interface Stage {
  scene?: string;
  theme?: 'light' | 'dark';
  language?: 'en' | 'zh';
  width?: number;
  height?: number;
}

/** Opens the page; it goes away with its test. */
export async function open({ scene = 'calm', theme = 'light', language = 'en', width = 1100, height = 720 }: Stage = {}): Promise<FakeBackend> {
  await page.viewport(width, height);
  localStorage.setItem('streambell.preferences', JSON.stringify({ theme, language, rise: 'green' }));
  const target = document.createElement('div');
  target.id = 'app';
  document.body.append(target);
  const backend = FakeBackend.fromAddress(`?scene=${scene}`);
  const app = mount(App, { target, props: { backend } });
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
