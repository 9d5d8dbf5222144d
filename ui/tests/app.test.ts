/** The whole page on the fake resident: first start, keys, and the states a connection to the resident can be in. */
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, describe, expect, test } from 'vitest';

import App from '../src/App.svelte';
import { plain } from '../src/lib/i18n/text';
import type { Answer, Push, Snapshot } from '../src/lib/protocol';
import { aConfiguration, aForm, alertPages, anAlert, anEvent, aSnapshot, aStream, ScriptedBackend } from './support';

beforeEach(() => {
  localStorage.setItem('streambell.preferences', '{"language":"en"}');
});

async function open(backend = new ScriptedBackend(), snapshot: Snapshot = aSnapshot()) {
  render(App, { props: { backend } });
  await waitFor(() => expect(backend.hearer).toBeDefined());
  backend.hearer?.link({ link: 'connected' });
  const push = (pushed: Push) => backend.hearer?.push(pushed);
  push({ push: 'snapshot', value: snapshot });
  await waitFor(() => expect(screen.getByTestId('status-line').textContent).not.toContain('Looking'));
  return { backend, push };
}

const configured = () =>
  new ScriptedBackend({
    configuration: () => ({ answer: 'configuration', value: aConfiguration({ file: '/home/a/config.toml', streams: [aForm({ auth: { kind: 'bearer', name: '', source: 'keyring', place: '', template: '' } })] }) }),
    'test-stream': () => ({ answer: 'tested', value: { ok: true, message: plain('The server answers.'), status: 200, headerMs: 12, events: 3 } }),
  });

test('the first start offers two ways to begin', async () => {
  const { backend } = await open(new ScriptedBackend(), aSnapshot({ streams: [] }));
  await fireEvent.click(screen.getByTestId('first-demo'));
  expect(backend.of('start-demo')).toHaveLength(1);
  expect(await screen.findByText(/opens in a window of its own/)).toBeDefined();
  await fireEvent.click(screen.getByTestId('first-add-stream'));
  expect(screen.getByTestId('add-url')).toBeDefined();
});

test('a tile shows its value, and markup in it is only text', async () => {
  const tile = { feed: 0, stream: 'market', key: '<img src=x>', keyed: true, label: null, unit: null, text: '64210.5', value: 64210.5, changePct: 1.8, change: 1.8, trend: 'up' as const, atMs: Date.now(), spark: [1, 2] };
  await open(new ScriptedBackend(), aSnapshot({ tiles: [tile] }));
  expect(screen.getByTestId('tile').dataset.key).toBe('<img src=x>');
  expect(screen.getByTestId('tile-value').textContent).toMatch(/^64.210.5$/);
  expect(screen.getByTestId('tile').querySelector('img')).toBeNull();
});

test('a lost resident is said across the top, and nothing can be told to it', async () => {
  const { backend } = await open();
  backend.hearer?.link({ link: 'lost', message: plain('the socket was closed') });
  await waitFor(() => expect(screen.getByTestId('lost-banner').textContent).toContain('the socket was closed'));
  expect(screen.getByTestId<HTMLButtonElement>('pause-menu').disabled).toBe(true);
  backend.hearer?.link({ link: 'lost', message: { en: 'the connection to Streambell is lost', zh: '与 Streambell 的连接断开了' } });
  await waitFor(() => expect(screen.getByTestId('lost-banner').textContent).toBe('The connection to Streambell is lost. It comes back by itself once Streambell runs.'));
  backend.hearer?.link({ link: 'connected' });
  await waitFor(() => expect(screen.queryByTestId('lost-banner')).toBeNull());
});

test('a stream that is unusually quiet offers another try, and a gap is named beside it', async () => {
  const streams = [aStream('market', { quietSinceMs: Date.now() - 60_000, gaps: 1, lastGap: { atMs: Date.now(), after: '41' } }), aStream('ops')];
  const { backend } = await open(new ScriptedBackend(), aSnapshot({ streams }));
  await fireEvent.click(screen.getByTestId('nav-streams'));
  const [market, ops] = screen.getAllByTestId('stream-row');
  expect(market?.textContent).toContain('Unusually quiet');
  await fireEvent.click(screen.getAllByTestId('stream-open')[0]!);
  expect((await screen.findByTestId('stream-gap')).textContent).toContain('Events after 41 may be missing');
  expect(ops?.textContent).not.toMatch(/quiet|missing/);
  await fireEvent.click(screen.getByTestId('stream-retry'));
  expect(backend.of('reconnect')).toEqual([{ call: 'reconnect', stream: 'market' }]);
});

