/** Commands for the inbox: what to see of it, and what can be done with what is open or checked in it. */
import { isWebLink } from '../backend';
import type { Command } from '../palette';
import type { Live } from './page';

const SHOWS = ['all', 'unread', 'acknowledged', 'resolved'] as const;
/** How many unread alerts are offered by their titles. */
const NEWEST = 5;

/** What can be done with what is checked, or with the line that the keyboard is on. */
export function* chosen({ dashboard, actions, locale }: Live): Generator<Command> {
  const { inbox, view } = dashboard;
  const t = locale.words.alerts;
  const { targets } = inbox;
  const [first] = targets;
  if (view !== 'alerts' || !first) return;
  const about = targets.length === 1 ? first.title : t.inGroup(targets.length);
  const act = (id: string, word: string, keys: string, run: () => void): Command => ({ id, kind: 'action', name: locale.words.named(word, about), keys, run });
  if (targets.some(({ answer }) => answer !== 'acknowledged')) yield act('acknowledge', t.acknowledge, 'E', () => actions.did(inbox.acknowledge(), t.acknowledgedMany));
  if (targets.some(({ answer }) => answer === 'acknowledged')) yield act('unacknowledge', t.unacknowledge, '⇧ E', () => actions.did(inbox.unacknowledge(), t.unacknowledgedMany));
  if (targets.some(({ read }) => !read)) yield act('mark-read', t.markRead, 'R', () => actions.did(inbox.read(), t.marked));
  if (targets.some(({ read }) => read)) yield act('mark-unread', t.markUnread, 'U', () => actions.did(inbox.unread(), t.markedUnread));
  if (inbox.checked.length) yield act('uncheck', t.uncheck, 'Esc', () => inbox.uncheck());
}

/** What can be done with the alert that is open. */
export function* opened({ dashboard, locale }: Live): Generator<Command> {
  const { alerts, inbox, feed, view } = dashboard;
  const t = locale.words.alerts;
  const alert = alerts.selected;
  if (view !== 'alerts' || !alert) return;
  const act = (id: string, word: string, run: () => void, keys?: string): Command => ({ id, kind: 'action', name: locale.words.named(word, alert.title), keys, run });
  // Where it leads stands before the title, which is the server's own text.
  const link = () => `${t.link} ${new URL(alert.link).host}`;
  yield act('alert-silence', t.silence, () => (inbox.silencing = true), 'S');
  if (isWebLink(alert.link)) yield act('alert-link', link(), () => dashboard.openLink(alert.link));
  yield act('alert-event', t.inFeed, () =>
    dashboard.attempt(async () => {
      const event = await feed.find(alert.seq, alert.stream);
      if (event) dashboard.openEvent(event);
      else dashboard.tell({ text: t.noEvent });
    }),
  );
}

export function* unread({ dashboard, locale }: Live): Generator<Command> {
  for (const alert of dashboard.alerts.unread.slice(0, NEWEST)) {
    // Of several with one title the time tells which is which.
    const name = `${alert.title} · ${locale.moment(alert.atMs, Date.now())}`;
    yield { id: `alert ${alert.id}`, kind: 'alert', name, also: `${alert.body} ${alert.rule}`, run: () => dashboard.openAlert(alert.id) };
  }
}

export function* inbox({ dashboard, actions, preferences, locale }: Live): Generator<Command> {
  const { alerts, inbox } = dashboard;
  const t = locale.words.alerts;
  const act = (id: string, name: string, run: () => void, keys?: string): Command => ({ id, kind: 'action', name, also: t.title, keys, run });
  if (alerts.unreadCount) yield act('read', t.markAll, () => actions.markAllRead());
  for (const show of SHOWS) yield act(`alerts-${show}`, locale.words.named(t.title, t.shows[show]), () => dashboard.openAlerts(show));
  const { grouped } = preferences;
  yield act('group', grouped ? locale.words.palette.ungroup : locale.words.palette.group, () => (preferences.grouped = !grouped));
  yield act('alerts-find', t.search, () => dashboard.findAlerts(), '/');
  if (dashboard.view === 'alerts') yield act('check-all', t.keys.all, () => inbox.checkAll());
}
