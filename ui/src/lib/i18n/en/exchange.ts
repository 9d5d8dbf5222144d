/** Words in English: import and export. */
import type { ImportFate, ItemKind } from '../../protocol';
import { plural } from './plural';

const things = (n: number) => plural(n, { one: '1 thing', other: (n) => `${n} things` });

export const exchange = {
  exportTitle: 'Export',
  exportText: 'Exactly as written in your file, comments included. No token or password is in it.',
  kindsLabel: 'What to export',
  kinds: { stream: 'Streams', rule: 'Rules', tile: 'Tiles' } satisfies Record<ItemKind, string>,
  kind: { stream: 'Stream', rule: 'Rule', tile: 'Tile' } satisfies Record<ItemKind, string>,
  all: 'All',
  noneOf: 'None',
  allOf: (which: string, kind: string) => `${kind}: ${which}`,
  exported: 'The exported text',
  download: 'Save as a file',
  savedAs: (path: string) => `Saved as ${path}`,
  notSaved: 'The file could not be saved. Copy the text instead.',
  importTitle: 'Import',
  importText: 'Paste streams, rules or tiles that somebody gave you.',
  file: 'Choose a file',
  tooLong: 'This is too long: a megabyte is the most.',
  nothing: 'There is no stream, rule or tile in it.',
  would: (n: number) => (n ? `This would add ${things(n)}. Nothing of yours is changed.` : 'There is nothing new in it.'),
  done: (n: number) => `${things(n)} added.`,
  fates: { added: 'new', present: 'already there', clash: 'left out: you have another of this name' } satisfies Record<ImportFate, string>,
  reaching: 'Starts a program, reads a secret of this computer or talks to a socket of it',
  asks: 'You are asked about each marked one before anything is added.',
  apply: (n: number) => (n ? `Add ${things(n)}` : 'Add'),
};
