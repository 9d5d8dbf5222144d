/** Sizes and motion come from the tokens: nothing else names a length, and nothing moves for who wants no motion. */
import { expect, test } from 'vitest';

const SOURCES: Record<string, string> = import.meta.glob('../src/**/*.{svelte,css}', { query: '?raw', import: 'default', eager: true });

/** Meant as they are: as large as the text they stand in. */
const MEANT = ['Arrow.svelte'];

/** What a source says about looks, without the widths at which a layout changes. */
const looks = (path: string, source: string) => (path.endsWith('.css') ? source : (/<style>(.*)<\/style>/s.exec(source)?.[1] ?? '')).replace(/@(?:media|container)[^{]*/g, '');

test('no size is named outside the tokens', () => {
  for (const [path, source] of Object.entries(SOURCES)) {
    if (path.endsWith('tokens.css') || MEANT.some((one) => path.endsWith(`/${one}`))) continue;
    const css = looks(path, source);
    expect(css.match(/(?<![\w-])[\d.]+(?:px|r?em)\b/g) ?? [], path).toEqual([]);
    expect(css.match(/(?:font-size|font-weight|letter-spacing|line-height):\s*(?!0\b|1;)[\d.]+/g) ?? [], path).toEqual([]);
  }
});

test('each token of a size is used', () => {
  const tokens = SOURCES['../src/tokens.css']!;
  const used = Object.values({ ...SOURCES, ...(import.meta.glob('../src/**/*.ts', { query: '?raw', import: 'default', eager: true }) as Record<string, string>) }).join('\n');
  const unused = [...tokens.matchAll(/^ {2}(--[\w-]+):/gm)].map(([, name]) => name!).filter((name) => used.split(new RegExp(`${name}\\b(?![-\\w:])`)).length < 2);
  expect(unused).toEqual([]);
});

test('what scrolls smoothly asks first whether motion is wanted', () => {
  for (const [path, source] of Object.entries(SOURCES)) {
    expect(source.match(/behavior: '(?:smooth)'|scroll-behavior: smooth/g) ?? [], path).toEqual([]);
  }
});
