/** The line of a tile: its recent values from edge to edge, broken where nothing is known of them. Pure. */

/** The path of SVG for values in a box, null where the line breaks; what is alone between breaks is a dot. Empty where there is no line. */
export function sparkPath(values: readonly (number | null)[], width: number, height: number, inset: number): string {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return '';
  const least = Math.min(...known);
  const span = Math.max(...known) - least || 1;
  const step = width / (values.length - 1);
  const y = (value: number) => height - inset - ((value - least) / span) * (height - 2 * inset);
  const at = (value: number, place: number) => `${(place * step).toFixed(1)},${y(value).toFixed(1)}`;
  const drawn = values.map((value, place) => {
    if (value === null) return '';
    if (typeof values[place - 1] === 'number') return `L${at(value, place)}`;
    return `M${at(value, place)}${typeof values[place + 1] === 'number' ? '' : 'h0'}`;
  });
  return drawn.join('');
}
