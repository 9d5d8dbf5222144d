/** Settings are saved one after another, against what is there. */
import { expect, test } from 'vitest';

import { Refusal } from '../src/lib/backend';
import type { Notice } from '../src/lib/notices.svelte';
import type { Answer, ErrorCode, QuietHoursView } from '../src/lib/protocol';
import { Settings } from '../src/lib/settings.svelte';
import { Streams } from '../src/lib/streams.svelte';
import { aConfiguration, ScriptedBackend } from './support';

const WORDS = { saved: 'Saved', quietSaved: 'Quiet saved', silenced: 'Silenced', secretForgotten: 'Forgotten' };
const quiet = (from: string): QuietHoursView => ({ from, to: '07:00', days: [0], timeZone: null });
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

/** A resident that keeps its quiet hours. */
async function opened(refuse: () => boolean = () => false) {
  let hours: QuietHoursView[] = [];
  const told: Notice[] = [];
  const backend = new ScriptedBackend({
    configuration: (): Answer => ({ answer: 'configuration', value: aConfiguration({ quietHours: hours }) }),
    'save-quiet-hours': async (call): Promise<Answer> => {
      await settled();
      if (refuse()) throw new Refusal('conflict', { en: 'The file has changed.', zh: '文件已被修改。' });
      hours = call.hours;
      return { answer: 'edited', value: { undo: 4 } };
    },
    'save-settings': (): Answer => ({ answer: 'edited', value: { undo: 5 } }),
    undo: (): Answer => ({ answer: 'edited', value: { undo: 6 } }),
  });
  const streams = new Streams(backend);
  await streams.load();
  return { backend, told, settings: new Settings(backend, streams, (notice) => told.push(notice)) };
}

test('what is painted while an older painting is saved is saved after it, against what that left', async () => {
  const { backend, told, settings } = await opened();
  settings.paint([quiet('20:00')], WORDS);
  settings.paint([quiet('21:00')], WORDS);
  settings.paint([quiet('22:00')], WORDS);
  expect(settings.quietHours).toEqual([quiet('22:00')]);
  await expect.poll(() => told.length).toBe(1);
  expect(backend.of('save-quiet-hours').map(({ base, hours }) => [base, hours])).toEqual([
    [[], [quiet('20:00')]],
    [[quiet('20:00')], [quiet('22:00')]],
  ]);
  expect(settings.quietHours).toEqual([quiet('22:00')]);
  told[0]?.undo?.();
  await expect.poll(() => backend.of('undo')).toEqual([{ call: 'undo', edit: 4 }]);
});

test('a refused painting is told, and what is in the file is shown again', async () => {
  const { told, settings } = await opened(() => true);
  settings.paint([quiet('20:00')], WORDS);
  await expect.poll(() => told.map(({ text }) => text)).toEqual(['The file has changed.']);
  await expect.poll(() => settings.quietHours).toEqual([]);
});

test('a change says only what is to be changed', async () => {
  const { backend, told, settings } = await opened();
  settings.change({ maxEvents: 5 }, WORDS);
  await expect.poll(() => told[0]?.text).toBe('Saved');
  const { change } = backend.of('save-settings')[0]!;
  expect(Object.entries(change).filter(([, value]) => value !== null)).toEqual([['maxEvents', 5]]);
});

test('a look that is refused, for whatever reason, is not taken for saved, and the same refusal is told once', async () => {
  let refusal: ErrorCode | null = 'invalid';
  const told: string[] = [];
  const backend = new ScriptedBackend({
    'save-settings': (): Answer => {
      if (refusal) throw new Refusal(refusal, { en: `It is ${refusal}.`, zh: '不行。' });
      return { answer: 'edited', value: { undo: 5 } };
    },
  });
  const settings = new Settings(backend, new Streams(backend), ({ text }) => told.push(text));
  expect([await settings.saveLook({ theme: 'dark' }), await settings.saveLook({ theme: 'dark' })]).toEqual([{ theme: 'dark' }, { theme: 'dark' }]);
  expect(told).toEqual(['It is invalid.']);
  refusal = 'conflict';
  expect(await settings.saveLook({ theme: 'dark' })).toEqual({ theme: 'dark' });
  refusal = 'failed';
  expect(await settings.saveLook({ theme: 'dark' })).toEqual({ theme: 'dark' });
  expect(await settings.saveLook({ theme: 'dark', rise: 'red' })).toEqual({ theme: 'dark', rise: 'red' });
  expect(told).toEqual(['It is invalid.', 'It is conflict.', 'It is failed.', 'It is failed.']);
  refusal = null;
  expect(await settings.saveLook({ theme: 'dark' })).toEqual({});
  refusal = 'failed';
  expect(await settings.saveLook({ theme: 'dark' })).toEqual({ theme: 'dark' });
  expect(told).toHaveLength(5);
});

test('what is refused of a look is in the way of nothing else, and told once however often it is tried', async () => {
  const told: string[] = [];
  const written: unknown[] = [];
  const backend = new ScriptedBackend({
    'save-settings': ({ change }): Answer => {
      if (change.tilePlaces) throw new Refusal('invalid', { en: 'No such place.', zh: '没有这个位置。' });
      written.push(Object.fromEntries(Object.entries(change).filter(([, value]) => value !== null)));
      return { answer: 'edited', value: { undo: 5 } };
    },
  });
  const settings = new Settings(backend, new Streams(backend), ({ text }) => told.push(text));
  const tilePlaces = [{ stream: 'm', key: 'A', feed: 0 }];
  expect(await settings.saveLook({ theme: 'dark', tilePlaces, rise: 'red' })).toEqual({ tilePlaces });
  expect(await settings.saveLook({ tilePlaces, language: 'zh' })).toEqual({ tilePlaces });
  expect(written).toEqual([{ theme: 'dark' }, { rise: 'red' }, { language: 'zh' }]);
  expect(told).toEqual(['No such place.']);
});

test('a change that changed nothing offers no way back', async () => {
  const told: Notice[] = [];
  const backend = new ScriptedBackend({ 'save-settings': (): Answer => ({ answer: 'edited', value: { undo: 0 } }) });
  const settings = new Settings(backend, new Streams(backend), (notice) => told.push(notice));
  settings.change({ sounds: true }, WORDS);
  await expect.poll(() => told).toEqual([{ text: 'Saved' }]);
});

test('what the program does not tell of itself is said, and no empty diagnosis is given', async () => {
  const { settings } = await opened();
  await settings.load();
  expect(settings.untold).not.toBe('');
  expect(settings.trouble).toBe('');
  await expect(settings.diagnose()).rejects.toThrow();
});
