import { expect, test } from 'vitest';

import { emptyDraft, faults, toDraft, toStream, wantsSecret } from '../src/lib/form';
import type { RequestForm } from '../src/lib/protocol';
import { Streams } from '../src/lib/streams.svelte';
import { aConfiguration, aForm, ScriptedBackend } from './support';

const good = { ...emptyDraft(), name: 'market', url: 'https://example.com/stream' };

test('a stream survives the way into the form and back', () => {
  const stream = aForm({
    auth: { kind: 'header', name: 'X-Key', source: 'keyring' },
    refreshUrl: 'https://example.com/refresh',
    refreshTokenPointer: '/data/token',
    headers: [['X-Desk', '7'], ['Accept-Language', 'en: us']],
    idleTimeoutS: 45,
    resume: { from: 'pointer', pointer: '/id', send: 'query', parameter: 'since' },
    store: 'alerts',
    enabled: false,
  });
  expect(toStream(toDraft(stream))).toEqual(stream);
});

test('fields that do not apply are left out', () => {
  const stream = toStream({ ...good, authKind: 'bearer', authName: 'left over', resumeFrom: 'none', resumePointer: '/id', resumeSend: 'query', resumeParameter: 'since' });
  expect(stream.auth).toEqual({ kind: 'bearer', name: '', source: 'keyring' });
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
    expect(await streams.save(secret)).toBe('market');
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
    auth: { kind: 'oauth2', name: '', source: 'keyring' },
    oauth2: { grant: 'device', tokenUrl: 'https://id.example.com/token', deviceUrl: 'https://id.example.com/device', clientId: 'me', scope: 'read' },
    connection: { pinSha256: ['ab'.repeat(32), 'CD:'.repeat(31) + 'CD'], clientCert: '/c.p12', unixSocket: '/x.sock', compression: true },
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
    method: 'POST', body: '{}', retryMs: 1500, ignore: ['heartbeat', 'ping-*'], redirects: false, maxEvent: 1536, strict: true, http1: true, insecure: true, notify: false,
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
