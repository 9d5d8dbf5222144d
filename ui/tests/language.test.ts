import { expect, test, vi } from 'vitest';

test('a language that is no language tag is English, and any other stays', async () => {
  for (const [system, language] of [['C', 'en'], ['zh-CN', 'zh-CN']]) {
    vi.resetModules();
    Object.defineProperty(navigator, 'language', { value: system, configurable: true });
    await import('../src/lib/language');
    expect(navigator.language).toBe(language);
  }
});
