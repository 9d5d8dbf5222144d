/** Any text as a part of an element's id: an id may have no blank, and a name that a server makes up may have anything. */
export function idOf(text: string): string {
  return text.replace(/[^0-9A-Za-z-]/g, (unit) => `_${unit.charCodeAt(0).toString(16)}_`);
}
