/** Tests of what can be done about a stream, as the window says it. */
import { expect, test } from 'vitest';

import { en } from '../src/lib/i18n/en';
import type { Remedy } from '../src/lib/protocol';
import { zh } from '../src/lib/i18n/zh';
import { saidHere } from '../src/lib/stream-step';

test('a button of the window stands where the resident tells a command', () => {
  const message = { en: 'no secret is stored: run streambell token set market', zh: '没有保存密钥：请运行 streambell token set market' };
  const cause = { en: 'no secret is stored', zh: '没有保存密钥' };
  const said = (remedy: Remedy | null) => {
    const missing = remedy && { cause, remedy };
    return [saidHere({ message, missing }, (text) => text.en, en), saidHere({ message, missing }, (text) => text.zh, zh)];
  };
  expect(said('sign-in')).toEqual(['no secret is stored: press “Sign in”', '没有保存密钥：请点击“登录”']);
  expect(said('edit')).toEqual(['no secret is stored: press “Edit”', '没有保存密钥：请点击“编辑”']);
  expect(said(null)).toEqual([message.en, message.zh]);
});
