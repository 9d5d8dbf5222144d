/** A stream's form: the way in and back, and what is wrong with it. */
import { describe, expect, test } from 'vitest';

import { emptyDraft, faults, toDraft, toStream, wantsSecret } from '../src/lib/form';
import type { RequestForm } from '../src/lib/protocol';
import { noSecrets, secretHeader } from '../src/lib/secret-form';
import { Streams } from '../src/lib/streams.svelte';
import { aConfiguration, aForm, ScriptedBackend } from './support';

const good = { ...emptyDraft(), name: 'market', url: 'https://example.com/stream' };

test('a stream survives the way into the form and back', () => {
  const stream = aForm({
    auth: { kind: 'header', name: 'X-Key', source: 'env', place: 'KEY', template: '' },
    refreshUrl: 'https://example.com/refresh',
    refreshTokenPointer: '/data/token',
    headers: [['X-Desk', '7'], ['Accept-Language', 'en: us']],
    secretHeaders: [['X-Secret', { source: 'keyring', place: '' }], ['X-Other', { source: 'command', place: 'pass' }]],
    idleTimeoutS: 45,
    resume: { from: 'pointer', pointer: '/id', send: 'query', parameter: 'since' },
    store: 'alerts',
    enabled: false,
  });
  expect(toStream(toDraft(stream))).toEqual(stream);
});

test('a header that was there already stays the same row, with what was typed in it', () => {
  const stream = aForm({ secretHeaders: [['X-Secret', { source: 'keyring', place: '' }]] });
  const before = toDraft(stream);
  const [same, other] = toDraft(aForm({ secretHeaders: [...stream.secretHeaders, ['X-New', { source: 'keyring', place: '' }]] }), before).secretHeaders;
  expect(same).toEqual(before.secretHeaders[0]);
  expect(other?.key).not.toBe(same?.key);
});

test('fields that do not apply are left out', () => {
  const stream = toStream({ ...good, authKind: 'bearer', authName: 'left over', resumeFrom: 'none', resumePointer: '/id', resumeSend: 'query', resumeParameter: 'since' });
  expect(stream.auth).toEqual({ kind: 'bearer', name: '', source: 'keyring', place: '', template: '' });
  expect(stream.resume).toEqual({ from: 'none', pointer: '', send: 'none', parameter: '' });
  expect(stream.refreshTokenPointer).toBe('');
});

test('spaces around what was typed are not part of it', () => {
  expect(toStream({ ...good, name: ' market ', url: ' https://example.com ' })).toMatchObject({ name: 'market', url: 'https://example.com' });
});

test('a good draft has no fault', () => {
  expect(faults(good, ['other'])).toEqual({});
});

test('each fault stands at its field', () => {
  expect(faults({ ...emptyDraft(), url: 'ftp://example.com' }, [])).toEqual({ name: 'name', url: 'url' });
  expect(faults(good, ['market'])).toEqual({ name: 'nameTaken' });
  expect(faults({ ...good, authKind: 'basic' }, [])).toEqual({ authName: 'authName' });
  expect(faults({ ...good, headers: 'no colon here' }, [])).toEqual({ headers: 'headers' });
  expect(faults({ ...good, idleTimeoutS: '-1' }, [])).toEqual({ idleTimeoutS: 'idle' });
  expect(faults({ ...good, refreshUrl: 'javascript:alert(1)', refreshTokenPointer: 'token' }, [])).toEqual({ refreshUrl: 'refreshUrl', refreshTokenPointer: 'pointer' });
  expect(faults({ ...good, resumeFrom: 'pointer', resumeSend: 'query' }, [])).toEqual({ resumePointer: 'pointer', resumeParameter: 'parameter' });
});

test('a secret is asked for only where the keyring holds it', () => {
  expect(wantsSecret({ ...good, authKind: 'none' })).toBe(false);
  expect(wantsSecret({ ...good, authKind: 'bearer' })).toBe(true);
  expect(wantsSecret({ ...good, authKind: 'bearer', authSource: 'env' })).toBe(false);
});

test('saving sends the secret once, and an empty one not at all', async () => {
  const backend = new ScriptedBackend();
  const streams = new Streams(backend);
  for (const secret of ['s3cret', '']) {
    streams.addByHand();
    Object.assign(streams.editing?.draft ?? {}, good, { authKind: 'bearer' });
    expect(await streams.save(secret)).toEqual({ name: 'market', undo: 1 });
  }
  expect(backend.of('save-stream').map(({ secret }) => secret)).toEqual(['s3cret', null]);
  expect(streams.editing).toBeNull();
});

