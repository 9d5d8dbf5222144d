/** The backend inside the app: one command for every question, two events for whatever comes unasked. */
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import { openUrl } from '@tauri-apps/plugin-opener';

import { isWebLink, type Backend, type Hearer } from '../backend';
import type { Answer, Call, Link, Push } from '../protocol';

export const tauriBackend: Backend = {
  ask: (call: Call) => invoke<Answer>('ask', { call }),

  async hear(hearer: Hearer) {
    const forgetLink = await listen<Link>('link', (event) => hearer.link(event.payload));
    const forgetPush = await listen<Push>('push', (event) => hearer.push(event.payload));
    await invoke('ready');
    return () => {
      forgetLink();
      forgetPush();
    };
  },

  async openLink(url: string) {
    if (isWebLink(url)) await openUrl(url);
  },
};
