/** Tests of what can be done about a stream, as the window says it. */
import { expect, test } from 'vitest';

import { en } from '../src/lib/i18n/en';
import { plain } from '../src/lib/i18n/text';
import { zh } from '../src/lib/i18n/zh';
import { saidHere } from '../src/lib/stream-step';

test('a button of the window stands where the resident tells a command', () => {
  const nobody = { en: "nobody has signed in: run streambell token login 'my stream', or sign in on the dashboard", zh: "还没有人登录：请运行 streambell token login 'my stream'，或在仪表盘上登录" };
  expect(saidHere(nobody, (text) => text.en, en)).toBe('nobody has signed in: press “Sign in”');
  expect(saidHere(nobody, (text) => text.zh, zh)).toBe('还没有人登录：请点击“登录”');
  const header = { en: 'no secret is stored: run streambell token set market --header X-Key', zh: '没有保存密钥：请运行 streambell token set market --header X-Key' };
  expect(saidHere(header, (text) => text.en, en)).toBe('no secret is stored: press “Edit”');
  expect(saidHere(header, (text) => text.zh, zh)).toBe('没有保存密钥：请点击“编辑”');
  expect(saidHere(plain('the server answers 503: run'), (text) => text.en, en)).toBe('the server answers 503: run');
});
