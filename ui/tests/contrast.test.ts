/** The colour tokens of both themes: every text stands out 4.5:1 or better. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync('src/tokens.css', 'utf8');
const pairs = new Map([...css.matchAll(/--([\w-]+): light-dark\(oklch\(([^)]+)\), oklch\(([^)]+)\)\);/g)].map(([, name, light, dark]) => [name, { light, dark }]));

/** Relative luminance of an OKLCH colour, as WCAG counts it. */
function luminance(oklch: string): number {
  const [lightness = 0, chroma = 0, hue = 0] = oklch.split(' ').map(Number);
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clamp = (value: number) => Math.min(1, Math.max(0, value));
  const red = clamp(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = clamp(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = clamp(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string, theme: 'light' | 'dark'): number {
  const [high, low] = [one, other].map((name) => luminance(pairs.get(name)?.[theme] ?? '')).sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  const texts = ['text-1', 'text-2', 'text-3', 'accent', 'ok', 'warn', 'critical', 'info'];

  test.each(texts)('%s can be read on every surface', (text) => {
    for (const surface of ['surface-1', 'surface-2', 'surface-3']) expect(contrast(text, surface, theme), surface).toBeGreaterThanOrEqual(4.5);
  });

  test('text can be read on what is coloured', () => {
    expect(contrast('on-accent', 'accent', theme)).toBeGreaterThanOrEqual(4.5);
    for (const text of ['text-1', 'text-2', 'critical']) expect(contrast(text, 'accent-soft', theme), text).toBeGreaterThanOrEqual(4.5);
    expect(contrast('on-accent', 'critical', theme)).toBeGreaterThanOrEqual(4.5);
    for (const text of ['text-1', 'text-2', 'accent']) {
      for (const soft of ['critical-soft', 'warn-soft']) expect(contrast(text, soft, theme), `${text} on ${soft}`).toBeGreaterThanOrEqual(4.5);
    }
    for (const mark of ['critical', 'warn']) expect(contrast(mark, `${mark}-soft`, theme), mark).toBeGreaterThanOrEqual(4.5);
  });

  test('the edges of controls can be seen', () => {
    expect(contrast('control', 'surface-1', theme)).toBeGreaterThanOrEqual(3);
  });
});

test('no text is made faint by letting through what is behind it, but that of what cannot be used', async () => {
  const sources = import.meta.glob('../src/**/*.{svelte,css}', { query: '?raw', import: 'default' });
  for (const [path, load] of Object.entries(sources)) {
    for (const [, selector = '', opacity] of String(await load()).matchAll(/([^{}]+)\{[^{}]*\bopacity:\s*([\d.]+)/g)) {
      if (!selector.includes(':disabled') && Number(opacity) > 0) expect(Number(opacity), `${path}: ${selector.trim()}`).toBe(1);
    }
  }
});

test('no colour is named outside the tokens', async () => {
  const sources = import.meta.glob('../src/**/*.{svelte,css}', { query: '?raw', import: 'default' });
  for (const [path, load] of Object.entries(sources)) {
    if (path.endsWith('tokens.css')) continue;
    expect(await load(), path).not.toMatch(/#[0-9a-f]{3,8}\b(?=[;\s])|\b(?:rgb|hsl|oklch)a?\(/i);
  }
});
