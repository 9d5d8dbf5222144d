/** Words in English: a tile's form. */
import { number } from './plural';

export const tileForm = {
  add: 'Add a tile',
  addShort: 'Tile',
  edit: 'Edit the tile',
  explain: 'A tile shows a live value under Now, one for each key that appears.',
  empty: 'No tile yet.',
  emptyText: 'A tile shows a value that events bring, such as a price or a temperature, with its course.',
  title: (value: string, key: string) => (key ? `${value}, one for each ${key}` : value),
  from: (event: string, stream: string) => `${event} · ${stream}`,
  event: 'Event',
  value: 'Value',
  valueHint: 'The field with the number.',
  key: 'One tile for each',
  keyHint: 'The field that says what the value is of, such as a symbol or a sensor.',
  change: 'Change in percent',
  changeHint: 'Only where the server sends it. Empty: counted from the first value of the day.',
  unit: 'Unit',
  unitHint: 'What stands behind the number, such as °C, % or W.',
  label: 'Label',
  labelHint: 'What the value is, such as Temperature: beside the key, or in place of the event’s name.',
  wrong: {
    slash: 'A field starts with “/”, as in /price.',
    tilde: 'In a field, ~ is written ~0, and a / in a name ~1.',
    longUnit: 'A unit has at most 12 characters.',
    longLabel: 'A label has at most 60 characters.',
  },
  sample: 'The newest such event',
  saved: 'The tile was saved',
  removed: 'The tile was removed',
  moved: (place: number, of: number) => `The tile is now ${number(place)} of ${number(of)}`,
};
