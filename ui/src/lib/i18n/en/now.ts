export const now = {
  title: 'Now',
  tiles: 'Live values',
  unread: 'Unread alerts',
  feed: 'Feed',
  noTiles: 'Live values appear here once a [[tile]] in config.toml matches an event.',
  noUnread: 'Nothing unread.',
  noUnreadText: 'When a rule fires, its alert waits here.',
  since: (time: string) => `since ${time}`,
  unchanged: 'unchanged',
  rising: 'up',
  falling: 'down',
  all: 'Show all',
};
