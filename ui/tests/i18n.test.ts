/** Both catalogues have the same words, and none is left in the other language. */
import { expect, test } from 'vitest';

import { dictionaries, Locale } from '../src/lib/i18n/locale.svelte';
import { Preferences } from '../src/lib/preferences.svelte';

function leaves(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}

test('every language has exactly the same words', () => {
  const keys = leaves(dictionaries.en).map(([path]) => path);
  expect(leaves(dictionaries.zh).map(([path]) => path).sort()).toEqual(keys.sort());
});

test('no word is empty, and every phrase uses what it is given', () => {
  for (const words of Object.values(dictionaries)) {
    for (const [path, word] of leaves(words)) {
      const text = typeof word === 'function' ? word('one', 'two', 'three') : word;
      expect(text, path).toBeTypeOf('string');
      expect(text, path).not.toBe('');
      if (typeof word === 'function' && word.length && !path.startsWith('.status.allLive')) expect(text, path).toMatch(/one|two/);
    }
  }
});

test('the Chinese words are Chinese', () => {
  const same = leaves(dictionaries.zh).filter(([path, word]) => typeof word === 'string' && !/\p{Script=Han}/u.test(word) && path !== '');
  expect(same.map(([path]) => path)).toEqual(['.feed.id', '.form.kinds.cookie', '.form.kinds.oauth2', '.form.send.header', '.settings.languages.en']);
});

test('the language follows the system until one is chosen', () => {
  const preferences = new Preferences({ getItem: () => null, setItem: () => {} }, 'zh-CN');
  const locale = new Locale(preferences, 'zh-CN');
  expect(locale.words.nav.alerts).toBe('提醒');
  preferences.language = 'en';
  expect(locale.words.nav.alerts).toBe('Alerts');
  expect(locale.tag).toBe('en-GB');
});

test('every word is said somewhere', async () => {
  const files = import.meta.glob(['../src/**/*.{svelte,ts}', '!../src/lib/i18n/{en,zh}/**', '!../src/lib/protocol.ts'], { query: '?raw', import: 'default' });
  const source = (await Promise.all(Object.entries(files).filter(([path]) => !/i18n\/(en|zh)\.ts$/.test(path)).map(([, load]) => load()))).join('\n');
  const named = (key: string) => new RegExp(`\\b${key}\\b`).test(source);
  /** Whether all of a group is looked up by a value, or walked through. */
  const whole = (key: string) => new RegExp(`[.{ ]${key}(\\[|\\?\\.\\[|\\) as | as )`).test(source) || new RegExp(`entries\\((\\w+\\.)*${key}\\)`).test(source);
  const unsaid = leaves(dictionaries.en).filter(([path]) => {
    const keys = path.split('.').slice(1);
    return !named(keys.at(-1)!) && !keys.slice(0, -1).some(whole);
  });
  expect(unsaid.map(([path]) => path)).toEqual([]);
});
