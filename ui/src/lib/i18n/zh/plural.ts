/** How Chinese counts and lists: a word is the same for one and for many. */
import { countingIn } from '../plural';

export const { number, and, or } = countingIn<'other'>('zh');

/** Those of which there are any. */
export const rulesAndTiles = (rules: number, tiles: number) => [rules ? `${number(rules)} 条规则` : '', tiles ? `${number(tiles)} 块磁贴` : ''].filter(Boolean).join('、');
