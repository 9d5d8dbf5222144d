/** A moment as it is written in a field for a day and a time of day, to the second. */

/** The moment in the time zone of this machine. */
export function localMoment(atMs: number): string {
  const at = new Date(atMs);
  const two = (part: number) => String(part).padStart(2, '0');
  const day = [String(at.getFullYear()).padStart(4, '0'), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${day}T${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')}`;
}

/** The end of the second that was written; null where it is none. A browser without such a field lets anything be typed. */
export function readMoment(text: string): number | null {
  const written = /^(\d{4}-\d\d-\d\d)[T ]+(\d\d:\d\d(?::\d\d)?)(?:\.\d+)?$/.exec(text.trim());
  const atMs = written ? new Date(`${written[1]}T${written[2]}`).getTime() : NaN;
  return Number.isNaN(atMs) ? null : Math.floor(atMs / 1000) * 1000 + 999;
}
