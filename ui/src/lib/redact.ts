/** Takes out of addresses and headers what looks like a secret by the name it stands under. Pure. */

/** Names of what is secret, as a part of a longer one. */
const SECRET = /auth|cookie|token|secret|passw|credential|session|signature|(api|access|private)[-_]?key|(^|[-_])(key|sig|pass|pwd)$|key$/i;

/** Lines of headers, those of such names without their values. */
export function redactedHeaders(text: string): string {
  return text.replaceAll(/^([^:\n]*)(?::.*)?$/gm, (line, name: string) => (SECRET.test(name.trim()) ? `${name}: ` : line));
}

/** An address without a password and without the values of such parameters. */
export function redactedUrl(url: string): string {
  return url
    .replace(/^([a-z][\w+.-]*:\/\/)[^/?#]*@/i, '$1')
    .replaceAll(/([?&;#])([^=&;#?]*)=([^&;#]*)/g, (all, mark: string, name: string) => (SECRET.test(name) ? `${mark}${name}=` : all));
}
