/**
 * WebKit names the POSIX locale `C`, which is no language tag: Intl throws at it, and so does a library that hands it
 * on while it is loaded. To be imported before any such one.
 */
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en', configurable: true });
}
