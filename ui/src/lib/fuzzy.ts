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

/**
 * How well a text is meant by what was typed: all its words must be in it, in any order, each with its letters in
 * order; with `whole`, in a row. Letters in a row and at the beginnings of words count for more. Null where it is not
 * meant.
 */
export function match(text: string, typed: string, whole = false): Match | null {
  const lower = text.toLowerCase();
  const found = typed.toLowerCase().split(/\s+/).filter(Boolean).map((word) => matchWord(lower, word, whole));
  if (found.some((one) => one === null)) return null;
  const score = found.reduce((sum, one) => sum + (one?.score ?? 0), 0) - text.length * LONGER;
  return { score, letters: [...new Set(found.flatMap((one) => one?.letters ?? []))].sort((one, other) => one - other) };
}

/** The word as it stands where it does, at the beginning of a word if it can; else its letters wherever they are. */
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

/** Each letter as early as it can be, but at the beginning of a word where there is one. */
function scattered(text: string, word: string): number[] | null {
  const letters: number[] = [];
  let from = 0;
  for (const letter of word.split('')) {
    const next = text.indexOf(letter, from);
    if (next < 0) return null;
    const begins = [...places(text.slice(from), letter)].map((at) => at + from).find((at) => bonus(text, at) > 0);
    // The beginning of a word only where the rest can still be found after it.
    const at = begins !== undefined && rest(text, begins + 1, word.slice(letters.length + 1)) ? begins : next;
    letters.push(at);
    from = at + 1;
  }
  return letters;
}

function rest(text: string, from: number, word: string): boolean {
  for (const letter of word) {
    const at = text.indexOf(letter, from);
    if (at < 0) return false;
    from = at + 1;
  }
  return true;
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
