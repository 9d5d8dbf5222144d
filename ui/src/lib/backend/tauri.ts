/** The backend inside the app: one command for every question, two events for whatever comes unasked. */
import { invoke } from '@tauri-apps/api/core';
import { listen, once } from '@tauri-apps/api/event';
import { openUrl } from '@tauri-apps/plugin-opener';

import { isWebLink, Refusal, type Backend, type Hearer } from '../backend';
import { download } from '../download';
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

  seen: (seen: boolean) => invoke<void>('seen', { seen }),

  async openLink(url: string) {
    if (!isWebLink(url)) return;
    try {
      await openUrl(url);
    } catch (thrown) {
      throw new Refusal('failed', { en: `The link could not be opened: ${String(thrown)}`, zh: `无法打开这个链接：${String(thrown)}` });
    }
  },

  // Where the window does not hear it, it closes as ever.
  hold: (held: boolean) => void invoke('hold', { held }).catch(() => {}),

  version: () => invoke<string>('version').catch(() => ''),

  saveText: (name: string, text: string) =>
    new Promise((done, refuse) => {
      const said = ({ payload }: { payload: string | null }) => (payload === null ? refuse(new Refusal('failed', { en: `${name} could not be saved.`, zh: `无法保存 ${name}。` })) : done(payload));
      once('saved', said).then(() => download(name, text), refuse);
    }),
};
