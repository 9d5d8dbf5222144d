/** The start of the page: in its window with the resident, in a plain browser with a simulated one. */
import { mount } from 'svelte';

// First, so that a component's own size wins.
import './tokens.css';
import './base.css';

import Root from './Root.svelte';
import type { Backend } from './lib/backend';
import { tauriBackend } from './lib/backend/tauri';
import { settleLanguage } from './lib/language';
import { stop, watch } from './lib/lastResort';

/** The resident behind the shell; in a plain browser, while working on the page, a simulated one. */
async function chooseBackend(): Promise<Backend> {
  if ((import.meta.env.DEV || import.meta.env.MODE === 'fake') && !('__TAURI_INTERNALS__' in window)) {
    const { FakeBackend } = await import('./lib/backend/fake');
    return FakeBackend.fromAddress(location.search);
  }
  return tauriBackend;
}

settleLanguage();
const target = document.getElementById('app');
if (target) {
  watch(target);
  try {
    const backend = await chooseBackend();
    mount(Root, { target, props: { backend } });
  } catch (error) {
    console.error(error);
    stop(target, error);
  }
}