test('an alert tells why, with the values, once it is asked', async () => {
  const alert = anAlert(7, { title: 'BTC fell', rule: 'BTC', resolvedAtMs: 1, state: 'suppressed', reason: 'silenced' });
  const why = {
    rules: [
      { rule: 'BTC', verdict: 'fired' as const, stoppedBy: null, checks: [{ condition: { en: 'when: data.change <= -3', zh: 'when: data.change <= -3' }, value: { en: '<b>-3.1</b>', zh: '<b>-3.1</b>' }, holds: true }] },
      { rule: 'ETH', verdict: 'unmatched' as const, stoppedBy: null, checks: [{ condition: { en: 'match /symbol "ETH"', zh: 'match /symbol "ETH"' }, value: { en: '"BTC"', zh: '"BTC"' }, holds: false }] },
    ],
    rulesChanged: ['ETH'],
    alerts: [alert],
    waiting: [{ alert: alert.id, awaits: 'daemon' as const, untilMs: null, message: plain('nobody answers') }],
  };
  const { backend } = await open(new ScriptedBackend({ alerts: alertPages([alert]), why: () => ({ answer: 'why', value: why }) }), aSnapshot({ alerts: [alert] }));
  await fireEvent.click((await screen.findAllByText('BTC fell'))[0]!);
  const asked = await screen.findByTestId<HTMLDetailsElement>('why');
  expect(backend.of('why')).toHaveLength(0);
  asked.open = true;
  await fireEvent(asked, new Event('toggle'));
  const [first, second] = await screen.findAllByTestId('why-rule');
  expect(first!.textContent).toMatch(/BTC fires.*✓.*data.change <= -3.*<b>-3.1<\/b>/s);
  expect(second!.textContent).toMatch(/ETH does not match.*✗/s);
  expect(asked.textContent).toContain('remembered more): ETH');
  expect(screen.getByTestId('why-waits').textContent).toBe('Waits for a notification daemon: nobody answers');
  expect(screen.getByTestId('why-became').textContent).toBe('BTC: Not shown (a silence matched it)');
  expect(backend.of('why')).toEqual([{ call: 'why', seq: 7 }]);
  expect(screen.getByText('Resolved at')).toBeDefined();
});

test('notifications are paused from the menu and resumed by a button', async () => {
  const { backend, push } = await open();
  await fireEvent.click(screen.getByTestId('pause-menu'));
  await fireEvent.click(screen.getByTestId('pause-15'));
  expect(backend.of('pause')).toEqual([{ call: 'pause', seconds: 900, stream: null }]);
  push({ push: 'snapshot', value: aSnapshot({ pause: { untilMs: null } }) });
  await fireEvent.click(await screen.findByTestId('resume'));
  expect(backend.of('resume')).toHaveLength(1);
});

test('an alert is acknowledged, and its rule muted with a way back', async () => {
  const backend = new ScriptedBackend({
    alerts: alertPages([anAlert(7, { rule: 'Price [a]', value: '70000' })]),
    silence: () => ({ answer: 'silenced', value: { id: 3 } }),
  });
  const { push } = await open(backend);
  push({ push: 'present', value: { spot: 'alert', alert: 7 } });
  await fireEvent.click(await screen.findByTestId('acknowledge'));
  expect(backend.of('acknowledge')).toEqual([{ call: 'acknowledge', alerts: [7] }]);
  await waitFor(() => expect(screen.queryByTestId('acknowledge')).toBeNull());
  expect(screen.getByTestId('alert-detail').textContent).toContain('Acknowledged');
  await fireEvent.click(screen.getByTestId('mute-rule'));
  const matcher = { stream: null, rule: 'Price \\[a\\]', group: null, text: null };
  expect(backend.of('silence')).toEqual([{ call: 'silence', matcher, seconds: 3600, comment: '' }]);
  await fireEvent.click(await screen.findByText('Undo'));
  expect(backend.of('unsilence')).toEqual([{ call: 'unsilence', silence: 3 }]);
});

