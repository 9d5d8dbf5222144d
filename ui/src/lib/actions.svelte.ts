/** What can be done from more than one place of the page, each told with the way back. */
import { tick } from 'svelte';

import type { Done } from './alerts.svelte';
import type { Clock } from './clock.svelte';
import { copyText } from './copy';
import type { Dashboard } from './dashboard.svelte';
import { secondsUntilMorning } from './format';
import type { Locale } from './i18n/locale.svelte';
import { plain } from './i18n/text';
import type { SilenceView, StoredEvent, TileForm } from './protocol';
import { about as aboutSilence, ofRule, silentRule, silentStream, type Silent } from './silencing';

export class Actions {
  readonly #dashboard: Dashboard;
  readonly #locale: Locale;
  readonly #clock: Clock;
  /** The stream that is not removed before somebody says so again, because more goes with it. */
  #removing = $state<string | null>(null);

  constructor(dashboard: Dashboard, locale: Locale, clock: Clock) {
    this.#dashboard = dashboard;
    this.#locale = locale;
    this.#clock = clock;
  }

  get removing(): string | null {
    return this.#removing;
  }

  pause(seconds: number | null): void {
    this.#dashboard.attempt(() => this.#dashboard.resident.pause(seconds));
  }

  resume(): void {
    this.#dashboard.attempt(() => this.#dashboard.resident.resume());
  }

  untilMorning(): number {
    return secondsUntilMorning(new Date());
  }

  markAllRead(): void {
    this.did(this.#dashboard.alerts.markAllRead(), this.#locale.words.alerts.marked);
  }

  /** Marks as read all that have a text in them; how many those are is told when the resident has said so. */
  markFoundRead(text: string): void {
    const { marked, marking, nothingToDo } = this.#locale.words.alerts;
    const back = this.#dashboard.alerts.markFoundRead(text, (n) => {
      // It comes of itself, later: not in the place of the way back from something else.
      if (!this.#dashboard.notices.current?.undo) this.#dashboard.tell({ text: n ? marked(n) : nothingToDo });
    });
    this.#dashboard.tell({ text: marking(text.trim()), ...back });
  }

  /** Tells with how many alerts something was done. */
  did({ count, ...back }: Done, word: (n: number) => string): void {
    this.#dashboard.tell(count ? { text: word(count), ...back } : { text: this.#locale.words.alerts.nothingToDo });
  }

  /** With a code where the stream has one, else by typing its new token beside it. */
  signIn(name: string): void {
    const { resident } = this.#dashboard;
    const stream = resident.snapshot?.streams.find((one) => one.name === name);
    this.#dashboard.openStream(name);
    if (stream?.byCode && stream.signIn === null) this.#dashboard.attempt(() => resident.signIn(name));
  }

  startDemo(): void {
    this.#dashboard.attempt(() => this.#dashboard.startDemo());
  }

