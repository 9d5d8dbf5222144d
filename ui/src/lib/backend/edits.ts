/** What the fake resident does with rules, tiles and settings: about what the real one does, on plain lists. */
import { Refusal } from '../backend';
import { plain } from '../i18n/text';
import type { Answer, Call, Configuration, ImportReport, PreviewReport, RuleDraft, RuleForm, RuleView, SettingsForm, StoredEvent, TileForm } from '../protocol';
import { emptyRule } from '../rule-draft';

export const SETTINGS: SettingsForm = {
  language: 'system', timeoutLow: { timeout: 'desktop' }, timeoutNormal: { timeout: 'desktop' }, timeoutCritical: { timeout: 'never' }, soundGapMs: 3000,
  maxAgeS: 30 * 86_400, maxEvents: 1_000_000, outage: { outage: 'after', seconds: 120 }, allowCommands: false, sounds: true,
  dashboard: { theme: 'system', rise: 'system', tileOrder: 'hand', tilePlaces: [], groupAlerts: true },
};

export const RULE_PRESETS = ['market-alert', 'ntfy', 'gotify', 'alertmanager', 'text'];

export function ruleView(form: RuleForm): RuleView {
  const urgency = form.urgency === 'critical' || form.urgency === 'low' || form.urgency === 'none' ? form.urgency : 'normal';
  return { name: form.name, stream: form.streams.join(', ') || null, events: form.events.length ? form.events : ['*'], when: plain(form.when ?? ''), enabled: form.enabled, urgency, form, text: toml(form) };
}

/** A hand on the fake's configuration. */
export interface Desk {
  configuration: Configuration;
  events(): readonly StoredEvent[];
}

export class Edits {
  readonly #desk: Desk;
  readonly #before: { edit: number; configuration: Configuration }[] = [];
  #edit = 0;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** How often the configuration has changed. */
  get count(): number {
    return this.#edit;
  }

