/** Words in English: a tile's chart. */
import type { Range } from '../../chart.svelte';
import { number, plural } from './plural';

export const chart = {
  range: 'How far back',
  ranges: { '5m': '5 min', '30m': '30 min', '1h': '1 h', '6h': '6 h', '1d': '1 d', '7d': '7 d', '30d': '30 d' } satisfies Record<Range, string>,
  unzoom: 'Show the whole range',
  edit: 'Edit tile',
  close: 'Close the chart',
  low: 'Low',
  high: 'High',
  change: 'Change',
  label: (key: string, range: string, low: string, high: string) => `${key} over ${range}: lowest ${low}, highest ${high}.`,
  zoomedLabel: (key: string, span: string, low: string, high: string) => `${key}, ${span}: lowest ${low}, highest ${high}.`,
  alert: (title: string, n: number) => plural(n, { one: `Alert: ${title}`, other: `Alert: ${title}, and ${number(n - 1)} more` }),
  alerts: (n: number) => plural(n, { one: '1 alert is marked on it.', other: (n) => `${n} alerts are marked on it.` }),
  moreAlerts: (n: number) => plural(n, { one: 'only the newest alert is marked', other: (n) => `only the newest ${n} alerts are marked` }),
  keys: 'Arrow keys move along it, + and − zoom, Page Up and Page Down go back and on.',
  unconnected: (length: string) => `Not connected for ${length}`,
  thinned: (length: string) => `a point for each ${length}`,
  thinnedHint: 'Each point stands for the events of that time; the shade shows the least and the greatest of them.',
  sampled: 'drawn from samples: there are very many events',
  reading: 'Reading the history…',
  failed: 'The history could not be read.',
  again: 'Try again',
  none: 'Nothing came in this time.',
  noneText: 'A longer range may have something. Only stored events are drawn.',
  noNumber: 'This is not a number.',
  noNumberText: 'Only numbers can be drawn as a line.',
};
