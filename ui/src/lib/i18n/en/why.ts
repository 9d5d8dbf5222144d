import type { RuleVerdict } from '../../protocol';

export const why = {
  title: 'Why?',
  none: 'No rule was asked: nothing of the event itself is stored, or nothing came and that was the alert.',
  changed: (rules: string) => `Judged otherwise when it came (rules were changed since, or remembered more): ${rules}`,
  holds: 'holds',
  fails: 'does not hold',
  verdicts: {
    off: 'is switched off',
    muted: 'does not look at this stream',
    stopped: 'was not asked: a rule before it stops such events',
    unmatched: 'does not match',
    quiet: 'matches, and has nothing to tell',
    fired: 'fires',
    resolved: 'what it told of is over',
    failed: 'failed',
  } satisfies Record<RuleVerdict, string>,
};
