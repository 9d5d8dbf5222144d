/** Tests of what is kept of unsaved forms over the window's end, and of what is not. */
import { expect, test } from 'vitest';

import { completed, Drafts, type Kept } from '../src/lib/drafts';
import { emptyDraft } from '../src/lib/form';
import { redactedHeaders, redactedUrl } from '../src/lib/redact';
import { emptyRule } from '../src/lib/rule-draft';
import { typedOf } from '../src/lib/rule-typed';
import { Editing } from '../src/lib/stream-editing.svelte';

function store(): Storage {
  const kept = new Map<string, string>();
  return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, text: string) => void kept.set(key, text), removeItem: (key: string) => void kept.delete(key) } as unknown as Storage;
}
const nothing: Kept = { rule: null, stream: null, tile: null };
const rule = { original: null, base: null, form: emptyRule('Loud'), typed: typedOf(emptyRule()), text: null };

test('what is open is kept, and dropped with it', () => {
  const at = store();
  const drafts = new Drafts(at);
  drafts.keep({ ...nothing, rule });
  expect(new Drafts(at).read()).toEqual({ ...nothing, rule });
  drafts.keep(nothing);
  expect(drafts.read()).toBeNull();
});

test('what is too long, or of another kind, is not kept', () => {
  const at = store();
  const drafts = new Drafts(at);
  drafts.keep({ ...nothing, rule: { ...rule, text: 'x'.repeat(200_000) } });
  expect(drafts.read()).toBeNull();
  for (const text of ['{', '[]', '7', '{"rule":{"form":{}}}', '{"stream":{"draft":{}}}', '{"tile":{}}']) {
    at.setItem('streambell.drafts', text);
    expect(() => drafts.read(), text).not.toThrow();
    expect(drafts.read()?.rule ?? null, text).toBeNull();
  }
  const full = new Drafts({ ...at, setItem: () => { throw new Error('full'); } });
  expect(() => full.keep({ ...nothing, rule })).not.toThrow();
});

test('what a version with other fields wrote is not kept', () => {
  const at = store();
  const drafts = new Drafts(at);
  const stream = { original: null, draft: { ...emptyDraft(), name: 'one' }, inSteps: false };
  drafts.keep({ ...nothing, rule, stream });
  expect(drafts.read()).not.toBeNull();
  const whole = at.getItem('streambell.drafts')!;
  for (const [now, before] of [['"secretHeaders":[]', '"secretHeaders":null'], ['"tokenUrl":', '"url":'], ['"body":', '"text":'], ['"streams":[]', '"stream":""'], ['"rows":[]', '"row":[]']]) {
    expect(whole).toContain(now);
    at.setItem('streambell.drafts', whole.replace(now!, before!));
    expect(drafts.read(), before).toBeNull();
  }
});

test('a tile that was kept before it could have a unit or a label is still there, and the one it was of is found', () => {
  const at = store();
  const before = { stream: null, event: 'tick', key: null, value: '/a', change: null };
  at.setItem('streambell.drafts', JSON.stringify({ ...nothing, tile: { original: before, tile: { ...before, value: '/b' } } }));
  const now = { ...before, unit: null, label: null };
  const { tile } = new Drafts(at).read()!;
  expect(tile).toEqual({ original: now, tile: { ...now, value: '/b' } });
  expect(JSON.stringify(tile!.original), 'as the resident tells it').toBe(JSON.stringify(now));
});

test('nothing of a stream that may be a secret is written anywhere', () => {
  const at = store();
  const draft = { ...emptyDraft(), name: 'one', url: 'https://me:S3CRET@example.com/s?topic=a&access_token=S3CRET&appkey=S3CRET&pass=S3CRET#access_token=S3CRET', refreshUrl: 'https://a/?key=S3CRET', headers: 'X-Desk: 7\nAuthorization: Bearer S3CRET\nX-Api-Key: S3CRET\nX-Key: S3CRET\nX-Subscription-Key: S3CRET\nCookie: /S3CRET', preset: { key: 'x', values: { token: 'S3CRET' } } };
  draft.oauth2 = { ...draft.oauth2, tokenUrl: 'https://S3CRET@a/', deviceUrl: 'https://a/?sig=S3CRET' };
  draft.request = { ...draft.request, body: '{"n":1,"password":"S3CRET"}', proxy: 'http://user:S3@CRET@proxy:3128' };
  new Drafts(at).keep({ ...nothing, stream: { original: null, draft, inSteps: false } });
  expect(at.getItem('streambell.drafts')).not.toMatch(/S3|CRET/);
  const { stream } = new Drafts(at).read()!;
  expect(stream!.draft.url).toBe('https://example.com/s?topic=a&access_token=&appkey=&pass=#access_token=');
  expect(stream!.draft.headers).toContain('X-Desk: 7');
  const back = completed(stream!.draft, draft);
  expect({ ...back, preset: draft.preset }).toEqual(draft);
  expect(completed({ ...stream!.draft, url: 'https://other.example.com/' }, draft).url).toBe('https://other.example.com/');
});

test('what is written as text is not kept, since a secret may be anywhere in it', async () => {
  const editing = new Editing(null, emptyDraft(), []);
  editing.draft.name = 'one';
  expect(editing.kept?.draft.name).toBe('one');
  editing.draft.written = 'headers = { Cookie = "S3CRET" }';
  expect(editing.kept).toBeNull();
});

test('an address without secrets stays as it is', () => {
  for (const url of ['https://example.com/a?b=c#d', 'http://[::1]:80/', '']) expect(redactedUrl(url)).toBe(url);
  expect(redactedHeaders('Cookie: a=b; c=d\nAccept: x\nno colon')).toBe('Cookie: \nAccept: x\nno colon');
});
