/** A rule between the form a person fills in and the one the resident takes. Pure. */
import type { FieldForm, RuleForm, TestForm, TriggerForm } from './protocol';
import { literally } from './silencing';
import { typedNumber } from './typed-number';

/** How a field is compared. `is` takes several, of which one must hold. */
export const COMPARISONS = ['is', '!=', '>', '>=', '<', '<='] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** One field and what it must be, as it stands in a row of the form. */
export interface FieldRow {
  pointer: string;
  comparison: Comparison;
  /** Of `is` there can be several, with commas between. */
  value: string;
}

export function emptyRule(name = '', part: Partial<RuleForm> = {}): RuleForm {
  return {
    name, enabled: true, preset: null, streams: [], events: [], fields: [], text: [], when: null, trigger: { trigger: 'each' }, cooldown: null, stop: false, ignore: false,
    resolvedWhen: null, resolved: null, resolves: [], title: null, body: null, urgency: null, group: null, link: null, throttle: null, quietHours: null,
    expires: null, sound: null, icon: null, timeout: null, buttons: null, run: [], ...part,
  };
}

/** What a trigger begins with when it is chosen. */
export function emptyTrigger(kind: TriggerForm['trigger'], value = ''): TriggerForm {
  switch (kind) {
    case 'each':
      return { trigger: 'each' };
    case 'crosses':
      return { trigger: 'crosses', value, side: 'above', threshold: 0, rearm: null };
    case 'change':
      return { trigger: 'change', value, by: '3%', within: '1h', rearm: null };
    case 'expect-within':
      return { trigger: 'expect-within', within: '26h' };
    case 'expect-by':
      return { trigger: 'expect-by', by: '03:30', from: null, days: [], timeZone: null };
  }
}

/** The names or globs in a text with commas between them. */
export function listed(text: string): string[] {
  return text.split(',').map((one) => one.trim()).filter(Boolean);
}

// In a pattern a comma belongs to what is escaped, to a class and to alternatives.
const WHOLE = String.raw`\\.|\[[^\]]*\]|\{[^}]*\}`;

/** The patterns in a text with commas between them; a comma of a name itself is written `\,`. */
export function patternsIn(text: string): string[] {
  const found = text.match(new RegExp(`(?:${WHOLE}|[^,])+`, 'g')) ?? [];
  return found.map((one) => one.trim().replace(new RegExp(WHOLE, 'g'), (part) => (part === '\\,' ? ',' : part))).filter(Boolean);
}

/** Such a text of patterns. */
export function withCommas(patterns: readonly string[]): string {
  return patterns.map((one) => one.replace(new RegExp(`${WHOLE}|,`, 'g'), (part) => (part === ',' ? '\\,' : part))).join(', ');
}

/** The same with a line for each. */
export function lined(text: string): string[] {
  return text.split('\n').map((one) => one.trim()).filter(Boolean);
}

