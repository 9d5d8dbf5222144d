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
