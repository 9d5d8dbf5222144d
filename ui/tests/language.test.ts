/** The system's language tag as the page takes it. */
import { expect, test } from 'vitest';

import { settleLanguage } from '../src/lib/language';

test('a language that is no language tag is English, and any other stays', () => {
  for (const [system, language] of [['C', 'en'], ['zh-CN', 'zh-CN']]) {
    Object.defineProperty(navigator, 'language', { value: system, configurable: true });
    settleLanguage();
    expect(navigator.language).toBe(language);
  }
});
