/** The keys that work everywhere, and those the sheet tells of besides. */
import { VIEWS, type View } from './dashboard.svelte';
import type { Words } from './i18n/en';

export type Everywhere = View | 'palette' | 'help' | 'add';

/** Whether this system writes its keys as a Mac does. */
const MAC = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '');
const CONTROL = MAC ? '⌘' : 'Ctrl';
const ALT = MAC ? '⌥' : 'Alt';

/** The keys of what works everywhere, for people. */
export function shortcutOf(what: Everywhere): string {
  if (what === 'help') return '?';
  const key = what === 'palette' ? 'K' : what === 'add' ? 'N' : String(VIEWS.indexOf(what) + 1);
  return `${CONTROL} ${key}`;
}

/** What a pressed key asks for, wherever the focus is; null where it is not ours. */
export function everywhere(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'target'>): Everywhere | null {
  if (event.altKey) return null;
  if (!event.ctrlKey && !event.metaKey) return event.key === '?' && !writes(event.target) ? 'help' : null;
  if (event.shiftKey) return null;
  if (event.key.toLowerCase() === 'k') return 'palette';
  if (event.key.toLowerCase() === 'n') return 'add';
  return VIEWS[Number(event.key) - 1] ?? null;
}

/** Whether what is typed there is text. */
function writes(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return !!element?.closest?.('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true]');
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
        [shortcutOf('help'), s.title],
        ['Esc', s.close],
      ],
    },
    { title: s.lists, keys: [['↑ ↓', s.move], ['Page ↑ ↓', s.page], ['Home End', s.ends]] },
    { title: t.now.tiles, keys: [['← → ↑ ↓', s.nextTile], ['Enter', s.openChart], [`${ALT} ← →`, s.moveTile]] },
    { title: s.chart, keys: [['← →', s.cursor], ['⇧ ← →', s.cursorFar], ['+ −', s.zoom], ['0', t.chart.unzoom], ['Esc', t.chart.close]] },
    { title: t.settings.quietHours, keys: [['← → ↑ ↓', s.nextHour], ['Space', s.paintHour], ['⇧ ← → ↑ ↓', s.paintOn]] },
  ];
}
