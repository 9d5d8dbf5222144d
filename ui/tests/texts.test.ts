/** What the fake resident says is said in Chinese too, as the real one's texts are. */
import { expect, test } from 'vitest';

import { Refusal, spoken, type Backend } from '../src/lib/backend';
import { connectionsOf } from '../src/lib/backend/connections';
import { diagnosisOf } from '../src/lib/backend/doctor';
import { FakeBackend } from '../src/lib/backend/fake';
import type { Push, Text } from '../src/lib/protocol';
import { aForm, aStream, NOW } from './support';

/** Every text within a value, however deep. */
function textsIn(value: unknown): Text[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('en' in value && 'zh' in value) return [value as Text];
  return Object.values(value).flatMap(textsIn);
}

function expectChinese(value: unknown, least: number): void {
  const texts = textsIn(value).filter(({ en }) => en !== '');
  expect(texts.length).toBeGreaterThanOrEqual(least);
  for (const { en, zh } of texts) expect(zh, en).toMatch(/\p{Script=Han}/u);
}

test('causes, findings and mends have Chinese words', () => {
  expectChinese(connectionsOf(aStream('market'), NOW), 3);
  expectChinese(diagnosisOf(aForm({ name: 'other' })), 8);
});

test('so do the streams that are in trouble', async () => {
  const pushed: Push[] = [];
  const forget = await FakeBackend.fromAddress('?scene=trouble').hear({ link: () => {}, push: (push) => pushed.push(push) });
  await expect.poll(() => pushed.length).toBeGreaterThan(0);
  forget();
  expectChinese(pushed[0], 3);
});

test('whatever is refused is said in the language that is read', async () => {
  const no = new Refusal('failed', { en: 'no', zh: '不' });
  const refuse = () => Promise.reject(no);
  const refusing: Backend = { ask: refuse, hear: refuse, seen: refuse, openLink: refuse, saveText: refuse, hold: () => {}, version: refuse };
  const chinese = spoken(refusing, ({ zh }) => zh);
  for (const asked of [chinese.ask({ call: 'snapshot' }), chinese.openLink('https://example.com/'), chinese.saveText('a', 'b')]) {
    await expect(asked).rejects.toThrow('不');
  }
});
