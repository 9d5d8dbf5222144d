/** What a fault of the page itself says to who mends it: no address, no event and no secret is asked for it. */

const LONGEST = 4000;

export interface Place {
  /** Which part of the page. */
  readonly where: string;
  /** The version of Streambell, if it is known. */
  readonly version: string | undefined;
  readonly language: string;
}

/** The report as text, a line each. */
export function reportOf(thrown: unknown, { where, version, language }: Place, atMs: number, agent: string): string {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const stack = error.stack?.includes(error.message) ? error.stack : `${error.name}: ${error.message}\n${error.stack ?? ''}`;
  return [`Streambell ${version ?? '?'}`, `part: ${where}`, `at: ${new Date(atMs).toISOString()}`, `language: ${language}`, `browser: ${agent}`, '', stack.trim().slice(0, LONGEST)].join('\n');
}
