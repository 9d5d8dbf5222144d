/** What a silence made from an alert says. Pure. */
import { secondsUntilMorning } from './format';
import type { AlertView, SilenceMatcher } from './protocol';

export type Scope = 'rule' | 'group' | 'stream';
export type Length = 'hour' | 'tomorrow' | 'own';
export type Unit = 'minutes' | 'hours' | 'days';

/** Seconds. */
export const SHORTEST_S = 60;
export const LONGEST_S = 365 * 86_400;

const SECONDS: Record<Unit, number> = { minutes: 60, hours: 3600, days: 86_400 };

/** A name as a glob that matches nothing else. */
export function literally(name: string): string {
  return name.replace(/[*?[\]{}\\]/g, '\\$&');
}

/** Which alerts: those of the same rule, of its group, or of the whole stream. */
export function matcherOf(scope: Scope, { rule, group, stream }: AlertView): SilenceMatcher {
  return {
    stream: scope === 'stream' ? literally(stream) : null,
    rule: scope === 'stream' ? null : literally(rule),
    group: scope === 'group' ? literally(group) : null,
    text: null,
  };
}

/** For how many seconds; null where no number is given. */
export function secondsOf(length: Length, amount: number | null, unit: Unit, nowMs: number): number | null {
  if (length === 'hour') return 3600;
  if (length === 'tomorrow') return secondsUntilMorning(new Date(nowMs));
  return amount === null || !Number.isFinite(amount) ? null : Math.round(amount * SECONDS[unit]);
}
