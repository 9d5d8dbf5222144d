/** The language before the page has chosen one, and after it has stopped. */
import type { Language } from './i18n/locale.svelte';

/**
 * WebKit names the POSIX locale `C`, which is no language tag: Intl throws at it, and so does a library that hands it
 * on while it is loaded. English stands in for it.
 */
export function settleLanguage(): void {
  try {
    Intl.getCanonicalLocales(navigator.language);
  } catch {
    Object.defineProperty(navigator, 'language', { value: 'en', configurable: true });
  }
}

/** The language that the page was shown in; where it was not, that of the system. */
export function languageOf(page: Document, system: string = navigator.language): Language {
  const { dataset, lang } = page.documentElement;
  return (dataset.theme ? lang : system).toLowerCase().startsWith('zh') ? 'zh' : 'en';
}
