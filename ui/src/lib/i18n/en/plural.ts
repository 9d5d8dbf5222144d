/** How English counts and lists. */
import { countingIn } from '../plural';

export const { number, plural, and, or } = countingIn<'one' | 'other'>('en');

export const events = (n: number) => plural(n, { one: '1 event', other: (n) => `${n} events` });
const rules = (n: number) => plural(n, { one: '1 rule', other: (n) => `${n} rules` });
const tiles = (n: number) => plural(n, { one: '1 tile', other: (n) => `${n} tiles` });

/** Those of which there are any. */
export const rulesAndTiles = (ruling: number, showing: number) => and(...[ruling ? rules(ruling) : '', showing ? tiles(showing) : ''].filter(Boolean));
