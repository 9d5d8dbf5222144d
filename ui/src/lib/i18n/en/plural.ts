/** How English counts and lists. */
import { countingIn } from '../plural';

export const { number, plural, and, or } = countingIn<'one' | 'other'>('en');

export const events = (n: number) => plural(n, { one: '1 event', other: (n) => `${n} events` });
