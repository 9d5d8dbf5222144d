/** Words in English: why an alert was shown or not. */
import type { Awaited, RuleVerdict } from '../../protocol';
import { and } from './plural';

export const why = {
  title: 'Why?',
  waits: {
    turn: (time: string) => `Waits for its turn, ${time} at the latest: too many came in a short time, or they are told together.`,
    desktop: () => 'Was just given to the desktop.',
    daemon: (_time: string, message: string) => `Waits for a notification daemon: ${message}`,
  } satisfies Record<Awaited, (time: string, message: string) => string>,
  none: 'No rule was asked: nothing of the event itself is stored, or nothing came and that was the alert.',
  changed: (...rules: string[]) => `Judged otherwise when it came (rules were changed since, or remembered more): ${and(...rules)}`,
  holds: 'holds',
  fails: 'does not hold',
  stoppedBy: (rule: string) => `was not asked: “${rule}” keeps such events from it`,
  verdicts: {
    off: 'is switched off',
    muted: 'does not look at this stream',
    stopped: 'was not asked: a rule before it stops such events',
    ignored: 'ignores it: no alert, and no later rule is asked',
    unmatched: 'does not match',
    quiet: 'matches, and has nothing to tell',
    fired: 'fires',
    resolved: 'what it told of is over',
    failed: 'failed',
  } satisfies Record<RuleVerdict, string>,
};
