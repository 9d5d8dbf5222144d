/** Takes out of a text what looks like a secret by the name it stands under. Pure. */

/** Names of what is secret, as a part of a longer one. */
const SECRET = /auth|cookie|token|secret|passw|^pass$|^pwd$|credential|session|signature|key(?!ring)|^sig$/i;

/** `Name: value`, `"name": "value"` or `name = "value"`. */
const NAMED = /(["']?)([\w.-]+)\1(\s*[:=]\s*)("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s"'{[,}\]][^\n]*)/g;

/** A text of headers, JSON or TOML without the values of such names. Pointers and addresses, which say where one is, stay. */
export function redacted(text: string): string {
  return text.replaceAll(NAMED, (all, quote: string, name: string, between: string, value: string) => {
    const bare = value.replace(/^["']/, '');
    if (!SECRET.test(name) || bare.startsWith('/')) return all;
    if (/^https?:/.test(bare)) return `${quote}${name}${quote}${between}${value.slice(0, value.length - bare.length)}${redactedUrl(bare)}`;
    return `${quote}${name}${quote}${between}${/^["']/.test(value) ? `${value[0]}${value[0]}` : ''}`;
  });
}

/** An address without a password and without the values of such parameters. */
export function redactedUrl(url: string): string {
  return url
    .replace(/^([a-z][\w+.-]*:\/\/)[^/?#@]*@/i, '$1')
    .replaceAll(/([?&;])([^=&#;]*)=([^&#;]*)/g, (all, mark: string, name: string) => (SECRET.test(name) ? `${mark}${name}=` : all));
}
