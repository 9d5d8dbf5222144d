/** Tests of where it stands what was refused: at the field it is about. */
import { expect, test } from 'vitest';

import { Refusal } from '../src/lib/backend';
import { emptyDraft, toStream } from '../src/lib/form';
import { en } from '../src/lib/i18n/en';
import { plain } from '../src/lib/i18n/text';
import type { Answer, Fault } from '../src/lib/protocol';
import { secretHeader } from '../src/lib/secret-form';
import { Settings } from '../src/lib/settings.svelte';
import { Editing } from '../src/lib/stream-editing.svelte';
import { placeOf } from '../src/lib/stream-faults';
import { Streams } from '../src/lib/streams.svelte';
import { emptyTile, TileForms, tileFaults } from '../src/lib/tile-forms.svelte';
import { ScriptedBackend } from './support';

const fault = (field: string | null, message: string): Fault => ({ line: 1, column: 1, field, message: plain(message) });
const refuse = (code: 'invalid' | 'keyring') => (): Answer => {
  throw new Refusal(code, { en: 'no', zh: '不' });
};
const textView = (faults: Fault[]) => (): Answer => ({ answer: 'stream-text', value: { text: '', form: null, faults, base: null } });

test('what the resident will not have of a stream stands at its fields', async () => {
  const backend = new ScriptedBackend({ 'save-stream': refuse('invalid'), 'stream-text': textView([fault('proxy', 'no such proxy'), fault('proxy', 'more'), fault('subscribe', 'elsewhere'), fault(null, 'x')]) });
  const editing = new Editing(null, { ...emptyDraft(), name: 'one', url: 'https://example.com/' }, []);
  expect(await editing.save(backend, '')).toBeNull();
  expect([...editing.told]).toEqual([['proxy', plain('no such proxy')]]);
  expect(editing.refusal?.message).toBe('no');
  await editing.test(new ScriptedBackend({ 'test-stream': refuse('keyring') }), '');
  expect(editing.told.size, 'what was said before is over').toBe(0);
});

test('what is wrong with no field of the form, or cannot be asked, is said of the form as a whole', async () => {
  const backend = new ScriptedBackend({ 'save-stream': refuse('invalid'), 'stream-text': refuse('invalid') });
  const editing = new Editing(null, { ...emptyDraft(), name: 'one', url: 'https://example.com/' }, []);
  await editing.save(backend, '');
  expect([editing.told.size, editing.refusal?.code]).toEqual([0, 'invalid']);
});

test('a secret that may not follow to another server is asked for at its own field', async () => {
  const form = toStream({ ...emptyDraft(), name: 'one', url: 'https://example.com/' });
  const backend = new ScriptedBackend({ 'save-stream': refuse('invalid'), 'stream-text': (): Answer => ({ answer: 'stream-text', value: { text: '', form, faults: [], base: null } }) });
  const draft = { ...emptyDraft(), name: 'one', url: 'https://example.com/', authKind: 'bearer' as const };
  const editing = new Editing('one', draft, []);
  await editing.save(backend, '');
  expect(editing.told.size, 'it goes where it went').toBe(0);
  editing.draft.url = 'https://other.example.com/';
  await editing.save(backend, '');
  expect([...editing.told]).toEqual([['secret', { en: 'no', zh: '不' }]]);
  await editing.save(backend, 's3cret');
  expect(editing.told.size, 'it was typed').toBe(0);
  editing.draft.secretHeaders = [secretHeader('X-Key')];
  await editing.save(backend, 's3cret');
  expect([...editing.told.keys()]).toEqual(['secretHeaders']);
  await editing.save(backend, 's3cret', { more: { headers: [['X-Key', 's3cret']], clientSecret: null, clientCert: null } });
  expect(editing.told.size).toBe(0);
});

test('a form that cannot be written down stays a form, and says at which field', async () => {
  const editing = new Editing('one', { ...emptyDraft(), name: 'one', url: 'https://example.com/' }, []);
  await editing.turn(new ScriptedBackend({ 'stream-text': textView([fault('auth', 'no program')]) }), 'text');
  expect([editing.mode, [...editing.told]]).toEqual(['form', [['auth', plain('no program')]]]);
});

test('a key of the file is at the field that is shown for it', () => {
  const draft = emptyDraft();
  expect(placeOf('idle_timeout', draft)).toBe('idleTimeoutS');
  expect(placeOf('resume', draft)).toBeNull();
  expect(placeOf('resume', { ...draft, resumeFrom: 'pointer' })).toBe('resumePointer');
  expect(placeOf('resume', { ...draft, resumeSend: 'query' })).toBe('resumeParameter');
  expect(placeOf('outage', { ...draft, request: { ...draft.request, outage: 'after' } })).toBe('outageS');
  expect(placeOf('subscribe', draft)).toBeNull();
  expect([placeOf('headers', draft), placeOf('headers', { ...draft, secretHeaders: [secretHeader('X-Key')] })]).toEqual(['headers', 'secretHeaders']);
});

test('a tile with a field that is none is not sent', async () => {
  const backend = new ScriptedBackend();
  const forms = new TileForms(backend, new Streams(backend));
  forms.add();
  Object.assign(forms.editing!.tile, { value: 'price', key: '/a~b', change: '/pct' });
  expect(forms.editing!.faults, 'nothing is said before it was tried').toEqual({});
  expect(await forms.save()).toBeNull();
  expect(forms.editing!.faults).toEqual({ value: 'slash', key: 'tilde' });
  expect(backend.of('save-tile')).toEqual([]);
  expect(tileFaults({ ...emptyTile(), unit: '°'.repeat(13), label: 'x'.repeat(61) })).toEqual({ unit: 'longUnit', label: 'longLabel' });
  expect(tileFaults({ ...emptyTile(), unit: '😀'.repeat(12), label: 'x'.repeat(60) })).toEqual({});
  expect(tileFaults({ stream: null, event: null, key: '', value: '/a~0~1', change: null, unit: null, label: null })).toEqual({});
});

test('a refused change of a setting stands at the setting, until the next', async () => {
  let refused = true;
  const backend = new ScriptedBackend({ 'save-settings': (): Answer => (refused ? refuse('invalid')() : { answer: 'edited', value: { undo: 1 } }) });
  const told: string[] = [];
  const settings = new Settings(backend, new Streams(backend), ({ text }) => told.push(text));
  settings.change({ maxEvents: 0 }, en.settings);
  await expect.poll(() => settings.refused).toEqual({ field: 'maxEvents', message: 'no' });
  expect(told).toEqual([]);
  refused = false;
  settings.change({ maxEvents: 5 }, en.settings);
  await expect.poll(() => told).toEqual([en.settings.saved]);
  expect(settings.refused).toBeNull();
});