  copyDiagnosis(): void {
    const { settings } = this.#dashboard;
    this.#dashboard.attempt(async () => {
      const done = await copyText(settings.diagnose());
      const words = this.#locale.words.palette;
      this.#dashboard.tell({ text: done ? words.diagnosisCopied : words.diagnosisNotCopied });
    });
  }

  silentRule(rule: string): Silent | null {
    return silentRule(rule, this.#dashboard.resident.snapshot, this.#clock.now);
  }

  silentStream(stream: string): Silent | null {
    return silentStream(stream, this.#dashboard.resident.snapshot, this.#clock.now);
  }

  silenceRule(rule: string, seconds = 3600): void {
    const { alerts } = this.#locale.words;
    const { now } = this.#clock;
    const longer = (untilMs: number | null) => alerts.silentLonger(rule, untilMs === null ? null : this.#locale.moment(untilMs, now));
    this.#dashboard.quieting.extend(ofRule(rule), seconds, alerts.silentFor(rule, this.#locale.duration(seconds)), longer, this.silentRule(rule), now);
  }

  /** Silences a stream for so long; until that is ended where no length is given. */
  silenceStream(stream: string, seconds: number | null): void {
    const words = this.#locale.words.alerts.silencing;
    const about = words.stream(stream);
    const said = seconds === null ? words.doneOpen(about) : words.done(about, this.#locale.moment(this.#clock.now + seconds * 1000, this.#clock.now));
    this.#dashboard.quieting.stream(stream, seconds, said, this.silentStream(stream));
  }

  /** Lets be heard again what is silent; `about` says what that is. */
  endSilence(silent: Silent | null, about: string): void {
    if (silent) this.#dashboard.quieting.end(silent, this.#locale.words.quiet.ended(about));
  }

  /** Ends one silence, whatever it is about. */
  endOne(silence: SilenceView): void {
    const about = this.#locale.sentence(plain(aboutSilence(silence.matcher, this.#locale.words.quiet)));
    this.endSilence({ untilMs: silence.untilMs, silences: [silence], pause: null }, about);
  }

  turnStream(name: string, on: boolean): Promise<void> {
    const words = this.#locale.words.streams;
    return this.#dashboard.edit(() => this.#dashboard.streams.turn(name, on), on ? words.switchedOn(name) : words.switchedOff(name));
  }

  turnRule(name: string, on: boolean): Promise<void> {
    const words = this.#locale.words.rules;
    return this.#dashboard.edit(() => this.#dashboard.rules.enable(name, on), on ? words.switchedOn(name) : words.switchedOff(name));
  }

  /** Gives a rule another place in the order, from 0. */
  moveRule(name: string, to: number): Promise<void> {
    const { rules } = this.#dashboard;
    return this.#dashboard.edit(() => rules.move(name, to), this.#locale.words.rules.moved(name, to + 1, rules.names.length));
  }

  removeRule(name: string): Promise<void> {
    return this.#dashboard.removeRule(name, this.#locale.words.rules.removed(name));
  }

  /** Shows a notification as a rule would, of the newest event there is. */
  testRule(name: string): void {
    this.#dashboard.attempt(async () => {
      await this.#dashboard.rules.test(name);
      this.#dashboard.tell({ text: this.#locale.words.ruleForm.tested });
    });
  }

  /** The same for a tile as for a rule. */
  moveTile(tile: TileForm, to: number): Promise<void> {
    const { tileForms } = this.#dashboard;
    return this.#dashboard.edit(() => tileForms.move(tile, to), this.#locale.words.tileForm.moved(to + 1, tileForms.list.length));
  }

  removeTile(tile: TileForm): Promise<void> {
    return this.#dashboard.edit(() => this.#dashboard.tileForms.remove(tile), this.#locale.words.tileForm.removed);
  }

  /** Removes a stream; where that takes rules, tiles or a stored secret with it, asks first. */
  removeStream(name: string): void {
    const { rules, tiles, secret } = this.#dashboard.streams.goingWith(name);
    if (rules || tiles || secret) this.#removing = name;
    else void this.#removeStream(name);
  }

  /** Answers whether the stream is to be removed that was asked about. */
  answer(remove: boolean): void {
    const name = this.#removing;
    this.#removing = null;
    if (name !== null && remove) void this.#removeStream(name);
  }

  /** Keeps events like one from all other rules. */
  ignore(event: StoredEvent): void {
    const dashboard = this.#dashboard;
    const { rules } = dashboard;
    const { feed, rules: words } = this.#locale.words;
    dashboard.attempt(async () => {
      const { rule, by } = await rules.ignore(event, feed.ignoreName(event.event, event.stream));
      const back = async () => void (await (by === 'added' ? rules.remove(rule) : rules.enable(rule, false)));
      if (by === 'there') dashboard.tell({ text: feed.ignoredAlready(event.event, rule), undo: () => dashboard.editRule(rule), way: words.edit });
      else dashboard.tell({ text: feed.ignored(event.event), undo: () => dashboard.attempt(back) });
    });
  }

  #removeStream(name: string): Promise<void> {
    const { streams, connections } = this.#dashboard;
    const { rules, tiles } = streams.goingWith(name);
    const said = this.#locale.words.streams.removed(name, rules, tiles);
    return this.#dashboard.edit(async () => {
      const edit = await streams.remove(name);
      if (connections.looked === name) connections.close();
      await tick();
      // Its buttons had the focus, and are gone: it goes on in the list.
      if (document.activeElement === document.body) document.querySelector<HTMLElement>('[data-testid=stream-open]')?.focus();
      return edit;
    }, said, { lasting: true });
  }
}
