/** Choices that are the page's own are kept. */
import { expect, test } from 'vitest';

import { Preferences } from '../src/lib/preferences.svelte';

function aStore(kept: string | null = null) {
  return { kept, getItem: () => kept, setItem(_key: string, value: string) { this.kept = value; } };
}

test('a choice is kept', () => {
  const store = aStore();
  new Preferences(store, 'en').theme = 'dark';
  expect(JSON.parse(store.kept ?? '')).toMatchObject({ language: 'system', theme: 'dark', rise: 'green' });
  expect(new Preferences(aStore(store.kept), 'en').theme).toBe('dark');
});

test('alerts are grouped until somebody wants each on its own', () => {
  const store = aStore();
  expect(new Preferences(store, 'en').grouped).toBe(true);
  new Preferences(store, 'en').grouped = false;
  expect(new Preferences(aStore(store.kept), 'en').grouped).toBe(false);
});

test('what was kept and makes no sense is ignored', () => {
  for (const kept of ['{', 'null', '[]', '{"theme":"pink","rise":7}']) {
    expect(new Preferences(aStore(kept), 'en')).toMatchObject({ language: 'system', theme: 'system', rise: 'green' });
  }
});

test('a rise is red where people expect it', () => {
  expect(new Preferences(aStore(), 'zh-CN').rise).toBe('red');
  expect(new Preferences(aStore(), 'ja').rise).toBe('red');
  expect(new Preferences(aStore(), 'zh-HK').rise).toBe('green');
  expect(new Preferences(aStore(), 'de').rise).toBe('green');
});