  /** Remembers how all was, for `undo`. */
  edited(change: Partial<Configuration>): Answer {
    const { configuration } = this.#desk;
    this.#before.push({ edit: ++this.#edit, configuration });
    this.#desk.configuration = { ...configuration, ...change };
    return { answer: 'edited', value: { undo: this.#edit } };
  }

  /** `null` for calls that are not about edits. */
  ask(call: Call): Answer | null {
    const { rules, tiles, settings } = this.#desk.configuration;
    switch (call.call) {
      case 'rule-text':
        return { answer: 'rule-text', value: { text: textOf(call.draft), form: formOf(call.draft), faults: faultsOf(textOf(call.draft)) } };
      case 'draft-rule':
        return { answer: 'rule-form', value: this.#draft(call.seq) };
      case 'preview-rule':
        return { answer: 'preview', value: this.#preview(call.draft) };
      case 'test-notification':
        return { answer: 'done' };
      case 'save-rule': {
        const view = ruleView(formOf(call.draft));
        if (!view.name) throw new Refusal('invalid', { en: '2:8: name: must have 1 to 64 characters', zh: '第 2 行第 8 列：name：须为 1 到 64 个字符' });
        if (rules.some(({ name }) => name === view.name && name !== call.original)) throw new Refusal('invalid', { en: 'another rule has this name', zh: '已有同名的规则' });
        return this.edited({ rules: call.original === null ? [...rules, view] : rules.map((rule) => (rule.name === call.original ? view : rule)) });
      }
      case 'remove-rule':
        return this.edited({ rules: rules.filter(({ name }) => name !== call.name) });
      case 'move-rule':
        return this.edited({ rules: moved(rules, rules.findIndex(({ name }) => name === call.name), call.to) });
      case 'enable-rule':
        return this.edited({ rules: rules.map((rule) => (rule.name === call.name ? ruleView({ ...rule.form, enabled: call.enabled }) : rule)) });
      case 'sounds':
        return { answer: 'sounds', value: ['bell', 'complete', 'dialog-warning', 'message', 'message-new-instant'] };
      case 'rule-counts':
        return { answer: 'rule-counts', value: rules.map(({ name }, at) => ({ rule: name, fired: 34 >> at, shown: 21 >> at, lastAtMs: Date.now() - (at + 1) * 700_000 })) };
      case 'draft-tile': {
        const event = this.#event(call.seq);
        return { answer: 'tile-form', value: { stream: event.stream, event: event.event, key: '/symbol', value: '/price', change: null, unit: null, label: null } };
      }
      case 'save-tile':
        return this.edited({ tiles: call.original === null ? [...tiles, call.tile] : tiles.map((tile) => (same(tile, call.original) ? call.tile : tile)) });
      case 'remove-tile':
        return this.edited({ tiles: tiles.filter((tile) => !same(tile, call.tile)) });
      case 'move-tile':
        return this.edited({ tiles: moved(tiles, tiles.findIndex((tile) => same(tile, call.tile)), call.to) });
      case 'save-quiet-hours':
        return this.edited({ quietHours: call.hours });
      case 'save-settings': {
        const said = Object.entries(call.change).filter(([, value]) => value !== null);
        const change = Object.fromEntries(said) as Partial<SettingsForm>;
        return this.edited({ settings: { ...settings, ...change, dashboard: { ...settings.dashboard, ...change } } });
      }
      case 'undo': {
        const last = this.#before.at(-1);
        if (last?.edit !== call.edit) throw new Refusal('conflict', { en: 'the file has changed since: this cannot be taken back', zh: '文件后来有改动：无法撤销' });
        this.#desk.configuration = last.configuration;
        this.#before.pop();
        return { answer: 'edited', value: { undo: ++this.#edit } };
      }
      case 'export':
        return { answer: 'exported', value: { text: `version = 1\n\n${rules.map(({ text }) => text).join('\n')}` } };
      case 'import':
        return { answer: 'imported', value: this.#import(call.text, call.apply) };
      default:
        return null;
    }
  }

  #event(seq: number): StoredEvent {
    const event = this.#desk.events().find((one) => one.seq === seq);
    if (!event) throw new Refusal('not-found', { en: 'this event is not in the history any more', zh: '历史记录里已没有这个事件' });
    return event;
  }

  #draft(seq: number): RuleForm {
    const { stream, event } = this.#event(seq);
    const name = event.replaceAll('-', ' ').replace(/^./, (first) => first.toUpperCase());
    return { ...emptyRule(name), streams: [stream], events: [event], title: '{{ data.symbol }}', body: '{{ data.message }}' };
  }

  #preview(draft: RuleDraft): PreviewReport {
    const form = formOf(draft);
    const of = this.#desk.events().filter(({ event }) => form.events.length === 0 || form.events.includes(event)).slice(-100).reverse();
    const events = of.map((event, at): PreviewReport['events'][number] => {
      const alert = form.ignore ? null : { atMs: event.atMs, title: `${event.event} ${event.seq}`, body: event.data.slice(0, 120), urgency: 'normal' as const, group: '', link: '', shown: at % 3 === 0, reason: at % 3 ? ('throttled' as const) : ('' as const) };
      return { seq: event.seq, atMs: event.atMs, stream: event.stream, event: event.event, data: event.data.slice(0, 1024), verdict: form.ignore ? 'ignored' : 'fired', stoppedBy: null, checks: [], alert };
    });
    const faults = form.name ? faultsOf(textOf(draft)) : [{ line: 2, column: 8, field: 'name', message: { en: 'name: must have 1 to 64 characters', zh: 'name：须为 1 到 64 个字符' } }];
    return { text: textOf(draft), faults, events: faults.length ? [] : events, absences: [], shown: form.ignore ? 0 : Math.ceil(events.length / 3), tried: events.length, cut: false };
  }

  #import(text: string, apply: boolean): ImportReport {
    const names = [...text.matchAll(/name = "(.+?)"/g)].map(([, name]) => name ?? '');
    const { rules } = this.#desk.configuration;
    const fate = (name: string) => (rules.some((rule) => rule.name === name) ? 'present' as const : 'added' as const);
    const items = names.map((name) => ({ kind: 'rule' as const, name: plain(name), fate: fate(name), url: '' }));
    const edited = apply && names.length ? this.edited({ rules: [...rules, ...items.filter((item) => item.fate === 'added').map(({ name }) => ruleView(emptyRule(name.en)))] }) : null;
    const faults = names.length ? [] : [{ line: 1, column: 1, field: null, message: { en: 'this is no TOML: expected a key', zh: '不是有效的 TOML：此处应为键' } }];
    return { faults, items, reaching: [], applied: edited !== null, ...(edited && { undo: this.#edit }) };
  }
}

/** An expression that ends too soon is at fault, as the resident would say it. */
function faultsOf(text: string): PreviewReport['faults'] {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => /^when = ".*[<>=]\s*"/.test(line));
  const message = { en: 'when: syntax error: unexpected end of input, expected expression', zh: 'when：语法错误：表达式没有写完（unexpected end of input）' };
  return at < 0 ? [] : [{ line: at + 1, column: 8, field: 'when', message }];
}

function textOf(draft: RuleDraft): string {
  return draft.draft === 'text' ? draft.value : toml(draft.value);
}

function formOf(draft: RuleDraft): RuleForm {
  if (draft.draft === 'form') return draft.value;
  const said = (key: string) => new RegExp(`^${key} = "(.*)"$`, 'm').exec(draft.value)?.[1] ?? null;
  const listed = (key: string) => [said(key)].filter((one) => one !== null);
  return { ...emptyRule(said('name') ?? ''), streams: listed('stream'), events: listed('event'), when: said('when'), title: said('title'), body: said('body'), urgency: said('urgency'), ignore: /^ignore = true$/m.test(draft.value) };
}

function toml(form: RuleForm): string {
  const list = (values: readonly string[]) => (values.length === 1 ? JSON.stringify(values[0]) : `[${values.map((value) => JSON.stringify(value)).join(', ')}]`);
  const lines = [`name = ${JSON.stringify(form.name)}`];
  if (!form.enabled) lines.push('enabled = false');
  if (form.ignore) lines.push('ignore = true');
  if (form.streams.length) lines.push(`stream = ${list(form.streams)}`);
  if (form.events.length) lines.push(`event = ${list(form.events)}`);
  for (const key of ['preset', 'when', 'title', 'body', 'urgency', 'group', 'link', 'throttle', 'sound'] as const) {
    if (form[key] !== null) lines.push(`${key} = ${JSON.stringify(form[key])}`);
  }
  return `[[rule]]\n${lines.join('\n')}\n`;
}

function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.filter((_, at) => at !== from);
  return [...rest.slice(0, to), ...list.slice(from, from + 1), ...rest.slice(to)];
}

function same(one: TileForm, other: TileForm | null): boolean {
  return other !== null && one.stream === other.stream && one.event === other.event && one.key === other.key && one.value === other.value && one.change === other.change;
}
