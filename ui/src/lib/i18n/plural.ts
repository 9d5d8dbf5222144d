/** How a language counts and lists, by the platform's own rules: plurals, figures, and words in a row. */
import type { Text } from '../protocol';

/** What is said of a count in one of the forms a language has; a function is given the count as it is written. */
type Said = string | ((figure: string) => string);

/** The system's own region where it speaks the same language; it decides how numbers, times and lists are written. */
export function tagOf(language: keyof Text, system: string = navigator.language): string {
  if (system.toLowerCase().startsWith(language)) return system;
  return language === 'zh' ? 'zh-CN' : 'en-GB';
}

/** For a language whose plurals have these forms: one that is left out does not compile. */
export function countingIn<Form extends Intl.LDMLPluralRule>(language: keyof Text) {
  const tag = tagOf(language);
  const rules = new Intl.PluralRules(tag);
  const figures = new Intl.NumberFormat(tag);
  const all = new Intl.ListFormat(tag, { type: 'conjunction' });
  const any = new Intl.ListFormat(tag, { type: 'disjunction' });
  /** With its thousands grouped. */
  const number = (n: number) => figures.format(n);
  return {
    number,
    plural(n: number, forms: Readonly<Record<Form, Said>>): string {
      const said = forms[rules.select(n) as Form];
      return typeof said === 'string' ? said : said(number(n));
    },
    and: (...parts: string[]) => all.format(parts),
    or: (...parts: string[]) => any.format(parts),
  };
}
