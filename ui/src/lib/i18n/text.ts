/** Texts that the resident makes, in every language. */
import type { Text } from '../protocol';

/** What is the same in every language: what a server says, a name, or nothing. */
export function plain(text: string): Text {
  return { en: text, zh: text };
}
