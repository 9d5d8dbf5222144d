/** How the command palette finds what was meant among all that can be done. Pure. */
import { match } from './fuzzy';
import { wordsOf, type Things } from './things';

export type Kind = 'view' | 'action' | 'stream' | 'rule' | 'tile' | 'value' | 'alert' | 'setting';

export interface Command {
  /** What it does, and after a space to what: no two commands have the same. */
  readonly id: string;
  readonly kind: Kind;
  readonly name: string;
  /** What it is also found by. */
  readonly also?: string | undefined;
  /** The keys that do the same. */
  readonly keys?: string | undefined;
  readonly run: () => void;
}

/** One command, or those of many things. */
export type Offer = Command | Things;

export interface Hit {
  readonly command: Command;
  /** Which letters of the name were meant. */
  readonly letters: readonly number[];
}

export interface Found {
  /** The best first, at most {@link MOST_HITS}. */
  readonly hits: readonly Hit[];
  /** How many there are; null where there are more than are listed, and nobody counted them. */
  readonly all: number | null;
}

/** The most that are listed at once. */
export const MOST_HITS = 60;
/** The most commands of many things that are weighed against each other. */
const MOST_WEIGHED = 3 * MOST_HITS;

/** What is found by other words counts for less than what is found by its name. */
const ALSO = 20;

/** The commands that are meant by what was typed; all in their own order where nothing was. */
export function find(offers: readonly Offer[], typed: string): Found {
  return typed.trim() ? meant(offers, typed) : first(offers);
}

function first(offers: readonly Offer[]): Found {
  const hits: Hit[] = [];
  for (const offer of offers) {
    for (const command of isOne(offer) ? [offer] : offer.all()) {
      if (hits.length === MOST_HITS) return { hits, all: null };
      hits.push({ command, letters: [] });
    }
  }
  return { hits, all: hits.length };
}

function meant(offers: readonly Offer[], typed: string): Found {
  const words = wordsOf(typed);
  const ofMany = offers.flatMap((offer) => (isOne(offer) ? [] : [offer.meant(words, MOST_WEIGHED)]));
  const weighed = ofMany.flatMap(({ likely }) => likely).sort((one, other) => other.rank - one.rank).slice(0, MOST_WEIGHED);
  const others = ofMany.reduce((sum, { count }) => sum + count, 0) - weighed.length;
  const commands = [...offers.filter(isOne), ...weighed.map(({ command }) => command)];
  const found = commands.flatMap((command) => {
    const named = match(command.name, typed);
    const other = named ? null : match(`${command.name} ${command.also ?? ''}`, typed, true);
    if (!named && !other) return [];
    return [{ command, letters: named?.letters ?? [], score: named?.score ?? other!.score - ALSO }];
  });
  const hits = found.sort((one, other) => other.score - one.score).slice(0, MOST_HITS);
  return { hits, all: found.length + others };
}

function isOne(offer: Offer): offer is Command {
  return 'run' in offer;
}
