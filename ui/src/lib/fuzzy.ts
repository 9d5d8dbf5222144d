/** Finds what somebody means by a few letters. Pure. */

export interface Match {
  /** The greater, the better. */
  readonly score: number;
  /** Which letters of the text were meant. */
  readonly letters: readonly number[];
}

const RUN = 6;
const WORD = 8;
const START = 6;
/** More than scattered letters can gain by where the first of them stands. */
const WHOLE = START + WORD;
const LATE = 0.2;
const LONGER = 0.05;
/** Letters apart are looked for in so much of a text. */
const LONGEST = 300;

/**
 * How well a text is meant by what was typed: all its words must be in it, in any order, each in a row or, without
 * `whole`, with its letters apart. Letters in a row and at the beginnings of words count for more. Null where it is not
 * meant.
 */
export function match(text: string, typed: string, whole = false): Match | null {
  const lower = text.toLowerCase();
  const found = typed.toLowerCase().split(/\s+/).filter(Boolean).map((word) => matchWord(lower, word, whole));
  if (found.some((one) => one === null)) return null;
  const score = found.reduce((sum, one) => sum + (one?.score ?? 0), 0) - text.length * LONGER;
  return { score, letters: [...new Set(found.flatMap((one) => one?.letters ?? []))].sort((one, other) => one - other) };
}

/** The word as it stands where it does, at the beginning of a word if it can; else its letters apart. */
function matchWord(text: string, word: string, whole: boolean): Match | null {
  const place = [...places(text, word)].sort((one, other) => bonus(text, other) - bonus(text, one) || one - other)[0];
  const letters = place !== undefined ? Array.from({ length: word.length }, (_, at) => place + at) : whole ? null : scattered(text, word);
  if (!letters) return null;
  let score = place === undefined ? 0 : WHOLE;
  letters.forEach((at, nth) => {
    score += 1 + bonus(text, at) - at * LATE * (nth === 0 ? 1 : 0);
    if (nth && letters[nth - 1] === at - 1) score += RUN;
  });
  return { score, letters };
}

function* places(text: string, word: string): Generator<number> {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) yield at;
}

/**
 * The letters where they are apart: each begins a word or is in the word of the one before, so that what was meant is
 * told by a few letters, and nothing else happens to have them. Beginnings of words come first.
 */
function scattered(text: string, word: string): number[] | null {
  const within = text.slice(0, LONGEST);
  const begins = Array.from(within, (_, at) => at).filter((at) => bonus(within, at) > 0);
  /** From which letter on there is nothing after which place. */
  const hopeless = new Set<string>();
  const find = (nth: number, after: number): number[] | null => {
    if (nth === word.length) return [];
    const key = `${nth} ${after}`;
    if (hopeless.has(key)) return null;
    const next = nth ? within.indexOf(word[nth]!, after + 1) : -1;
    const isSameWord = next >= 0 && !begins.some((at) => at > after && at <= next);
    const places = begins.filter((at) => at > after && within[at] === word[nth]);
    for (const at of isSameWord ? [...places, next] : places) {
      const rest = find(nth + 1, at);
      if (rest) return [at, ...rest];
    }
    hopeless.add(key);
    return null;
  };
  return find(0, -1);
}

function bonus(text: string, at: number): number {
  if (at === 0) return WORD + START;
  return /[\s\p{P}\p{S}]/u.test(text[at - 1] ?? '') ? WORD : 0;
}

/** A text in runs of letters that were meant and letters that were not. */
export function runs(text: string, letters: readonly number[]): [text: string, meant: boolean][] {
  const meant = new Set(letters);
  const found: [string, boolean][] = [];
  for (let at = 0; at < text.length; at += 1) {
    const last = found.at(-1);
    if (last && last[1] === meant.has(at)) last[0] += text[at];
    else found.push([text[at] ?? '', meant.has(at)]);
  }
  return found;
}