/** A field as a row; null where the row cannot say it: several comparisons at once. */
export function toRow({ pointer, tests }: FieldForm): FieldRow | null {
  const [only] = tests;
  const sign = typeof only === 'string' ? /^(!=|>=|<=|>|<)\s*/.exec(only) : null;
  if (sign && typeof only === 'string') {
    const [comparison, value] = [sign[1] as Comparison, only.slice(sign[0].length).trim()];
    // Of what is not a number, an empty text stands in quotes, as everywhere.
    if (tests.length > 1 || value === '""') return null;
    return { pointer, comparison, value: comparison === '!=' && !value ? '""' : value };
  }
  if (tests.some((test) => typeof test === 'string' && /^[<>=!]|"/.test(test))) return null;
  return { pointer, comparison: 'is', value: tests.map(written).join(', ') };
}

export function toField({ pointer, comparison, value }: FieldRow): FieldForm {
  return { pointer: pointed(pointer), tests: comparison === 'is' ? valuesIn(value).map(read) : [`${comparison} ${right(comparison, value.trim())}`.trim()] };
}

/** The values in a text with commas between them; one with a comma in it stands in quotes; a quote within one is a part of it. */
function valuesIn(text: string): string[] {
  const found = text.match(/\s*"[^"]*"\s*(?=,|$)|[^,]+/g) ?? [];
  return found.map((one) => one.trim()).filter(Boolean);
}

/** A field is named by its pointer; without its slash it is meant so too. */
export function pointed(text: string): string {
  const pointer = text.trim();
  return pointer && !pointer.startsWith('/') ? `/${pointer}` : pointer;
}

/** What stands behind a comparison: what is over or under something is a number, however it was typed. */
function right(comparison: Comparison, value: string): string {
  if (comparison === '!=') return value === '""' ? '' : value;
  return Number.isNaN(Number(value)) ? String(typedNumber(value) ?? value) : value;
}

/** Digits, `true` and `false` are no text, unless they stand in quotes. */
function read(word: string): TestForm {
  if (word === 'true' || word === 'false') return word === 'true';
  const quoted = /^"(.*)"$/.exec(word);
  if (quoted) return quoted[1] ?? '';
  return isNumber(word) ? Number(word) : word;
}

function written(test: TestForm): string {
  if (typeof test !== 'string') return String(test);
  return test === '' || test === 'true' || test === 'false' || isNumber(test) || test.includes(',') ? `"${test}"` : test;
}

/** Only what comes back as it was written: `007` and numbers too long for the page stay text. */
function isNumber(word: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(word) && String(Number(word)) === word;
}

/** What of an event's data can be named: pointer, template path and a value to recognise it by. */
export interface Place {
  pointer: string;
  /** As a template says it, such as `data.price`. */
  path: string;
  value: string;
}

const MOST_PLACES = 40;
const DEEPEST = 4;

/** The single values in an event's JSON, in their order; none where it is no JSON of an object. */
export function placesOf(data: string): Place[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(data);
  } catch {
    return [];
  }
  const found: Place[] = [];
  walk(parsed, '', 'data', 0, found);
  return found;
}

function walk(value: unknown, pointer: string, path: string, depth: number, found: Place[]): void {
  if (found.length >= MOST_PLACES || depth > DEEPEST) return;
  if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      const step = Array.isArray(value) ? `[${key}]` : /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
      walk(inner, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, path + step, depth + 1, found);
    }
  } else if (pointer) {
    found.push({ pointer, path, value: String(value) });
  }
}

/** Of so many values of a field a choice is offered, each of so many characters at the most. */
const MOST_VALUES = 20;
const LONGEST_VALUE = 100;

/** What the single values in some events' JSON were, by pointer: each once, in the order in which they came. */
export function valuesOf(events: readonly { data: string }[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const { data } of events) {
    for (const { pointer, value } of placesOf(data)) {
      const values = found.get(pointer) ?? new Set();
      if (value !== '' && values.size < MOST_VALUES && value.length <= LONGEST_VALUE) found.set(pointer, values.add(value));
    }
  }
  return new Map([...found].map(([pointer, values]) => [pointer, [...values]]));
}

/** A rule's name has 64 characters at the most; some are left for a number behind it. */
const LONGEST_NAME = 60;
const TITLES = ['title', 'subject', 'summary', 'name', 'symbol', 'id'];
const BODIES = ['message', 'text', 'body', 'description', 'content', 'status'];

/** A rule that tells of each event of one name, with texts that fit the data it was seen with. */
export function suggestRule(stream: string, event: string, data: string, taken: readonly string[]): RuleForm {
  const places = placesOf(data);
  const of = (keys: readonly string[]) => keys.map((key) => places.find(({ pointer }) => pointer === `/${key}`)).find((place) => place !== undefined);
  const [head, text] = [of(TITLES), of(BODIES)];
  const name = [...`${stream}: ${event}`].slice(0, LONGEST_NAME).join('').trim();
  return emptyRule(free(name, taken), {
    streams: [literally(stream)],
    events: [literally(event)],
    title: head ? `{{ ${head.path} }}` : null,
    body: text ? `{{ ${text.path} }}` : null,
  });
}

/** A name that no other has. */
export function free(name: string, taken: readonly string[]): string {
  let found = name;
  for (let n = 2; taken.includes(found); n += 1) found = `${name} ${n}`;
  return found;
}
