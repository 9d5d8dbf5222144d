/** How Chinese counts and lists: a word is the same for one and for many. */
import { countingIn } from '../plural';

export const { number, and, or } = countingIn<'other'>('zh');
