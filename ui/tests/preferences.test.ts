/** What a person likes to see is kept in the window and written into the configuration. */
import { expect, test, vi } from 'vitest';

import { SETTINGS } from '../src/lib/backend/edits';
import { Preferences, type Look } from '../src/lib/preferences.svelte';
import type { SettingsForm } from '../src/lib/protocol';

function aStore(kept: string | null = null) {
  return { kept, getItem: () => kept, setItem(_key: string, value: string) { this.kept = value; } };
}

test('a choice is kept', () => {
  const store = aStore();
  new Preferences(store, 'en').theme = 'dark';
  expect(JSON.parse(store.kept ?? '')).toMatchObject({ language: 'system', theme: 'dark', rise: 'system' });
  expect(new Preferences(aStore(store.kept), 'en').theme).toBe('dark');
});

test('alerts are grouped until somebody wants each on its own', () => {
  const store = aStore();
  expect(new Preferences(store, 'en').grouped).toBe(true);
  new Preferences(store, 'en').grouped = false;
  expect(new Preferences(aStore(store.kept), 'en').grouped).toBe(false);
});

test('what was kept and makes no sense is ignored', () => {
  for (const kept of ['{', 'null', '[]', '{"theme":"pink","rise":7}']) {
    const { language, theme, rise } = new Preferences(aStore(kept), 'en');
    expect([language, theme, rise]).toEqual(['system', 'system', 'system']);
  }
});

test('a rise is red where people expect it', () => {
  expect(new Preferences(aStore(), 'zh-CN').riseShown).toBe('red');
  expect(new Preferences(aStore(), 'ja').riseShown).toBe('red');
  expect(new Preferences(aStore(), 'zh-HK').riseShown).toBe('green');
  expect(new Preferences(aStore(), 'de').riseShown).toBe('green');
});

const FORM: SettingsForm = { ...SETTINGS, language: 'zh', dashboard: { theme: 'light', rise: 'red', tileOrder: 'hand', tilePlaces: [{ stream: 'm', key: 'A', feed: 0 }], groupAlerts: false } };

test('what the configuration says is obeyed, and kept for the first frame of the next start', () => {
  const store = aStore();
  const preferences = new Preferences(store, 'en');
  preferences.obey(FORM);
  const said = ({ language, theme, riseShown, tilePlaces, grouped }: Preferences) => [language, theme, riseShown, tilePlaces, grouped];
  expect(said(preferences)).toEqual(['zh', 'light', 'red', ['["m","A",0]'], false]);
  expect(said(new Preferences(aStore(store.kept), 'en'))).toEqual(said(preferences));
});

test('what is chosen while something is saved is saved after it, and no older word of the file takes it back', async () => {
  const preferences = new Preferences(aStore(), 'en');
  const saved: unknown[] = [];
  const waiting: (() => void)[] = [];
  preferences.save = (change) => {
    saved.push(change);
    return new Promise((done) => waiting.push(() => done({})));
  };
  preferences.theme = 'dark';
  preferences.rise = 'red';
  preferences.placeTiles(['["m","B",1]', 'nonsense']);
  preferences.obey(FORM);
  expect(preferences.theme).toBe('dark');
  waiting.shift()?.();
  await vi.waitFor(() => expect(saved).toEqual([{ theme: 'dark' }, { rise: 'red', tileOrder: 'hand', tilePlaces: [{ stream: 'm', key: 'B', feed: 1 }] }]));
  waiting.shift()?.();
  await vi.waitFor(() => {
    preferences.obey(FORM);
    expect(preferences.theme).toBe('light');
  });
});

test('what could not be saved since the resident was away is saved when the configuration is read again, before it is obeyed', async () => {
  const preferences = new Preferences(aStore(), 'en');
  const save = vi.fn(async (change: Partial<Look>): Promise<Partial<Look>> => change);
  preferences.save = save;
  preferences.theme = 'dark';
  preferences.rise = 'green';
  await vi.waitFor(() => expect(save.mock.calls).toEqual([[{ theme: 'dark' }], [{ rise: 'green' }]]));
  save.mockResolvedValue({});
  preferences.obey(FORM);
  expect(preferences.theme).toBe('dark');
  await vi.waitFor(() => expect(save).toHaveBeenLastCalledWith({ theme: 'dark', rise: 'green' }));
  await vi.waitFor(() => {
    preferences.obey(FORM);
    expect(preferences.theme).toBe('light');
  });
});

test('a look that was kept before the configuration had a place for it is written there, and stays', async () => {
  const store = aStore('{"language":"en","theme":"dark","rise":"system","tileOrder":"hand","tilePlaces":["[\\"m\\",\\"B\\",1]"],"grouped":false}');
  const preferences = new Preferences(store, 'en');
  const save = vi.fn(async (_change: Partial<Look>): Promise<Partial<Look>> => ({}));
  preferences.save = save;
  preferences.obey(SETTINGS);
  expect(save).toHaveBeenCalledExactlyOnceWith({ theme: 'dark', tilePlaces: [{ stream: 'm', key: 'B', feed: 1 }], groupAlerts: false });
  expect([preferences.theme, preferences.tilePlaces, preferences.grouped]).toEqual(['dark', ['["m","B",1]'], false]);
  await vi.waitFor(() => expect(JSON.parse(store.kept ?? '')).toMatchObject({ unsaved: [], theme: 'dark' }));
  preferences.obey(FORM);
  expect([preferences.theme, save.mock.calls.length]).toEqual(['light', 1]);
});

