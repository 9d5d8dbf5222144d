import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

// The policy the shell serves the page with, so that `preview` breaks where the app would.
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  'connect-src ipc: http://ipc.localhost',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  clearScreen: false,
  server: { port: 5173, strictPort: true },
  preview: { port: 4173, strictPort: true, headers: { 'Content-Security-Policy': policy } },
  build: { target: ['safari18', 'chrome125'], cssTarget: ['safari18', 'chrome125'], modulePreload: { polyfill: false } },
  test: {
    environment: 'happy-dom',
    include: ['tests/**/*.test.ts'],
    // A zone and a language of their own, so that times read the same on every machine.
    env: { TZ: 'UTC' },
  },
});
