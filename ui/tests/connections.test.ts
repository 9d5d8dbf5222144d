/** How well each stream was connected: figures, bar, and words for who cannot see it. */
import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { beforeEach, expect, test, vi } from 'vitest';

import App from '../src/App.svelte';
import { plain } from '../src/lib/i18n/text';
import { bytes, share } from '../src/lib/format';
import type { ConnectionView, UptimeView } from '../src/lib/protocol';
import { aConfiguration, aForm, aSnapshot, ScriptedBackend } from './support';

beforeEach(() => {
  localStorage.setItem('streambell.preferences', '{"language":"en"}');
});

const SINCE = Date.now() - 3_600_000;

function aConnection(part: Partial<ConnectionView> = {}): ConnectionView {
  return {
    startMs: SINCE, endMs: SINCE + 60_000, cause: 'idle', message: plain('no byte came for 90 s'), missing: null, tries: 1, status: 200, http: '2', headerMs: 12,
    firstByteMs: 34, openMs: 60_000, bytes: 2_400_000, events: 412, ...part,
  };
}

function anUptime(part: Partial<UptimeView> = {}): UptimeView {
  return { stream: 'market', share: 0.9987, segments: [null, 0, 0.5, 1], knownSinceMs: null, atMs: Date.now(), connectedSinceMs: SINCE, last: null, ...part };
}

async function open(connections: ConnectionView[], answers: ConstructorParameters<typeof ScriptedBackend>[0] = {}) {
  const backend = new ScriptedBackend({
    uptime: () => ({ answer: 'uptime', value: [anUptime()] }),
    connections: () => ({ answer: 'connections', value: connections }),
    configuration: () => ({ answer: 'configuration', value: aConfiguration({ streams: [aForm()] }) }),
    ...answers,
  });
  render(App, { props: { backend } });
  await waitFor(() => expect(backend.hearer).toBeDefined());
  backend.hearer?.link({ link: 'connected' });
  backend.hearer?.push({ push: 'snapshot', value: aSnapshot() });
  return backend;
}

test('a stream shows how well it was connected, in figures and in words for who cannot see the bar', async () => {
  await open([]);
  await fireEvent.click(screen.getByTestId('nav-streams'));
  const [bar] = await screen.findAllByRole('img', { name: '99.8% of the last 24 h' });
  const shapes = [...bar!.querySelectorAll('path')].map((path) => [path.classList[0], path.getAttribute('d')]);
  // One that was down is low, and still to be seen.
  expect(Object.fromEntries(shapes)).toEqual({ unknown: 'M0 10v-1h1.5V10z', down: 'M2 10v-2h1.5V10z', partly: 'M4 10v-5h1.5V10z', up: 'M6 10v-10h1.5V10z' });
});

test('a bar says in words what its colours mean and for how long each was', async () => {
  const at = new Date(2026, 10, 21, 16, 22, 30).getTime();
  await open([], { uptime: () => ({ answer: 'uptime', value: [anUptime({ atMs: at })] }) });
  await fireEvent.click(screen.getByTestId('nav-streams'));
  await fireEvent.click(screen.getByTestId('stream-open'));
  const bar = within(await screen.findByTestId('stream-detail')).getByTestId('uptime-bar');
  const said = 'Green, connected: 7 min 30 s\nBrown, with a break: 15 min\nRed, not connected: 15 min\nGrey, not known: 15 min';
  await waitFor(() => expect(bar.title).toBe(said));
  expect(bar.querySelector('desc')!.textContent).toBe(said);
});

test('what is known of a stream for less than a day is said since when', async () => {
  const now = new Date();
  const atMs = now.getTime();
  const knownSinceMs = new Date(now.getFullYear(), now.getMonth(), now.getDate(), now.getHours(), now.getMinutes()).getTime();
  await open([], { uptime: () => ({ answer: 'uptime', value: [anUptime({ share: 1, segments: [1], atMs, knownSinceMs })] }) });
  await fireEvent.click(screen.getByTestId('nav-streams'));
  const time = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(knownSinceMs);
  await screen.findAllByRole('img', { name: `100% since ${time}` });
});

test('the connection that is open goes on by the clock, and what comes on it is counted when it is over', async () => {
  const now = vi.spyOn(Date, 'now');
  const later = (ms: number) => now.mockImplementation(() => performance.timeOrigin + performance.now() + ms);
  later(0);
  await open([aConnection({ startMs: Date.now() - 2.5 * 3_600_000, endMs: null, cause: 'open', message: plain(''), openMs: 5_000 })]);
  await fireEvent.click(screen.getByTestId('nav-streams'));
  await fireEvent.click(screen.getByTestId('stream-open'));
  const row = await screen.findByTestId('connection');
  await waitFor(() => expect(row.textContent).toContain('open for 2 h 30 min · HTTP 200 · HTTP/2 · header after 12 ms'));
  later(3_600_000);
  await waitFor(() => expect(row.textContent).toContain('open for 3 h 30 min'), { timeout: 3_000 });
  expect(row.textContent).not.toMatch(/events|MB/);
  now.mockRestore();
});