test('where nothing is kept, or all of it is as usual, nothing is written into the configuration', () => {
  for (const kept of [null, '{"language":"zh","theme":"system","rise":"system","tileOrder":"hand","tilePlaces":[],"grouped":true}']) {
    const preferences = new Preferences(aStore(kept), 'en');
    const save = vi.fn(async (_change: Partial<Look>): Promise<Partial<Look>> => ({}));
    preferences.save = save;
    preferences.obey(FORM);
    expect([preferences.theme, save.mock.calls]).toEqual(['light', []]);
  }
});

test('while a choice is refused, all else is as the configuration says, and the choice is written once it is taken', async () => {
  const preferences = new Preferences(aStore(), 'en');
  const save = vi.fn(async (change: Partial<Look>): Promise<Partial<Look>> => change);
  preferences.save = save;
  preferences.theme = 'dark';
  await new Promise((resolve) => setTimeout(resolve));
  preferences.obey(FORM);
  expect([preferences.theme, preferences.rise, preferences.tilePlaces, preferences.grouped]).toEqual(['dark', 'red', ['["m","A",0]'], false]);
  await new Promise((resolve) => setTimeout(resolve));
  save.mockResolvedValue({});
  preferences.obey(FORM);
  expect(preferences.theme).toBe('dark');
  expect(save.mock.calls).toEqual([[{ theme: 'dark' }], [{ theme: 'dark' }], [{ theme: 'dark' }]]);
  await vi.waitFor(() => {
    preferences.obey(FORM);
    expect(preferences.theme).toBe('light');
  });
});

test('what was on its way when the page ended is saved by the next one, before the configuration is obeyed', async () => {
  const store = aStore();
  const ended = new Preferences(store, 'en');
  ended.save = () => new Promise(() => {});
  ended.placeTiles(['["m","B",1]']);
  ended.grouped = false;
  const next = new Preferences(aStore(store.kept), 'en');
  const save = vi.fn(async (_change: Partial<Look>): Promise<Partial<Look>> => ({}));
  next.save = save;
  next.obey(FORM);
  expect(next.tilePlaces).toEqual(['["m","B",1]']);
  expect(save).toHaveBeenCalledExactlyOnceWith({ tileOrder: 'hand', tilePlaces: [{ stream: 'm', key: 'B', feed: 1 }], groupAlerts: false });
  await vi.waitFor(() => {
    next.obey(FORM);
    expect(next.tilePlaces).toEqual(['["m","A",0]']);
  });
});

test('a language chosen while the resident is away stays, and is written when it is back', async () => {
  const store = aStore();
  const preferences = new Preferences(store, 'en');
  const save = vi.fn(async (change: Partial<Look>): Promise<Partial<Look>> => change);
  preferences.save = save;
  preferences.language = 'en';
  await vi.waitFor(() => expect(save).toHaveBeenCalledWith({ language: 'en' }));
  // The page may end meanwhile, too.
  const next = new Preferences(aStore(store.kept), 'en');
  next.save = save;
  save.mockResolvedValue({});
  next.obey(FORM);
  expect(next.language).toBe('en');
  await vi.waitFor(() => expect(save).toHaveBeenLastCalledWith({ language: 'en' }));
});

test('a choice that is refused for ever keeps no other from being written, also one that is made meanwhile', async () => {
  const store = aStore();
  const preferences = new Preferences(store, 'en');
  const asked: Partial<Look>[] = [];
  preferences.save = async (change) => {
    asked.push(change);
    return 'tilePlaces' in change ? { tilePlaces: change.tilePlaces! } : {};
  };
  const tilePlaces = [{ stream: 'm', key: 'B', feed: 1 }];
  preferences.placeTiles(['["m","B",1]']);
  preferences.theme = 'dark';
  await vi.waitFor(() => expect(asked).toEqual([{ tileOrder: 'hand', tilePlaces }, { theme: 'dark' }]));
  await vi.waitFor(() => expect(JSON.parse(store.kept ?? '')).toMatchObject({ unsaved: ['tilePlaces'] }));
  preferences.obey(FORM);
  expect([preferences.theme, preferences.tilePlaces]).toEqual(['light', ['["m","B",1]']]);
  preferences.rise = 'red';
  await vi.waitFor(() => expect(asked.slice(2)).toEqual([{ tilePlaces }, { rise: 'red' }]));
  await vi.waitFor(() => expect(JSON.parse(store.kept ?? '')).toMatchObject({ unsaved: ['tilePlaces'] }));
});
