/** What a silence says, and what is silent. Pure. */
import { secondsUntilMorning } from './format';
import type { Words } from './i18n/en';
import type { AlertView, SilenceMatcher, SilenceView, Snapshot, StreamPauseView } from './protocol';

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
export function matcherOf(scope: Scope, { rule, group, stream }: Pick<AlertView, Scope>): SilenceMatcher {
  return {
    stream: scope === 'stream' ? literally(stream) : null,
    rule: scope === 'stream' ? null : literally(rule),
    group: scope === 'group' ? literally(group) : null,
    text: null,
  };
}

/** All alerts of one rule, whatever its name has in it. */
export const ofRule = (rule: string): SilenceMatcher => matcherOf('rule', { rule, group: '', stream: '' });

/** All alerts of one stream. */
export const ofStream = (stream: string): SilenceMatcher => matcherOf('stream', { rule: '', group: '', stream });

/** What keeps a rule or a stream silent as a whole. What silences others with it, or a part of it, is not among it. */
export interface Silent {
  /** When the last of it ends; null where somebody must end it. */
  readonly untilMs: number | null;
  readonly silences: readonly SilenceView[];
  readonly pause: StreamPauseView | null;
}

export function silentRule(rule: string, snapshot: Snapshot | null, nowMs: number): Silent | null {
  return silent(ofRule(rule), null, snapshot, nowMs);
}

export function silentStream(stream: string, snapshot: Snapshot | null, nowMs: number): Silent | null {
  return silent(ofStream(stream), stream, snapshot, nowMs);
}

function silent(matcher: SilenceMatcher, stream: string | null, snapshot: Snapshot | null, nowMs: number): Silent | null {
  const lasts = ({ untilMs }: { untilMs: number | null }) => untilMs === null || untilMs > nowMs;
  const silences = snapshot?.silences.filter((one) => same(one.matcher, matcher) && lasts(one)) ?? [];
  const pause = snapshot?.streamPauses.find((one) => one.stream === stream && lasts(one)) ?? null;
  if (!silences.length && !pause) return null;
  const untilMs = pause?.untilMs === null ? null : Math.max(pause?.untilMs ?? 0, ...silences.map((one) => one.untilMs));
  return { untilMs, silences, pause };
}

/** What a silence is about, in words. */
export function about({ stream, rule, group, text }: SilenceMatcher, t: Words['quiet']): string {
  const parts = [stream && t.of(t.stream, stream), rule && t.of(t.rule, rule), group && t.of(t.group, group), text && t.quoted(text)];
  return t.list(...parts.filter((part) => !!part).map(String));
}

function same(one: SilenceMatcher, other: SilenceMatcher): boolean {
  return one.stream === other.stream && one.rule === other.rule && one.group === other.group && one.text === other.text;
}

/** For how many seconds; null where no number is given. */
export function secondsOf(length: Length, amount: number | null, unit: Unit, nowMs: number): number | null {
  if (length === 'hour') return 3600;
  if (length === 'tomorrow') return secondsUntilMorning(new Date(nowMs));
  return amount === null || !Number.isFinite(amount) ? null : Math.round(amount * SECONDS[unit]);
}

/** Why so long is not taken; empty where it is. */
export function faultOf(seconds: number | null, words: { tooShort: string; tooLong: string }): string {
  if (seconds === null || seconds < SHORTEST_S) return words.tooShort;
  return seconds > LONGEST_S ? words.tooLong : '';
}
