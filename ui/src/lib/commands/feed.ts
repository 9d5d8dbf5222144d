/** Commands for the feed: what to see of it, and what can be made of the event that is open. */
import type { Command } from '../palette';
import type { Live } from './page';

/** What can be done with the event that is open. */
export function* opened({ dashboard, actions, locale }: Live): Generator<Command> {
  const { feed, view } = dashboard;
  const event = feed.selected;
  if (view !== 'feed' || !event) return;
  const t = locale.words.feed;
  const act = (id: string, word: string, keys: string, run: () => void): Command => ({ id, kind: 'action', name: locale.words.named(word, event.event), keys, run });
  yield act('event-rule', t.makeRule, 'R', () => dashboard.draftRule(event));
  yield act('event-tile', t.makeTile, 'T', () => dashboard.draftTile(event));
  yield act('event-ignore', t.ignore, 'I', () => actions.ignore(event));
  yield act('event-close', locale.words.close, 'Esc', () => void feed.select(null));
  for (const alert of event.alerts) yield { id: `event-alert ${alert.id}`, kind: 'alert', name: alert.title, also: t.alerts, run: () => dashboard.openAlert(alert.id) };
}

export function* feed({ dashboard, locale }: Live): Generator<Command> {
  const { feed } = dashboard;
  const t = locale.words.feed;
  const act = (id: string, name: string, run: () => void, keys?: string): Command => ({ id, kind: 'action', name: locale.words.named(t.title, name), keys, run });
  yield act('feed-hold', feed.paused ? t.resume : t.pause, () => feed.pause(!feed.paused), 'H');
  yield act('feed-find', t.search, () => dashboard.findEvents(), '/');
  yield act('feed-time', t.goTo, () => dashboard.findTime(), 'G');
  if (feed.filter.untilMs !== null) yield act('feed-newest', t.newest, () => void feed.goTo(null));
  if (feed.narrowed) yield act('feed-all', t.clear, () => dashboard.openEvents());
  for (const event of feed.names) yield act(`feed-event ${event}`, event, () => dashboard.openEvents({ event }));
}