test('an alert whose rule is silent says until when and ends that, in place of silencing it once more', async () => {
  const matcher = { stream: null, rule: 'Backup', group: null, text: null };
  const silences = [{ id: 3, matcher, untilMs: Date.now() + 1_800_000, comment: '', atMs: Date.now() }];
  const alert = anAlert(7, { rule: 'Backup', state: 'suppressed', reason: 'silenced' });
  const { backend, push } = await open(new ScriptedBackend({ alerts: alertPages([alert]) }), aSnapshot({ silences }));
  push({ push: 'present', value: { spot: 'alert', alert: 7 } });
  expect((await screen.findByTestId('alert-silent')).textContent).toMatch(/silent until .*\d\d:\d\d/);
  expect(screen.queryByTestId('mute-rule')).toBeNull();
  await fireEvent.click(screen.getByTestId('alert-silent-end'));
  expect(backend.of('unsilence')).toEqual([{ call: 'unsilence', silence: 3 }]);
  push({ push: 'snapshot', value: aSnapshot() });
  expect(await screen.findByTestId('mute-rule')).toBeDefined();
});

test('a row says that its alert was not shown, and why', async () => {
  const alerts = [anAlert(9, { state: 'suppressed', reason: 'silenced' }), anAlert(8), anAlert(7, { state: 'suppressed', reason: 'quiet-hours' })];
  await open(new ScriptedBackend(), aSnapshot({ alerts }));
  const marks = screen.getAllByTestId('alert-row').map((row) => row.querySelector<HTMLElement>('[data-testid=not-shown]'));
  const [silenced, quiet] = ['Not shown (a silence matched it)', 'Not shown (quiet hours)'];
  expect(marks.map((mark) => mark && [mark.title, mark.textContent])).toEqual([[silenced, silenced], null, [quiet, quiet]]);
});

test('an acknowledgement is taken back by its undo, by its button and by a key, and an alert made unread again', async () => {
  const { backend, push } = await open(new ScriptedBackend({ alerts: alertPages([anAlert(7)]) }));
  push({ push: 'present', value: { spot: 'alert', alert: 7 } });
  await fireEvent.click(await screen.findByTestId('acknowledge'));
  await fireEvent.click(await screen.findByText('Undo'));
  expect(backend.of('unacknowledge')).toHaveLength(1);
  await fireEvent.click(await screen.findByTestId('acknowledge'));
  await fireEvent.click(await screen.findByTestId('unacknowledge'));
  await fireEvent.click(await screen.findByTestId('acknowledge'));
  await fireEvent.keyDown(window, { key: 'E', shiftKey: true });
  expect(backend.of('unacknowledge')).toHaveLength(3);
  await fireEvent.keyDown(window, { key: 'u' });
  expect(backend.of('mark-unread')).toEqual([{ call: 'mark-unread', alerts: [7] }]);
  expect(screen.queryByTestId('mark-unread')).toBeNull();
  await fireEvent.keyDown(window, { key: 'x' });
  expect(screen.queryByTestId('bulk-unread')).toBeNull();
  push({ push: 'alerts', value: [anAlert(7, { read: true, answer: 'acknowledged', answeredAtMs: 1 })] });
  await fireEvent.click(await screen.findByTestId('bulk-unacknowledge'));
  expect(backend.of('unacknowledge').at(-1)).toEqual({ call: 'unacknowledge', alerts: [7] });
});

