/**
 * What can be done with each of many things of one kind, such as a thousand streams. A command is only made of one where
 * it may be meant: to make and weigh all of them with each letter that is typed would take longer than a frame. Pure.
 */
import type { Command, Kind } from './palette';

export interface Verb<T> {
  readonly id: string;
  /** What that is called, with a thing of a certain name. */
  readonly say: (name: string) => string;
  /** Whether it can be done with a thing now; with all where this is not given. */
  readonly can?: (thing: T) => boolean;
  readonly run: (thing: T) => void;
}

export interface Thing {
  /** Tells it from all others of its kind. */
  readonly id: string;
  readonly name: string;
  /** What it is also found by. */
  readonly also: string;
}

/** The commands of one kind that may be meant. */
export interface Meant {
  readonly count: number;
  /** The most likely of them, and how many of the words are in the name of the thing itself. */
  readonly likely: readonly { readonly rank: number; readonly command: Command }[];
}

export interface Things {
  /** What can be done with each, one thing after the other; made while it is asked for. */
  all(): Iterable<Command>;
  /** What has each of the words in the thing or in the verb; so many of it at most. */
  meant(words: readonly string[], most: number): Meant;
}

export function things<T extends Thing>(kind: Kind, list: readonly T[], verbs: readonly Verb<T>[]): Things {
  const command = (thing: T, { id, say, run }: Verb<T>): Command => ({ id: `${id} ${thing.id}`, kind, name: say(thing.name), also: thing.also, run: () => run(thing) });
  const can = (thing: T, verb: Verb<T>) => verb.can?.(thing) ?? true;

  function* all(): Generator<Command> {
    for (const thing of list) for (const verb of verbs) if (can(thing, verb)) yield command(thing, verb);
  }

  function meant(words: readonly string[], most: number): Meant {
    const every = 2 ** words.length - 1;
    const inVerb = verbs.map(({ say }) => bits(words, say('').toLowerCase(), isIn));
    const ranked: [T, Verb<T>][][] = words.map(() => []).concat([[]]);
    let count = 0;
    for (const thing of list) {
      const name = thing.name.toLowerCase();
      const inThing = bits(words, name, isIn) | bits(words, thing.also.toLowerCase(), has);
      const found = verbs.filter((verb, nth) => (inThing | inVerb[nth]!) === every && can(thing, verb));
      const likely = ranked[words.filter((word) => has(name, word)).length]!;
      if (likely.length < most) likely.push(...found.map((verb): [T, Verb<T>] => [thing, verb]));
      count += found.length;
    }
    const best = ranked.map((pairs, rank) => pairs.map((pair) => ({ rank, pair }))).reverse().flat().slice(0, most);
    return { count, likely: best.map(({ rank, pair: [thing, verb] }) => ({ rank, command: command(thing, verb) })) };
  }

  return { all, meant };
}

/** The most words that are looked at; more are not typed. */
const MOST_WORDS = 30;

/** What was typed, in words that can each be in a thing or in a verb: without quotation marks, and each Chinese character a word. */
export function wordsOf(typed: string): string[] {
  return (typed.toLowerCase().match(/\p{Script=Han}|[^\p{Script=Han}\s“”"]+/gu) ?? []).slice(0, MOST_WORDS);
}

/** Which of the words are in a text, a bit each. */
function bits(words: readonly string[], text: string, isThere: (text: string, word: string) => boolean): number {
  return words.reduce((sum, word, at) => (isThere(text, word) ? sum | (1 << at) : sum), 0);
}

function has(text: string, word: string): boolean {
  return text.includes(word);
}

/** Whether all letters of a word are there, in their order. */
function isIn(text: string, word: string): boolean {
  let at = -1;
  for (const letter of word) {
    at = text.indexOf(letter, at + 1);
    if (at < 0) return false;
  }
  return true;
}
