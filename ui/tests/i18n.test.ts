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

test.each(['en', 'zh'] as const)('who adds a stream reads in %s of both schemes that its address may begin with', (language) => {
  expect(dictionaries[language].adding.addressHint).toMatch(/http:\/\/.+https:\/\//);
});

/** Those phrases that are given counts, and what a phrase is given where counts are over a thousand. */
const counting = catalogues('en').flatMap(({ section, source }) =>
  [...source.matchAll(/^ +(\w+): \(([^)]*: number[^)]*)\) =>/gm)].map(([, key, given = '']) => ({
    is: (path: string) => (path.startsWith(`.${section}.`) || section === 'en') && path.endsWith(`.${key}`),
    given: given.split(', ').map((one, at) => (one.endsWith(': number') ? 1233 + at : 'one')),
  })),
);

function catalogues(language: string): { section: string; source: string }[] {
  const files = import.meta.glob<string>('../src/lib/i18n/**/*.ts', { query: '?raw', import: 'default', eager: true });
  return Object.entries(files).flatMap(([path, source]) => {
    const [, section = ''] = new RegExp(`/i18n/(?:${language}/)?(\\w+)\\.ts$`).exec(path) ?? [];
    return section === language || path.includes(`/i18n/${language}/`) ? [{ section, source }] : [];
  });
}

test('no word is empty, and every phrase uses what it is given', () => {
  for (const words of Object.values(dictionaries)) {
    for (const [path, word] of leaves(words)) {
      const given = counting.find(({ is }) => is(path))?.given ?? ['one', 'two', 'three'];
      const text = typeof word === 'function' ? word(...given) : word;
      expect(text, path).toBeTypeOf('string');
      expect(text, path).not.toBe('');
      if (typeof word === 'function' && word.length) expect(text, path).toMatch(/one|two|1,23[2-6]/);
    }
  }
});

test('counts are written as the language writes numbers', () => {
  expect(counting.length).toBeGreaterThan(30);
  for (const words of Object.values(dictionaries)) {
    for (const [path, word] of leaves(words)) {
      const given = counting.find(({ is }) => is(path))?.given;
      if (given && typeof word === 'function') expect(word(...given), path).not.toMatch(/123[3-6]/);
    }
  }
});

test('plurals are left to Intl', () => {
  for (const { section, source } of ['en', 'zh'].flatMap(catalogues)) {
    expect(source.match(/.*([!=]==? '?1\b|[<>]=? [12] [?&|]).*/g), section).toBeNull();
  }
});

test('a plural has the form of its count, and a list its last word', () => {
  expect([0, 1, 2, 1234].map(dictionaries.en.alerts.checked)).toEqual(['0 alerts checked', '1 alert checked', '2 alerts checked', '1,234 alerts checked']);
  expect([1, 1234].map(dictionaries.zh.alerts.checked)).toEqual(['已选中 1 条提醒', '已选中 1,234 条提醒']);
  const several = (names: string[]) => Object.values(dictionaries).map(({ rules }) => rules.sentence.either(...names));
  expect(several(['a'])).toEqual(['a', 'a']);
  expect(several(['a', 'b'])).toEqual(['a or b', 'a或b']);
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