test('what is silent is listed with its end and can be ended', async () => {
  const matcher = { stream: null, rule: 'Backup', group: null, text: 'files-*' };
  const silences = [{ id: 3, matcher, untilMs: Date.now() + 60_000, comment: 'The disk', atMs: Date.now() }];
  const { backend } = await open(configured(), aSnapshot({ silences, streamPauses: [{ stream: 'ops', untilMs: null }] }));
  expect(screen.getByTestId('now-silences').textContent).toContain('2 silences');
  await fireEvent.click(screen.getByTestId('now-silences'));
  await screen.findByTestId('silences');
  await fireEvent.click(screen.getByTestId('nav-alerts'));
  await fireEvent.click(await screen.findByTestId('show-silences'));
  const listed = await screen.findByTestId('silences');
  expect(listed.textContent).toContain('rule “Backup” and “files-*” — The disk');
  await fireEvent.click(screen.getByTestId('end-silence'));
  expect(backend.of('unsilence')).toEqual([{ call: 'unsilence', silence: 3 }]);
  await fireEvent.click(screen.getByLabelText('End: show notifications of ops again'));
  expect(backend.of('resume')).toEqual([{ call: 'resume', stream: 'ops' }]);
});

test('several alerts from outside are the list itself, and none of them is read', async () => {
  const { backend, push } = await open(new ScriptedBackend({ alerts: alertPages([anAlert(8), anAlert(7)]) }));
  push({ push: 'present', value: { spot: 'alert', alert: 7 } });
  await screen.findByTestId('alert-detail');
  const told = backend.of('mark-read').length;
  push({ push: 'present', value: { spot: 'unread' } });
  await waitFor(() => expect(screen.queryByTestId('alert-detail')).toBeNull());
  expect(document.querySelector('main')?.dataset.view).toBe('alerts');
  expect(backend.of('alerts').at(-1)?.query.show).toBe('unread');
  expect(backend.of('mark-read')).toHaveLength(told);
});

test('an alert from outside is opened beside the list', async () => {
  const backend = new ScriptedBackend({
    alerts: alertPages([anAlert(8), anAlert(7, { title: 'ACME −3.2 %', link: 'javascript:alert(1)' })]),
    history: () => ({ answer: 'history', value: [anEvent(7, { data: '{"a":"<b>"}' })] }),
  });
  const { push } = await open(backend);
  push({ push: 'present', value: { spot: 'alert', alert: 7 } });
  const detail = await screen.findByTestId('alert-detail');
  expect(detail.textContent).toContain('ACME −3.2 %');
  await waitFor(() => expect(detail.querySelector('[data-pointer="/a"]')?.textContent).toContain('a: "<b>"'));
  expect(screen.queryByTestId('alert-link')).toBeNull();
  expect(backend.of('mark-read')).toEqual([{ call: 'mark-read', alerts: [7] }]);
});

test('what else is wrong is listed with its next step', async () => {
  const waiting = (name: string) => aStream(name, { state: 'waiting', message: plain('the server answered 503'), retryAtMs: Date.now() + 12_000 });
  const { backend } = await open(new ScriptedBackend(), aSnapshot({ streams: [waiting('market'), waiting('ops')] }));
  const more = screen.getByTestId('more-troubles');
  expect(more.textContent?.trim()).toBe('and 1 more');
  await fireEvent.click(more);
  expect(more.getAttribute('aria-expanded')).toBe('true');
  expect(screen.getByTestId('troubles').textContent).toContain('ops: next try in');
  await fireEvent.click(screen.getByRole('button', { name: 'Try now: ops' }));
  expect(backend.of('reconnect')).toEqual([{ call: 'reconnect', stream: 'ops' }]);
  await fireEvent.keyDown(screen.getByTestId('troubles'), { key: 'Escape' });
  expect(screen.queryByTestId('troubles')).toBeNull();
  expect(document.activeElement).toBe(more);
});

test('a waiting stream counts down and is tried at once on demand', async () => {
  const stream = aStream('market', { state: 'waiting', message: plain('the server answered 503'), retryAtMs: Date.now() + 12_000 });
  const { backend } = await open(new ScriptedBackend(), aSnapshot({ streams: [stream] }));
  expect(screen.getByTestId('status-line').textContent).toMatch(/market: next try in 1[12] s \(the server answered 503\)/);
  await fireEvent.click(screen.getByTestId('nav-streams'));
  expect(screen.getByTestId('stream-row').dataset).toMatchObject({ name: 'market', state: 'waiting' });
  await fireEvent.click(screen.getByTestId('stream-retry'));
  expect(backend.of('reconnect')).toEqual([{ call: 'reconnect', stream: 'market' }]);
});