test('a form at fault sends nothing and says where', async () => {
  const backend = new ScriptedBackend();
  const streams = new Streams(backend);
  streams.addByHand();
  expect(streams.editing?.faults).toEqual({});
  expect(await streams.save('s3cret')).toBeNull();
  expect(backend.of('save-stream')).toEqual([]);
  expect(streams.editing?.faults).toEqual({ name: 'name', url: 'url' });
});

test('a refusal keeps the form open with what was typed', async () => {
  const backend = new ScriptedBackend({ 'save-stream': () => Promise.reject({ code: 'keyring', message: 'The keyring is locked.' }) });
  const streams = new Streams(backend);
  streams.addByHand();
  Object.assign(streams.editing?.draft ?? {}, good);
  expect(await streams.save('')).toBeNull();
  expect(streams.editing?.refusal).toMatchObject({ code: 'keyring', message: 'The keyring is locked.' });
  expect(streams.editing?.draft.name).toBe('market');
});

test('editing reads the file anew, so that a change made there is not lost', async () => {
  const backend = new ScriptedBackend({
    configuration: () => ({ answer: 'configuration', value: aConfiguration({ streams: [aForm({ idleTimeoutS: 7 })] }) }),
  });
  const streams = new Streams(backend);
  await streams.edit('market');
  expect(streams.editing?.draft.idleTimeoutS).toBe('7');
  expect(streams.editing?.original).toBe('market');
});

test('OAuth 2 and the way to the server survive the way into the form and back', () => {
  const stream = aForm({
    auth: { kind: 'oauth2', name: '', source: 'keyring', place: '', template: '' },
    oauth2: { grant: 'device', tokenUrl: 'https://id.example.com/token', deviceUrl: 'https://id.example.com/device', clientId: 'me', scope: 'read', audience: 'api', inBody: true, clientSecret: { source: 'file', place: '~/.secret' } },
    connection: { pinSha256: ['ab'.repeat(32), 'CD:'.repeat(31) + 'CD'], clientCert: '/c.p12', clientCertPassword: { source: 'keyring', place: '' }, unixSocket: '/x.sock', compression: true },
  });
  expect(toStream(toDraft(stream))).toEqual(stream);
  expect(faults(toDraft(stream), [])).toEqual({});
});

test('OAuth 2 names what is missing, and asks for a secret only where one is typed', () => {
  const draft = { ...good, authKind: 'oauth2' as const };
  expect(faults(draft, [])).toEqual({ tokenUrl: 'url', deviceUrl: 'url', clientId: 'clientId' });
  expect(wantsSecret(draft)).toBe(false);
  expect(wantsSecret({ ...draft, oauth2: { ...draft.oauth2, grant: 'client-credentials' } })).toBe(true);
  expect(faults({ ...good, connection: { ...good.connection, pins: 'ab:cd' } }, [])).toEqual({ pins: 'pins' });
});

test('what is asked for in an unusual way survives the way into the form and back', () => {
  const request: RequestForm = {
    method: 'POST', body: '{}', retryMs: 1500, ignore: ['heartbeat', 'ping-*'], redirects: true, trust: ['*.example.com'], maxEvent: 1536, strict: true, http1: true, insecure: true, notify: false,
    caCert: '/ca.pem', proxy: 'http://proxy:3128', outage: { outage: 'after', seconds: 90 },
  };
  const outages: RequestForm['outage'][] = [null, { outage: 'off' }, { outage: 'after', seconds: 90 }];
  for (const outage of outages) {
    const stream = aForm({ request: { ...request, outage } });
    expect(toStream(toDraft(stream))).toEqual(stream);
    expect(faults(toDraft(stream), [])).toEqual({});
  }
  expect(faults({ ...good, request: { ...good.request, retryS: '', maxEventKiB: '0.5', outage: 'after', outageS: '1.5' } }, [])).toEqual({ retryS: 'retry', maxEventKiB: 'maxEvent', outageS: 'outage' });
});

