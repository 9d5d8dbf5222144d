/** Tests of what is kept of unsaved forms over the window's end, and of what is not. */
import { expect, test } from 'vitest';

import { completed, Drafts, type Kept } from '../src/lib/drafts';
import { emptyDraft } from '../src/lib/form';
import { redacted, redactedUrl } from '../src/lib/redact';
import { emptyRule } from '../src/lib/rule-draft';

function store(): Storage {
  const kept = new Map<string, string>();
  return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, text: string) => void kept.set(key, text), removeItem: (key: string) => void kept.delete(key) } as unknown as Storage;
}
const nothing: Kept = { rule: null, stream: null, tile: null };
const rule = { original: null, base: null, form: emptyRule('Loud'), text: null };

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

test('nothing of a stream that may be a secret is written anywhere', () => {
  const at = store();
  const draft = { ...emptyDraft(), name: 'one', url: 'https://me:S3CRET@example.com/s?topic=a&access_token=S3CRET&appkey=S3CRET&pass=S3CRET#x', headers: 'X-Desk: 7\nAuthorization: Bearer S3CRET\nX-Api-Key: S3CRET\nX-Key: S3CRET\nX-Subscription-Key: S3CRET', preset: { key: 'x', values: { token: 'S3CRET' } } };
  draft.request.body = '{"topic":"a","password":"S3C\\"RET","n":1}';
  draft.request.proxy = 'http://user:S3CRET@proxy:3128';
  const text = '[[stream]]\nname = "one"\nurl = "https://example.com/"\nrefresh = { url = "https://example.com/token", token = "/token" }\nheaders = { X-Desk = "7", Cookie = "S3CRET" }\n';
  new Drafts(at).keep({ ...nothing, stream: { original: null, base: text, draft, text, inSteps: false } });
  const written = at.getItem('streambell.drafts')!;
  expect(written).not.toMatch(/S3C/);
  const { stream } = new Drafts(at).read()!;
  expect(stream!.draft.url).toBe('https://example.com/s?topic=a&access_token=&appkey=&pass=#x');
  expect(stream!.draft.headers).toContain('X-Desk: 7');
  expect(stream!.draft.request.body).toContain('"topic":"a"');
  expect(stream!.text, 'whole, or not at all').toBeNull();
  const back = completed(stream!.draft, draft);
  expect([back.url, back.headers, back.request.proxy]).toEqual([draft.url, draft.headers, draft.request.proxy]);
  expect(completed({ ...stream!.draft, url: 'https://other.example.com/' }, draft).url).toBe('https://other.example.com/');
});

test('names that say where a secret is stay', () => {
  expect(redacted('token = "/data/token"')).toBe('token = "/data/token"');
  expect(redacted('secret = { keyring = true }')).toBe('secret = { keyring = true }');
  expect(redacted("Cookie: a=b; c=d\nAccept: x")).toBe('Cookie: \nAccept: x');
  expect(redactedUrl('https://example.com/a?b=c')).toBe('https://example.com/a?b=c');
  expect(redactedUrl('')).toBe('');
});