describe('the form', () => {
  test('sends the token with what was typed, and clears it at once', async () => {
    const { backend } = await open(configured());
    await fireEvent.click(screen.getByTestId('add-stream'));
    await fireEvent.click(await screen.findByTestId('add-by-hand'));
    await fireEvent.input(screen.getByTestId('stream-name'), { target: { value: 'orders' } });
    await fireEvent.input(screen.getByTestId('stream-url'), { target: { value: 'https://example.com/orders' } });
    await fireEvent.change(screen.getByTestId('stream-auth'), { target: { value: 'bearer' } });
    const token = screen.getByTestId<HTMLInputElement>('stream-token');
    expect(token.type).toBe('password');
    await fireEvent.input(token, { target: { value: 's3cret' } });
    await fireEvent.submit(screen.getByTestId('stream-form'));
    expect(token.value).toBe('');
    await waitFor(() => expect(screen.queryByTestId('stream-form')).toBeNull());
    expect(backend.of('save-stream')).toMatchObject([{ original: null, secret: 's3cret', stream: { name: 'orders', auth: { kind: 'bearer' } } }]);
  });

  test('keeps the stored token where none is typed, and says how a test went', async () => {
    const { backend } = await open(configured());
    await fireEvent.click(screen.getByTestId('nav-streams'));
    await fireEvent.click(screen.getByTestId('stream-open'));
    await fireEvent.click(await screen.findByTestId('stream-edit'));
    await fireEvent.click(await screen.findByTestId('stream-test'));
    expect((await screen.findByTestId('test-result')).textContent).toContain('HTTP 200 · 12 ms · 3 events');
    expect(backend.of('test-stream')).toMatchObject([{ original: 'market', secret: null }]);
  });

  test('says at the field what is wrong and sends nothing', async () => {
    const { backend } = await open(configured());
    await fireEvent.click(screen.getByTestId('add-stream'));
    await fireEvent.click(await screen.findByTestId('add-by-hand'));
    await fireEvent.submit(screen.getByTestId('stream-form'));
    await waitFor(() => expect(screen.getByTestId('stream-name').getAttribute('aria-invalid')).toBe('true'));
    expect(screen.getByText('Give it a name.')).toBeDefined();
    expect(backend.of('save-stream')).toEqual([]);
  });
});

test('a stream is removed only after a question, because its secret goes too', async () => {
  const { backend } = await open(configured());
  await fireEvent.click(screen.getByTestId('nav-streams'));
  await fireEvent.click(screen.getByTestId('stream-open'));
  await fireEvent.click(await screen.findByTestId('stream-remove'));
  expect(screen.getByTestId('confirm-remove').textContent).toContain('keyring');
  expect(backend.of('remove-stream')).toEqual([]);
  await fireEvent.click(screen.getByTestId('remove-confirmed'));
  expect(backend.of('remove-stream')).toEqual([{ call: 'remove-stream', name: 'market' }]);
});

test('the page speaks Chinese when told to', async () => {
  await open();
  await fireEvent.click(screen.getByTestId('nav-settings'));
  await fireEvent.click(screen.getByLabelText('简体中文'));
  expect(screen.getByTestId('nav-alerts').textContent).toContain('提醒');
  await waitFor(() => expect(document.documentElement.lang).toMatch(/^zh/));
});

test('the settings name the version of the window and of the program behind it, and say where they differ', async () => {
  const { push } = await open();
  await fireEvent.click(screen.getByTestId('nav-settings'));
  await waitFor(() => expect(screen.getByTestId('versions').textContent?.match(/0\.1\.0/g)).toHaveLength(2));
  expect(screen.getByTestId('versions').textContent).toMatch(/^Streambell 0\.1\.0 · process \d+ · this window 0\.1\.0$/);
  expect(screen.queryByText(/different versions/)).toBeNull();
  push({ push: 'snapshot', value: aSnapshot({ version: '0.0.9' }) });
  expect(await screen.findByText(/different versions/)).toBeDefined();
});

