/** Words in English: JSON shown as a tree. */
import { number, plural } from './plural';

export const json = {
  fold: 'Fold and unfold',
  copyData: 'Copy data',
  copyValue: 'Copy value',
  copyPointer: 'Copy pointer',
  copiedValue: 'Copied',
  copiedPointer: 'Pointer copied',
  pointerHint: 'Where this value stands; rules and tiles find it by this pointer.',
  whole: 'Choose a value to see its pointer.',
  open: 'Open',
  nothing: 'It carried no data.',
  more: (n: number, characters: boolean) =>
    characters ? plural(n, { one: 'Show more (1 character left)', other: (n) => `Show more (${n} characters left)` }) : `Show more (${number(n)} left)`,
};
