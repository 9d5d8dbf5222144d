/** A number as a person types it: a comma groups thousands, in English as in Chinese, and is no point. Pure. */

/** What a text says as a number; null where it says none. Digits and signs of full width, as Chinese input types them, are meant too. */
export function typedNumber(text: string): number | null {
  const typed = text.trim().normalize('NFKC');
  const plain = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(typed) ? typed.replaceAll(',', '') : typed;
  const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
  return Number.isFinite(number) ? number : null;
}
