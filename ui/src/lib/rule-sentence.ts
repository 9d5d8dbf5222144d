/** What a rule does, in one plain sentence. Pure. */
import type { Words } from './i18n/en';
import type { FieldForm, RuleView, TileForm, TriggerForm } from './protocol';

export function sentence({ form, events, stream }: RuleView, words: Words): string {
  const t = words.rules.sentence;
  const what = events.every((event) => event === '*') ? t.anyEvent : t.either(...events.map(t.quoted));
  const streams = form.streams.length ? form.streams : stream === null ? [] : [stream];
  const of = streams.length ? t.from(what, t.either(...streams)) : what;
  const conditions = [
    ...form.fields.map((field) => fieldWords(field, t)),
    form.text.length ? t.contains(t.either(...form.text.map(t.quoted))) : '',
    form.when ? t.holds(form.when) : '',
  ].filter(Boolean);
  const about = conditions.length ? t.where(of, t.both(...conditions)) : of;
  if (form.ignore) return t.ignores(about);
  if (form.resolves.length && !form.title) return t.resolves(t.either(...form.resolves.map(t.quoted)), about);
  const urgency = form.urgency?.includes('{') ? 'normal' : (form.urgency ?? 'normal');
  if (form.stop && urgency === 'none') return t.ignores(about);
  const loud = urgency === 'none' ? t.stores : urgency === 'critical' ? t.tellsLoudly : urgency === 'low' ? t.tellsQuietly : t.tells;
  return loud(triggerWords(form.trigger, about, words));
}

function triggerWords(trigger: TriggerForm, about: string, words: Words): string {
  const t = words.rules.sentence;
  switch (trigger.trigger) {
    case 'each':
      return t.each(about);
    case 'crosses':
      return (trigger.side === 'above' ? t.above : t.below)(named(trigger.value), String(trigger.threshold), about);
    case 'change': {
      const by = trigger.by.trim().replace(/^[+-]/, '');
      const way = trigger.by.trim().startsWith('-') ? t.falls : trigger.by.trim().startsWith('+') ? t.rises : t.moves;
      return way(named(trigger.value), by, trigger.within, about);
    }
    case 'expect-within':
      return t.missing(about, trigger.within);
    case 'expect-by': {
      const days = trigger.days.map((day) => words.quiet.days[day] ?? '').filter(Boolean);
      return t.missingBy(about, trigger.by, days.length && days.length < 7 ? words.quiet.list(...days) : '');
    }
  }
}

function fieldWords({ pointer, tests }: FieldForm, t: Words['rules']['sentence']): string {
  const each = tests.map((test) => {
    const sign = typeof test === 'string' ? /^(!=|>=|<=|>|<|=)\s*(.*)$/.exec(test) : null;
    const sides = { '!=': t.not, '>=': t.atLeast, '<=': t.atMost, '>': t.over, '<': t.under, '=': t.is };
    if (sign) return sides[sign[1] as keyof typeof sides](whole(sign[2] ?? '', t));
    return t.is(typeof test === 'string' && /^[-+.\d]+$/.test(test) ? t.quoted(test) : whole(String(test), t));
  });
  return t.field(named(pointer), t.either(...each));
}

/** A value as it is said among others: in quotes where it would read as several. */
function whole(value: string, t: Words['rules']['sentence']): string {
  return /[\s,，、]/.test(value) ? t.quoted(value) : value;
}

/** What a tile shows. */
export function tileTitle({ value, key, label }: TileForm, { tileForm, named: called }: Words): string {
  const title = tileForm.title(named(value ?? '/price'), named(key ?? '/symbol'));
  return label ? called(label, title) : title;
}

/** A pointer as people say it: `/data/price` is `data price`. */
export function named(pointer: string): string {
  return pointer.split('/').filter(Boolean).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')).join(' ');
}
