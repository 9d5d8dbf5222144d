/** Words in English: the first view, its tiles and its short lists. */
import type { TileOrder } from '../../tiles';
import { number } from './plural';

export const now = {
  title: 'Now',
  tiles: 'Live values',
  unread: 'Unread alerts',
  feed: 'Feed',
  noTiles: 'No live value yet.',
  noTilesText: 'A tile shows the newest value of an event. Add one here, or with “Make a tile” at an event of the feed.',
  leftOut: (shown: number, more: number) => `${number(shown)} values are shown; ${more < 1000 ? number(more) : `${number(1000)} or more`} others have no tile. Narrow what feeds the tiles to see them.`,
  sinceOpen: 'Since the first value today, or as the server says',
  order: 'Order of the live values',
  orders: { hand: 'By hand', name: 'By name', change: 'By change' } satisfies Record<TileOrder, string>,
  movedTo: (key: string, place: number, of: number) => `${key} is now number ${number(place)} of ${number(of)}`,
  newest: (n: number, all: number) => (n < all ? `the newest ${number(n)} of ${number(all)}` : ''),
  reading: 'Looking for Streambell…',
  noUnread: 'Nothing unread.',
  noUnreadText: 'When a rule fires, its alert waits here.',
  since: (time: string) => `since ${time}`,
  unchanged: 'unchanged',
  rising: 'up',
  falling: 'down',
  all: 'Show all',
};
