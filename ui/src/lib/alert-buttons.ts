/** The buttons of an alert: those of its rule first, in their order and with their words, then what else can be done. Pure. */
import type { ButtonForm, ButtonKind, RuleView } from './protocol';

export interface AlertButton {
  readonly kind: Exclude<ButtonKind, 'open-dashboard'>;
  /** What it says, where the rule says so. */
  readonly label: string | null;
  /** For how long it silences, in seconds. */
  readonly seconds: number;
}

const HOUR_S = 3600;
const USUAL: readonly AlertButton['kind'][] = ['acknowledge', 'open-link', 'copy-value', 'mute-rule'];
const UNITS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: HOUR_S, d: 24 * HOUR_S };

export function buttonsOf(rules: readonly RuleView[], rule: string): AlertButton[] {
  const own = (rules.find(({ name }) => name === rule)?.form.buttons ?? []).flatMap(button);
  const rest = USUAL.filter((kind) => !own.some((one) => one.kind === kind));
  return [...own, ...rest.map((kind) => ({ kind, label: null, seconds: HOUR_S }))];
}

function button({ kind, label, length }: ButtonForm): AlertButton[] {
  return kind === 'open-dashboard' ? [] : [{ kind, label, seconds: secondsIn(length) ?? HOUR_S }];
}

/** A length as the file has it: `30m`, `2h`; null where it is none. */
export function secondsIn(length: string | null): number | null {
  const [, number, unit] = /^(\d+)(ms|[smhd])$/.exec(length ?? '') ?? [];
  return number && unit ? Math.round(Number(number) * (UNITS[unit] ?? 0)) || null : null;
}
