/** What the fake resident says of itself. */
import type { Diagnosis } from '../protocol';

export const DIAGNOSIS: Diagnosis = {
  version: '0.1.0',
  text: 'Streambell 0.1.0\nDesktop: GNOME, Wayland\nNotifications: gnome-shell 45.2 (actions, body, icon-static)\nTray: present\nKeyring: unlocked\nStreams: 3 open, 1 waiting\n',
  files: [
    { kind: 'configuration', path: '/home/me/.config/streambell/config.toml', bytes: 2_310 },
    { kind: 'history', path: '/home/me/.local/share/streambell/history.db', bytes: 48_300_000 },
    { kind: 'text-index', path: '/home/me/.local/share/streambell/history-text.db', bytes: null },
    { kind: 'logs', path: '/home/me/.local/state/streambell', bytes: 18_000 },
    { kind: 'autostart', path: '/home/me/.config/autostart/streambell.desktop', bytes: null },
  ],
};
