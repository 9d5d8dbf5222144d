/** A rule that keeps events of a name from all other rules. Pure. */
import { emptyRule, free } from './rule-draft';
import type { RuleForm, StoredEvent } from './protocol';
import { literally } from './silencing';

/** The longest name a rule can have, in characters. */
const LONGEST_NAME = 64;
/** Room for a number behind it. */
const ROOM = 4;

/**
 * It stops such events. A rule cannot match and make nothing of it, so its alerts are only stored, and as few as can be:
 * one in the longest rest there is.
 */
export function ignoring({ stream, event }: StoredEvent, name: string, taken: readonly string[]): RuleForm {
  const short = [...name].slice(0, LONGEST_NAME - ROOM).join('');
  return emptyRule(free(short, taken), {
    streams: [literally(stream)], events: [literally(event)], stop: true, urgency: 'none', cooldown: '31d', title: name.replace(/[{}%#]/g, ''),
  });
}
