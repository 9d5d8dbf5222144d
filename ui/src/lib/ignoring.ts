/** Rules that make nothing of events and keep them from all later rules. Pure. */
import { emptyRule, free } from './rule-draft';
import type { RuleForm, RuleView, StoredEvent } from './protocol';
import { literally } from './silencing';

/** The longest name a rule can have, in characters. */
const LONGEST_NAME = 64;
/** Room for a number behind it. */
const ROOM = 4;

/** A rule that ignores events of the same stream and name. */
export function ignoring({ stream, event }: StoredEvent, name: string, taken: readonly string[]): RuleForm {
  const short = [...name].slice(0, LONGEST_NAME - ROOM).join('');
  return emptyRule(free(short, taken), { streams: [literally(stream)], events: [literally(event)], ignore: true });
}

/** The rule among others that ignores just what another one does; null where there is none. */
export function sameIgnoring(rules: readonly RuleView[], { streams, events }: RuleForm): RuleView | null {
  const said = JSON.stringify(emptyRule('', { streams, events, ignore: true }));
  return rules.find(({ form }) => JSON.stringify(emptyRule('', { ...asIgnoring(form), name: '', enabled: true, ignore: form.ignore })) === said) ?? null;
}

/** The same rule, which ignores what it was told of: of what it says only what matches is left. */
export function asIgnoring(form: RuleForm): RuleForm {
  return emptyRule(form.name, { ...matching(form), ignore: true });
}

/** A rule that ignores, which tells again, as `told` did where there was one before. */
export function asTelling(form: RuleForm, told: RuleForm | null): RuleForm {
  return { ...(told ?? emptyRule()), name: form.name, ...matching(form), ignore: false };
}

function matching({ enabled, streams, events, fields, text, when }: RuleForm): Partial<RuleForm> {
  return { enabled, streams, events, fields, text, when };
}