test('where a secret comes from is looked at before it is sent', () => {
  expect(faults({ ...good, authKind: 'bearer', authSource: 'env', authPlace: '1 token' }, [])).toEqual({ authPlace: 'variable' });
  expect(faults({ ...good, authKind: 'bearer', authSource: 'file' }, [])).toEqual({ authPlace: 'file' });
  expect(faults({ ...good, authKind: 'none', authSource: 'file' }, [])).toEqual({});
  expect(faults({ ...good, authKind: 'query', authName: 'auth', authTemplate: '{"token":1}' }, [])).toEqual({ authTemplate: 'template' });
  const headers = (...names: string[]) => ({ ...good, headers: 'X-Desk: 7', secretHeaders: names.map((name) => secretHeader(name)) });
  expect(faults(headers('X-Key', ''), [])).toEqual({});
  expect(toStream(headers('X-Key', '')).secretHeaders).toEqual([['X-Key', { source: 'keyring', place: '' }]]);
  for (const wrong of [headers('x-desk'), headers('X-Key', 'x-key'), headers('X Key')]) expect(faults(wrong, [])).toEqual({ secretHeaders: 'secretHeaders' });
});

test('further secrets are sent where any was typed', async () => {
  const backend = new ScriptedBackend();
  const streams = new Streams(backend);
  for (const more of [noSecrets(), { ...noSecrets(), headers: [['X-Key', 's3cret'] as [string, string]] }]) {
    streams.addByHand();
    Object.assign(streams.editing?.draft ?? {}, good);
    await streams.save('', more);
  }
  expect(backend.of('save-stream').map(({ secrets }) => secrets)).toEqual([undefined, { headers: [['X-Key', 's3cret']], clientSecret: null, clientCert: null }]);
});

describe('as text', () => {
  const written = '[[stream]]\nname = "other"\nurl = "https://example.com/"\n';
  const faulty = { line: 2, column: 1, field: 'nmae', message: { en: 'stream has no option "nmae"', zh: 'stream 没有选项“nmae”' } };
  /** A resident that finds a fault where the text has this word. */
  const resident = () =>
    new ScriptedBackend({
      'stream-text': ({ stream }) => {
        const text = typeof stream === 'string' ? stream : written;
        const good = !text.includes('nmae');
        return { answer: 'stream-text', value: { text, form: good ? aForm({ name: 'other', written: text }) : null, faults: good ? [] : [faulty], base: '[[stream]]\n' } };
      },
    });

  test('a stream is shown as it is written, and saved so, over nothing else than what was read', async () => {
    const backend = resident();
    const streams = new Streams(backend);
    streams.addByHand();
    await streams.show('text');
    expect(streams.editing?.text).toBe(written);
    expect(await streams.save('')).toMatchObject({ name: 'other' });
    expect(backend.of('save-stream')).toMatchObject([{ stream: written, base: '[[stream]]\n' }]);
  });

  test('the fields keep what only the text said', async () => {
    const backend = resident();
    const streams = new Streams(backend);
    streams.addByHand();
    await streams.show('text');
    await streams.show('form');
    expect(streams.editing?.mode).toBe('form');
    expect(await streams.save('')).toMatchObject({ name: 'other' });
    expect(backend.of('save-stream')).toMatchObject([{ stream: { name: 'other', written } }]);
  });

  test('a text at fault is neither left nor saved, and says where', async () => {
    const backend = resident();
    const streams = new Streams(backend);
    streams.addByHand();
    await streams.show('text');
    const editing = streams.editing!;
    editing.text = '[[stream]]\nnmae = 1\n';
    await streams.checkText();
    expect(editing.textFaults).toEqual([faulty]);
    await streams.show('form');
    expect(editing.mode).toBe('text');
    expect(await streams.save('')).toBeNull();
    expect(backend.of('save-stream')).toEqual([]);
  });
});

test('what a person did not allow outside the page is said in the form, which stays as it was', async () => {
  const backend = new ScriptedBackend({
    'save-stream': () => Promise.reject({ code: 'consent', message: 'You did not allow it.' }),
  });
  const streams = new Streams(backend);
  streams.addByHand();
  Object.assign(streams.editing?.draft ?? {}, good, { authKind: 'bearer' });
  expect(await streams.save('')).toBeNull();
  expect(streams.editing?.refusal?.code).toBe('consent');
  expect(streams.editing?.draft.name).toBe(good.name);
});
