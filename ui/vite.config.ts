import { readFileSync } from 'node:fs';

import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { playwright } from '@vitest/browser-playwright';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// The policy the shell serves the page with, so that `preview` breaks where the app would.
const shell = JSON.parse(readFileSync(new URL('../src-tauri/tauri.conf.json', import.meta.url), 'utf8')) as { app: { security: { csp: string } } };
const policy = shell.app.security.csp;

/** A browser asks for the icon of its tab; the shell's window has none. */
const noIcon: Plugin = {
  name: 'no-icon',
  configurePreviewServer: ({ middlewares }) => void middlewares.use('/favicon.ico', (_, response) => response.writeHead(204).end()),
};

// The system's own browser: none is downloaded.
const chromium = playwright({
  launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] },
  contextOptions: { timezoneId: 'UTC', locale: 'en-GB' },
});

export default defineConfig({
  plugins: [svelte(), noIcon],
  clearScreen: false,
  server: { port: 5173, strictPort: true },
  preview: { port: 4173, strictPort: true, headers: { 'Content-Security-Policy': policy } },
  build: { target: ['safari18', 'chrome125'], cssTarget: ['safari18', 'chrome125'], modulePreload: { polyfill: false } },
  test: {
    // A zone and a language of their own, so that times read the same on every machine.
    env: { TZ: 'UTC' },
    projects: [
      { extends: true, plugins: [svelteTesting()], test: { name: 'page', environment: 'happy-dom', setupFiles: ['tests/setup.ts', 'tests/patience.ts'], include: ['tests/*.test.ts'], testTimeout: 30_000 } },
      {
        extends: true,
        // What is found only while a test runs would make the page load anew under it.
        optimizeDeps: { include: ['axe-core', 'uplot'], exclude: ['@lucide/svelte'] },
        server: { strictPort: false },
        test: {
          name: 'browser',
          setupFiles: ['tests/setup.ts'],
          include: ['tests/browser/*.test.ts'],
          testTimeout: 30_000,
          browser: { enabled: true, headless: true, api: { strictPort: false }, provider: chromium, screenshotFailures: false, instances: [{ browser: 'chromium' }] },
        },
      },
    ],
  },
});