test('the look follows the configuration whenever another one is in force', async () => {
  const settings = aConfiguration().settings;
  let theme: 'light' | 'dark' = 'light';
  const { push } = await open(new ScriptedBackend({ configuration: () => ({ answer: 'configuration', value: aConfiguration({ settings: { ...settings, dashboard: { ...settings.dashboard, theme } } }) }) }));
  await waitFor(() => expect(document.documentElement.dataset.theme).toBe('light'));
  theme = 'dark';
  push({ push: 'snapshot', value: aSnapshot({ configurations: 1 }) });
  await waitFor(() => expect(document.documentElement.dataset.theme).toBe('dark'));
});

test('the demo has no file: there a choice is the window\'s own', async () => {
  const { backend } = await open(new ScriptedBackend(), aSnapshot({ demo: true }));
  await fireEvent.click(screen.getByTestId('nav-settings'));
  await fireEvent.click(screen.getByTestId('choose-theme').querySelector('input[value="dark"]')!);
  expect(document.documentElement.dataset.theme).toBe('dark');
  expect(backend.of('save-settings')).toEqual([]);
});

test('a stream whose program somebody wrote into the file is named where programs are not allowed', async () => {
  const stream = aForm({ name: 'vault', auth: { kind: 'bearer', name: '', source: 'command', place: 'pass\nvault', template: '' } });
  await open(new ScriptedBackend({ configuration: () => ({ answer: 'configuration', value: aConfiguration({ streams: [stream] }) }) }));
  await fireEvent.click(screen.getByTestId('nav-settings'));
  await waitFor(() => expect(screen.getByTestId('settings-programs').textContent).toContain('for vault'));
});

test('without a network the line on top counts down, and tries again what is offline and nothing else', async () => {
  const offline = { state: 'offline' as const, message: plain('there is no network'), retryAtMs: Date.now() + 30_000 };
  const { backend } = await open(new ScriptedBackend(), aSnapshot({ streams: [aStream('a', offline), aStream('near'), aStream('b', offline)] }));
  expect(screen.getByTestId('status-line').textContent).toMatch(/No network\. Next try in \d+ s/);
  await fireEvent.click(screen.getByTestId('status-step'));
  await waitFor(() => expect(backend.of('reconnect').map(({ stream }) => stream)).toEqual(['a', 'b']));
  await fireEvent.click(screen.getByTestId('nav-streams'));
  expect(screen.getAllByTestId('stream-row')[0]?.textContent).toMatch(/next try in \d+ s/);
});

test('a stream that ended as it should says so in its row, and asks for nothing', async () => {
  await open(new ScriptedBackend(), aSnapshot({ streams: [aStream('job', { state: 'ended', finished: true })] }));
  expect(screen.getByTestId('status-line').textContent).toContain('Every stream has ended');
  await fireEvent.click(screen.getByTestId('nav-streams'));
  const [row] = screen.getAllByTestId('stream-row');
  expect(row?.textContent).toContain('Ended');
  expect(row?.querySelector('svg.finished')).not.toBeNull();
  expect(screen.queryByTestId('stream-retry')).toBeNull();
});

test('who leaves the search before anything is found comes to the rows once they are there, and stays elsewhere who went elsewhere', async () => {
  const answers: (() => void)[] = [];
  const history = () => new Promise<Answer>((done) => answers.push(() => done({ answer: 'history', value: [anEvent(1)] })));
  for (const stays of [true, false]) {
    answers.length = 0;
    await open(new ScriptedBackend({ history }));
    await fireEvent.click(screen.getByTestId('nav-feed'));
    const field = screen.getByTestId('feed-search');
    field.focus();
    await fireEvent.keyDown(field, { key: 'Enter' });
    expect([screen.queryByRole('listbox'), document.activeElement]).toEqual([null, field]);
    if (!stays) screen.getByTestId('feed-pause').focus();
    await waitFor(() => expect(answers.length).toBeGreaterThan(0));
    for (const answer of answers) answer();
    const list = await screen.findByRole('listbox');
    await waitFor(() => expect(document.activeElement).toBe(stays ? list : screen.getByTestId('feed-pause')));
    cleanup();
  }
});
