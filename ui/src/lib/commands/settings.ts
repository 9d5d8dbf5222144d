/** Commands for the settings: each part of them, and each choice that needs no form. */
import type { Command } from '../palette';
import { about } from '../silencing';
import { entries, lengths, type Live, type Page } from './page';

/** What can be told for a while, and what is not. */
export function* quiet(page: Live): Generator<Command> {
  const { dashboard, actions, locale, snapshot } = page;
  const t = locale.words;
  const act = (id: string, name: string, run: () => void): Command => ({ id, kind: 'action', name, also: t.settings.sections.loud, run });
  if (snapshot.pause) yield act('resume', t.palette.resume, () => actions.resume());
  else for (const [id, seconds, word] of lengths(page, t.pause.untilResumed)) yield act(`pause ${id}`, t.named(t.pause.label, word), () => actions.pause(seconds));
  yield act('silence-new', t.settings.addSilence, () => dashboard.startSilence());
  for (const silence of snapshot.silences) yield act(`end-silence ${silence.id}`, t.quiet.endSilence(about(silence.matcher, t.quiet)), () => actions.endOne(silence));
}

export function* settings({ dashboard, preferences, locale, speak }: Page): Generator<Command> {
  const t = locale.words;
  const s = t.settings;
  const set = (id: string, name: string, run: () => void): Command => ({ id, kind: 'setting', name, also: t.nav.settings, run });
  for (const [section, name] of entries(s.sections)) yield set(`settings ${section}`, t.named(t.nav.settings, name), () => dashboard.openSettings(section));
  for (const [theme, name] of entries(s.themes)) yield set(`theme ${theme}`, t.named(s.theme, name), () => (preferences.theme = theme));
  for (const [language, name] of entries(s.languages)) yield set(`language ${language}`, t.named(s.language, name), () => speak(language));
  for (const [rise, name] of entries(s.rises)) yield set(`rise ${rise}`, t.named(s.rise, name), () => (preferences.rise = rise));
}

/** What can be switched where there is a resident to switch it. */
export function* switches({ dashboard, locale }: Live): Generator<Command> {
  const { settings } = dashboard;
  const t = locale.words.settings;
  const p = locale.words.palette;
  const turn = (id: string, name: string, on: boolean, run: () => void): Command => ({ id, kind: 'setting', name: on ? p.turnSettingOff(name) : p.turnSettingOn(name), also: locale.words.nav.settings, run });
  const now = settings.configuration?.settings;
  if (now) {
    yield turn('sounds', t.soundsWord, now.sounds, () => settings.change({ sounds: !now.sounds }, t));
    yield turn('programs', t.programsWord, now.allowCommands, () => settings.change({ allowCommands: !now.allowCommands }, t));
  }
  yield { id: 'secrets', kind: 'setting', name: t.listSecrets, also: locale.words.nav.settings, run: () => dashboard.listSecrets() };
  const login = settings.startAtLogin;
  if (login && !login.trouble.en) yield turn('start-at-login', t.startWord, login.enabled, () => settings.setStartAtLogin(!login.enabled));
}
