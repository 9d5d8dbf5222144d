/**
 * JSON as it was written: values are places in the text, found as they are asked for. Parsing and writing again would
 * round long numbers, sort numeric names and drop double ones; and of a megabyte only what is looked at is taken apart.
 */

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'word';

export interface JsonValue {
  readonly kind: JsonKind;
  /** Where it stands in the text: from its first character to the one after its last. */
  readonly from: number;
  readonly to: number;
  /** How many members it has; of a text, how many characters it is written with. */
  readonly size: number;
}

export interface JsonMember {
  /** The name within an object, the index within an array. */
  readonly name: string;
  readonly value: JsonValue;
}

/** The object or array that a text is, or null where it is something else. */
export function parseJson(text: string): JsonValue | null {
  const from = past(BLANK, text, 0);
  if (text[from] !== '{' && text[from] !== '[') return null;
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  return valueAt(text, from);
}

/** The first members of an object or array. */
export function members(text: string, { kind, from }: JsonValue, most: number): JsonMember[] {
  const found: JsonMember[] = [];
  let at = past(BLANK, text, from + 1);
  while (found.length < most && text[at] !== '}' && text[at] !== ']' && at < text.length) {
    let name = String(found.length);
    if (kind === 'object') {
      const end = pastString(text, at);
      name = decode(text.slice(at, end));
      at = past(COLON, text, end);
    }
    const value = valueAt(text, at);
    found.push({ name, value });
    at = past(COMMA, text, value.to);
  }
  return found;
}

/** More than a line has room for: then what is in it is not looked at. */
const LINE = 4096;
const MEMBERS = 16;

/**
 * An object as a line to be read at a glance: its members without the signs that make it JSON; anything else as it is.
 * Without `named`, values that say something by themselves stand alone.
 */
export function glance(text: string, named = true): string {
  const value = text.length <= LINE ? parseJson(text) : null;
  if (value?.kind !== 'object' || !value.size) return text;
  const parts = members(text, value, MEMBERS).map(({ name, value }) => (named || value.kind === 'word' ? `${name}: ` : '') + copyOf(text, value));
  return [...parts, ...(value.size > MEMBERS ? ['…'] : [])].join(' · ');
}

/** A value as a person would want it on the clipboard: a text without its quotes, anything else as it was written. */
export function copyOf(text: string, { kind, from, to }: JsonValue): string {
  return kind === 'string' ? decode(text.slice(from, to)) : text.slice(from, to);
}

/** The beginning of a string, decoded, of at most about so many characters; no escape is cut in two. */
export function beginning(text: string, { from, to }: JsonValue, most: number): string {
  if (to - from <= most + 2) return decode(text.slice(from, to));
  const cut = text.slice(from, from + 1 + most).replace(/(?<!\\)((?:\\\\)*)\\(?:u[0-9a-fA-F]{0,3})?$/, '$1');
  return decode(`${cut}"`).replace(/[\uD800-\uDBFF]$/, '');
}

/** A JSON pointer (RFC 6901) one step longer. */
export function pointTo(parent: string, name: string): string {
  return `${parent}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

const BLANK = /[ \t\r\n]*/y;
const COLON = /[ \t\r\n]*:?[ \t\r\n]*/y;
const COMMA = /[ \t\r\n]*,?[ \t\r\n]*/y;
const PLAIN = /[^\s,\]}]*/y;

function past(what: RegExp, text: string, at: number): number {
  what.lastIndex = at;
  what.test(text);
  return Math.max(at, what.lastIndex);
}

/** The value that begins here. The text is known to be valid. */
function valueAt(text: string, from: number): JsonValue {
  const first = text[from];
  if (first === '"') {
    const to = pastString(text, from);
    return { kind: 'string', from, to, size: to - from - 2 };
  }
  if (first === '{' || first === '[') return containerAt(text, from, first === '{' ? 'object' : 'array');
  return { kind: first !== undefined && /[-0-9]/.test(first) ? 'number' : 'word', from, to: past(PLAIN, text, from), size: 0 };
}

/** Counts instead of calling itself, so that no depth is too deep. */
function containerAt(text: string, from: number, kind: 'object' | 'array'): JsonValue {
  let depth = 0;
  let commas = 0;
  for (let at = from; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '"') at = pastString(text, at) - 1;
    else if (letter === ',' && depth === 1) commas += 1;
    else if (letter === '{' || letter === '[') depth += 1;
    else if ((letter === '}' || letter === ']') && (depth -= 1) === 0) {
      const empty = past(BLANK, text, from + 1) === at;
      return { kind, from, to: at + 1, size: empty ? 0 : commas + 1 };
    }
  }
  return { kind, from, to: text.length, size: 0 };
}

function pastString(text: string, from: number): number {
  for (let close = text.indexOf('"', from + 1); close >= 0; close = text.indexOf('"', close + 1)) {
    let slashes = 0;
    while (text[close - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return close + 1;
  }
  return text.length;
}

function decode(literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal;
  }
}
