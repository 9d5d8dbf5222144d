/** The keys that work everywhere, and those the sheet tells of besides. */
import { VIEWS, type View } from './dashboard.svelte';
import type { Words } from './i18n/en';
import { writes } from './keys';

export type Everywhere = View | 'palette' | 'help' | 'add' | 'undo' | 'save';

/** Whether this system writes its keys as a Mac does. */
const MAC = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '');
const CONTROL = MAC ? '⌘' : 'Ctrl';
const ALT = MAC ? '⌥' : 'Alt';

/** The keys of what works everywhere, for people. */
export function shortcutOf(what: Everywhere): string {
  if (what === 'help') return '?';
  const key = what === 'palette' ? 'K' : what === 'add' ? 'N' : what === 'undo' ? 'Z' : what === 'save' ? 'S' : String(VIEWS.indexOf(what) + 1);
  return `${CONTROL} ${key}`;
}

/** What a pressed key asks for, wherever the focus is; null where it is not ours. */
export function everywhere(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'target'>): Everywhere | null {
  if (event.altKey) return null;
  if (!event.ctrlKey && !event.metaKey) return event.key === '?' && !writes(event.target) ? 'help' : null;
  if (event.shiftKey) return null;
  if (event.key.toLowerCase() === 'k') return 'palette';
  if (event.key.toLowerCase() === 'n') return 'add';
  if (event.key.toLowerCase() === 's') return 'save';
  // Where somebody writes, it undoes what was written.
  if (event.key.toLowerCase() === 'z') return writes(event.target) ? null : 'undo';
  return VIEWS[Number(event.key) - 1] ?? null;
}

/** A group of keys with what each does. */
export interface Sheet {
  readonly title: string;
  readonly keys: readonly (readonly [keys: string, does: string])[];
}

/** Every key there is, by where it works. */
export function sheets(t: Words): Sheet[] {
  const s = t.shortcuts;
  return [
    {
      title: s.everywhere,
      keys: [
        [shortcutOf('palette'), t.palette.title],
        ...VIEWS.map((view) => [shortcutOf(view), t.nav[view]] as const),
        [shortcutOf('add'), t.streams.addLong],
        [shortcutOf('save'), s.save],
        [shortcutOf('undo'), t.notice.undo],
        [shortcutOf('help'), s.title],
        ['Esc', s.close],
      ],
    },
    { title: s.lists, keys: [['↑ ↓', s.move], ['Page ↑ ↓', s.page], ['Home End', s.ends]] },
    {
      title: t.nav.alerts,
      keys: [
        ['J K', s.move], ['Enter', t.alerts.keys.open], ['X Space', t.alerts.check], ['⇧ J  ⇧ K', t.alerts.keys.extend], ['⇧ ↑  ⇧ ↓', t.alerts.keys.extend], [`${CONTROL} A`, t.alerts.keys.all], ['E', t.alerts.acknowledge], ['⇧ E', t.alerts.unacknowledge],
        ['R', t.alerts.markRead], ['U', t.alerts.markUnread], ['S', t.alerts.silence], ['← →', t.alerts.keys.fold], ['/', t.alerts.search], ['Esc', t.alerts.keys.leave],
      ],
    },
    {
      title: t.nav.feed,
      keys: [
        ['J K', s.move], ['H', `${t.feed.pause} · ${t.feed.resume}`], ['R', t.feed.makeRule], ['T', t.feed.makeTile], ['I', t.feed.ignore], ['/', t.feed.search], ['G', t.feed.goTo], ['Esc', t.close],
      ],
    },
    { title: t.nav.rules, keys: [[`${ALT} ↑ ↓`, s.moveRule]] },
    { title: t.feed.data, keys: [['← →', t.json.fold], ['C', t.json.copyValue], ['P', t.json.copyPointer]] },
    { title: t.now.tiles, keys: [['← → ↑ ↓', s.nextTile], ['Enter', s.openChart], [`${ALT} ← →`, s.moveTile]] },
    { title: s.chart, keys: [['← →', s.cursor], ['⇧ ← →', s.cursorFar], ['+ −', s.zoom], ['Page ↑ ↓', s.pan], ['0', t.chart.unzoom], ['Esc', t.chart.close]] },
    { title: t.settings.quietHours, keys: [['← → ↑ ↓', s.nextHour], ['Space', s.paintHour], ['⇧ ← → ↑ ↓', s.paintOn]] },
  ];
}