test('what a stream says of itself names what it counts', async () => {
  const backend = await open([]);
  const snapshot = aSnapshot();
  backend.hearer?.push({ push: 'snapshot', value: { ...snapshot, streams: snapshot.streams.map((one) => ({ ...one, lastEventId: '188' })) } });
  await fireEvent.click(screen.getByTestId('nav-streams'));
  await fireEvent.click(await screen.findByTestId('stream-open'));
  const facts = (await screen.findByTestId('stream-detail')).querySelector('dl')!.textContent!.replace(/\s+/g, ' ');
  expect(facts).toContain('once since Streambell started');
  expect(facts).toContain('id 188');
});

test('its connections are listed with cause, bytes, events and first byte', async () => {
  const tries = aConnection({ startMs: SINCE - 9, cause: 'network', message: plain('refused'), tries: 23, status: null, http: '', openMs: null, headerMs: null, firstByteMs: null });
  const backend = await open([aConnection({ endMs: null, cause: 'open', message: plain(''), startMs: SINCE + 61_000 }), aConnection(), tries]);
  await fireEvent.click(screen.getByTestId('nav-streams'));
  await fireEvent.click(screen.getByTestId('stream-open'));
  const rows = await screen.findAllByTestId('connection');
  expect(rows.map((row) => row.dataset.cause)).toEqual(['open', 'idle', 'network']);
  expect(rows[1]?.textContent).toContain('Silent for too long');
  expect(rows[1]?.textContent).toContain('open for 1 min · HTTP 200 · HTTP/2 · 412 events · 2.4 MB · header after 12 ms · first byte after 34 ms');
  expect(rows[2]?.textContent).toContain('23 tries');
  expect(rows[2]?.textContent).not.toContain('0 events');
  expect(backend.of('connections')[0]).toEqual({ call: 'connections', stream: 'market', limit: 100 });
  await fireEvent.click(screen.getByTestId('stream-edit'));
  await waitFor(() => expect(screen.queryByTestId('connection-history')).toBeNull());
});

test('a click on a notice comes to the stream it is about', async () => {
  const backend = await open([aConnection()]);
  backend.hearer?.push({ push: 'present', value: { spot: 'stream', stream: 'market' } });
  expect((await screen.findByTestId('connection-history')).dataset.stream).toBe('market');
});

test('a connection that ends is asked for again without a click', async () => {
  const backend = await open([]);
  await fireEvent.click(screen.getByTestId('nav-streams'));
  await waitFor(() => expect(backend.of('uptime').length).toBeGreaterThan(0));
  const before = backend.of('uptime').length;
  const snapshot = aSnapshot();
  backend.hearer?.push({ push: 'snapshot', value: snapshot });
  backend.hearer?.push({ push: 'snapshot', value: { ...snapshot, streams: snapshot.streams.map((one) => ({ ...one, state: 'connecting' })) } });
  await waitFor(() => expect(backend.of('uptime').length).toBe(before + 1));
});

test('however many connections come and go, one question is asked at a time', async () => {
  const waiting: (() => void)[] = [];
  const backend = await open([], { uptime: () => new Promise((resolve) => waiting.push(() => resolve({ answer: 'uptime', value: [anUptime()] }))) });
  await fireEvent.click(screen.getByTestId('nav-streams'));
  await waitFor(() => expect(waiting).toHaveLength(1));
  const snapshot = aSnapshot();
  for (let connections = 10; connections < 20; connections++) {
    backend.hearer?.push({ push: 'snapshot', value: { ...snapshot, streams: snapshot.streams.map((one) => ({ ...one, connections })) } });
    await tick();
  }
  expect(backend.of('uptime')).toHaveLength(1);
  waiting.pop()!();
  await waitFor(() => expect(backend.of('uptime')).toHaveLength(2));
  waiting.pop()!();
  await screen.findAllByRole('img', { name: '99.8% of the last 24 h' });
  expect(backend.of('uptime')).toHaveLength(2);
});

test('only what had no gap is 100 %, and sizes have the unit that says enough', () => {
  expect([share(1, 'en'), share(0.9999, 'en'), share(0, 'en')]).toEqual(['100%', '99.9%', '0%']);
  expect([bytes(999, 'en'), bytes(1_500, 'en'), bytes(2_400_000, 'en')]).toEqual(['999 bytes', '1.5 kB', '2.4 MB']);
  expect([share(0.9985, 'de').replace(/\s/, ' '), bytes(999, 'zh-CN'), bytes(1_500, 'de')]).toEqual(['99,8 %', '999字节', '1,5 kB']);
});
