// The page on the fake resident, built and served as the shell does, and a browser of the system's to open it in.
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright';
import { build, preview } from 'vite';

const ui = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Where what is made while measuring goes, wherever it is started from. */
export const target = resolve(ui, '../target');

/** Builds the page into a folder, opens a browser, and gives both to what is done with them. */
export async function withPage(outDir, act) {
  process.chdir(ui);
  await build({ mode: 'fake', logLevel: 'warn', build: { outDir, emptyOutDir: true } });
  const server = await preview({ build: { outDir }, preview: { port: 0, strictPort: false } });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--enable-precise-memory-info'],
  });
  try {
    return await act(browser, server.resolvedUrls.local[0]);
  } finally {
    await browser.close();
    server.httpServer.close();
  }
}
