/** The status line: one sentence for every state. */
import { expect, test } from 'vitest';

import { plain } from '../src/lib/i18n/text';
import { Locale } from '../src/lib/i18n/locale.svelte';
import { Preferences } from '../src/lib/preferences.svelte';
import type { Snapshot } from '../src/lib/protocol';
import { staleSince } from '../src/lib/stale';
import { markOf, status } from '../src/lib/status';
import { nextStep } from '../src/lib/stream-step';
import { aSnapshot, aStream, NOW } from './support';

const locale = new Locale(new Preferences({ getItem: () => null, setItem: () => {} }, 'en-GB'), 'en-GB');
const say = (part: Partial<Snapshot>) => status({ is: 'connected' }, aSnapshot(part), NOW, locale);

test('all is well in one sentence', () => {
  expect(say({ streams: [aStream('a'), aStream('b')] })).toMatchObject({ mark: 'open', text: 'All 2 streams live', step: null });
  expect(say({ streams: [aStream('a'), aStream('b', { state: 'paused' })] }).text).toBe('1 stream live, 1 switched off');
  expect(say({ streams: [] }).text).toBe('No stream yet');
});

test('a wait counts down to the real moment and offers to try now', () => {
  const market = aStream('market', { state: 'waiting', message: plain('the server answered 503'), retryAtMs: NOW + 11_400 });
  expect(say({ streams: [market] })).toMatchObject({
    text: 'market: next try in 12 s (the server answered 503)',
    spoken: 'market: Waiting (the server answered 503)',
    step: { do: 'reconnect', streams: ['market'] },
  });
});

test('the worst thing comes first, the rest after it', () => {
  const streams = [
    aStream('a', { state: 'waiting', retryAtMs: NOW + 1000 }),
    aStream('b', { state: 'needs-sign-in', message: plain('The server wants a new token. Sign in again.') }),
    aStream('c', { state: 'ended' }),
  ];
  expect(say({ streams })).toMatchObject({ mark: 'sign-in', text: 'b: The server wants a new token. Sign in again.', step: { do: 'sign-in', stream: 'b' }, others: [{ text: 'c has ended' }, { text: 'a: next try in 1 s' }] });
  expect(say({ streams, ledger: { health: 'trouble', message: plain('the disk is full') } })).toMatchObject({ text: 'Events cannot be stored: the disk is full', others: { length: 3 } });
});

test('who can sign in with a code is asked to, without words about the command line', () => {
  const streams = [aStream('builds', { state: 'needs-sign-in', byCode: true, message: plain('run streambell token login builds') })];
  expect(say({ streams })).toMatchObject({ text: 'builds waits until you sign in', step: { do: 'sign-in', stream: 'builds' } });
});

test('no network is said once, however many streams it takes down', () => {
  const streams = [aStream('a', { state: 'offline' }), aStream('b', { state: 'offline' })];
  expect(say({ streams })).toMatchObject({ text: 'No network. The streams reconnect when it is back.', step: { do: 'reconnect', streams: ['a', 'b'] } });
  const tried = [aStream('a', { state: 'offline', retryAtMs: NOW + 40_000 }), aStream('b', { state: 'offline', retryAtMs: NOW + 11_400 })];
  expect(say({ streams: tried })).toMatchObject({ text: 'No network. Next try in 12 s, or as soon as it is back.', spoken: 'No network. The streams reconnect when it is back.'});
  expect(say({ streams: tried }).others).toBeUndefined();
});

test('a stream that is unusually quiet is not called live, and comes after what is worse', () => {
  const quiet = aStream('market', { quietSinceMs: NOW - 120_000 });
  expect(say({ streams: [quiet] })).toMatchObject({ mark: 'quiet', text: 'market is connected, but unusually quiet since 09:29', step: { do: 'reconnect', streams: ['market'] } });
  expect(say({ streams: [quiet, aStream('ops', { state: 'waiting', retryAtMs: NOW + 1000 })] })).toMatchObject({ text: 'ops: next try in 1 s', others: [{ mark: 'quiet' }] });
});

test('a pause shows until when, but never hides trouble', () => {
  const pause = { untilMs: NOW + 900_000 };
  expect(say({ pause }).text).toBe('Notifications paused until 09:46');
  expect(say({ pause, streams: [aStream('a', { state: 'ended', message: plain('it said so') })] }).text).toBe('a has ended: it said so');
});

test('a lost resident comes before everything', () => {
  expect(status({ is: 'lost', message: plain(''), goodbye: false }, aSnapshot(), NOW, locale).mark).toBe('ended');
  expect(status({ is: 'unknown' }, null, NOW, locale).text).toBe('Looking for Streambell…');
});

test('a tile is stale only when its stream stays away', () => {
  const tile = { feed: 0, stream: 'market', key: 'BTC', keyed: true, label: null, unit: null, text: '1', value: 1, changePct: null, change: null, trend: 'flat' as const, atMs: NOW - 60_000, spark: [] };
  expect(staleSince(tile, false, aStream('market'), false, NOW)).toBeNull();
  expect(staleSince(tile, false, aStream('market', { quietSinceMs: NOW - 50_000 }), false, NOW)).toBe(NOW - 60_000);
  expect(staleSince(tile, false, aStream('market', { state: 'waiting', lastEventAtMs: NOW - 2_000 }), false, NOW)).toBeNull();
  expect(staleSince(tile, false, aStream('market', { state: 'waiting', lastEventAtMs: NOW - 9_000 }), false, NOW)).toBe(NOW - 9_000);
  expect(staleSince(tile, false, aStream('market'), true, NOW)).toBe(NOW - 60_000);
  expect(staleSince(tile, true, aStream('market'), false, NOW), 'of before the start').toBe(tile.atMs);
});

test('a stream that ended as it should is calm, and said beside those that are live', () => {
  const finished = aStream('job', { state: 'ended', finished: true, message: plain('the server says that it is done') });
  expect(say({ streams: [aStream('a'), finished] })).toMatchObject({ mark: 'open', text: '1 stream live, 1 ended', step: null });
  expect(say({ streams: [finished] })).toMatchObject({ mark: 'finished', text: 'Every stream has ended' });
  expect(say({ streams: [finished, aStream('a', { state: 'paused' })] })).toMatchObject({ mark: 'paused', text: '1 switched off, 1 ended' });
  expect(say({ streams: [finished, aStream('b', { state: 'ended', message: plain('404') })] })).toMatchObject({ tone: 'critical', text: 'b has ended: 404' });
  expect([markOf(finished), nextStep(finished)]).toEqual(['finished', null]);
});

test('what comes back by itself is calm, what lasts warns, what needs somebody is critical', () => {
  const tone = (part: Parameters<typeof aStream>[1]) => say({ streams: [aStream('a', part)] }).tone ?? 'calm';
  expect(tone({})).toBe('calm');
  expect(tone({ state: 'connecting' })).toBe('calm');
  expect(tone({ state: 'waiting', sinceMs: NOW, retryAtMs: NOW + 3400 })).toBe('calm');
  expect(tone({ state: 'waiting', sinceMs: NOW, retryAtMs: NOW + 12_000 })).toBe('warn');
  expect(tone({ quietSinceMs: NOW })).toBe('warn');
  expect(tone({ state: 'offline' })).toBe('warn');
  expect(tone({ state: 'needs-sign-in' })).toBe('critical');
  expect(tone({ state: 'ended' })).toBe('critical');
  expect(status({ is: 'lost', message: plain(''), goodbye: false }, null, NOW, locale).tone).toBe('critical');
});
