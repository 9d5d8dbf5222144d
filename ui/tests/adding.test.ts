/** Adding a stream step by step, on the fake resident. */
import { configure, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, expect, test } from 'vitest';

import App from '../src/App.svelte';
import { plain } from '../src/lib/i18n/text';
import { nameFor } from '../src/lib/address';
import { emptyDraft, toStream } from '../src/lib/form';
import type { Answer, DoctorReport, PresetChoice, WatchView } from '../src/lib/protocol';
import { emptyRule } from '../src/lib/rule-draft';
import { anEvent, aSnapshot, aStream, ScriptedBackend } from './support';

// A busy machine takes its time.
configure({ asyncUtilTimeout: 5000 });

beforeEach(() => {
  localStorage.setItem('streambell.preferences', '{"language":"en"}');
});

const edited = (): Answer => ({ answer: 'edited', value: { undo: 1 } });

async function open(answers: ConstructorParameters<typeof ScriptedBackend>[0] = {}, snapshot = aSnapshot({ streams: [] })) {
  const backend = new ScriptedBackend({ presets: () => ({ answer: 'presets', value: [] }), 'save-rule': edited, 'save-tile': edited, ...answers });
  render(App, { props: { backend } });
  await waitFor(() => expect(backend.hearer).toBeDefined());
  backend.hearer?.link({ link: 'connected' });
  backend.hearer?.push({ push: 'snapshot', value: snapshot });
  await fireEvent.click(await screen.findByTestId('add-stream'));
  const seen = (part: Partial<WatchView>) => {
    const watch = backend.of('watch-stream').at(-1)?.watch ?? 0;
    backend.hearer?.push({ push: 'watched', value: { watch, phase: 'open', message: plain(''), over: false, status: 200, http: '2', headerMs: 12, firstEventMs: null, total: 0, names: [], events: [], omitted: 0, ...part } });
  };
  return { backend, seen };
}

async function connectTo(url: string): Promise<void> {
  await fireEvent.input(screen.getByTestId('add-url'), { target: { value: url } });
  await fireEvent.click(screen.getByTestId('add-connect'));
}

test('a stream that wants a token is added without reading anything', async () => {
  const { backend, seen } = await open();
  await connectTo('https://api.example.com/stream');
  await waitFor(() => expect(backend.of('watch-stream')).toMatchObject([{ secret: null, stream: { name: 'example', url: 'https://api.example.com/stream', auth: { kind: 'none' } } }]));
  seen({ phase: 'needs-sign-in', status: 401, over: true });
  await waitFor(() => expect(screen.getByTestId('add-stream-steps').dataset.step).toBe('sign-in'));
  expect(screen.getByTestId('add-asks').textContent).toContain('who you are');

  const token = screen.getByTestId<HTMLInputElement>('add-token');
  expect(token.type).toBe('password');
  await fireEvent.input(token, { target: { value: 's3cret' } });
  await fireEvent.click(screen.getByTestId('add-sign-in-go'));
  await waitFor(() => expect(backend.of('watch-stream')[1]).toMatchObject({ secret: 's3cret', stream: { auth: { kind: 'bearer' } } }));

  const names = [
    { name: 'price-update', count: 12, sample: '{"symbol":"BTC","price":1}', tiles: [{ key: '/symbol', value: '/price' }] },
    { name: 'market-alert', count: 1, sample: '{"symbol":"BTC","message":"<b>fell</b>"}', tiles: [] },
  ];
  seen({ total: 13, names, events: [{ atMs: 1, name: 'market-alert', id: '', data: '<img src=x>' }] });
  const rows = await screen.findAllByTestId('add-event-name');
  expect(rows.map((row) => row.dataset.name)).toEqual(['price-update', 'market-alert']);
  expect(rows[0]?.textContent).toContain('× 12');
  expect(document.querySelector('img')).toBeNull();
  await fireEvent.click(screen.getAllByTestId('add-ring')[1]!);
  await fireEvent.click(screen.getByTestId('add-tile'));
  await fireEvent.click(screen.getByTestId('add-finish'));

  await waitFor(() => expect(screen.getByTestId('notice').textContent).toContain('“example” was added, with 1 rule and 1 tile'));
  expect(backend.of('save-stream')).toMatchObject([{ original: null, secret: 's3cret', stream: { name: 'example' } }]);
  expect(backend.of('save-rule')).toMatchObject([{ original: null, draft: { draft: 'form', value: { name: 'example: market-alert', streams: ['example'], events: ['market-alert'] } } }]);
  expect(backend.of('save-tile')).toEqual([{ call: 'save-tile', original: null, tile: { stream: 'example', event: 'price-update', key: '/symbol', value: '/price', change: null, unit: null, label: null } }]);
  // What was seen meanwhile is kept before its rules are made, which must not ring for it.
  expect(backend.of('keep-watched')).toEqual([{ call: 'keep-watched', watch: backend.of('watch-stream')[1]?.watch, stream: 'example' }]);
  expect(backend.asked.findIndex(({ call }) => call === 'keep-watched')).toBeLessThan(backend.asked.findIndex(({ call }) => call === 'save-rule'));
  expect(backend.of('unwatch-stream')).toHaveLength(1);
  expect(screen.queryByTestId('add-token')).toBeNull();
});

test('while a stream is added none of the others is the chosen one, and one is again once that is closed', async () => {
  await open({}, aSnapshot({ streams: [aStream('market'), aStream('ops')] }));
  const chosen = () => screen.getAllByTestId('stream-open').map((row) => row.getAttribute('aria-current'));
  expect(await screen.findByTestId('add-url')).toBeDefined();
  await waitFor(() => expect(chosen()).toEqual([null, null]));
  await fireEvent.click(screen.getAllByTestId('stream-open')[1]!);
  await waitFor(() => expect(chosen()).toEqual([null, 'true']));
});

test('a token that is refused is asked for again, and none is sent where none was typed', async () => {
  const { backend, seen } = await open();
  await connectTo('https://example.com/stream');
  await waitFor(() => expect(backend.of('watch-stream')).toHaveLength(1));
  seen({ phase: 'needs-sign-in', over: true });
  await fireEvent.click(await screen.findByTestId('add-sign-in-go'));
  expect(await screen.findByText('Paste it here first.')).toBeDefined();
  expect(backend.of('watch-stream')).toHaveLength(1);
  await fireEvent.input(screen.getByTestId('add-token'), { target: { value: 'wrong' } });
  await fireEvent.click(screen.getByTestId('add-sign-in-go'));
  await waitFor(() => expect(backend.of('watch-stream')).toHaveLength(2));
  seen({ phase: 'needs-sign-in', message: plain('The server answered 401.'), over: true });
  await waitFor(() => expect(screen.getByTestId('add-asks').textContent).toContain('did not accept'));
});

test('another way to sign in asks for its fields without calling them wrong before they were asked for', async () => {
  const { seen } = await open();
  await connectTo('https://example.com/stream');
  seen({ phase: 'needs-sign-in', over: true });
  await fireEvent.change(await screen.findByTestId('add-auth'), { target: { value: 'oauth2' } });
  const client = await screen.findByTestId('stream-client-id');
  expect(client.getAttribute('aria-invalid')).toBe('false');
  await fireEvent.click(screen.getByTestId('add-sign-in-go'));
  await waitFor(() => expect(client.getAttribute('aria-invalid')).toBe('true'));
});

test('an address that is none is said at the field, and nothing is connected', async () => {
  const { backend } = await open();
  await connectTo('example');
  await waitFor(() => expect(screen.getByTestId('add-url').getAttribute('aria-invalid')).toBe('true'));
  expect(backend.of('watch-stream')).toEqual([]);
});

test('what does not answer can be added all the same', async () => {
  const { backend, seen } = await open();
  await connectTo('https://example.com/stream');
  await waitFor(() => expect(backend.of('watch-stream')).toHaveLength(1));
  seen({ phase: 'refused', message: plain('The server answered 502.'), over: true });
  await waitFor(() => expect(screen.getByTestId('add-trouble').textContent).toContain('502'));
  await fireEvent.click(screen.getByTestId('add-anyway'));
  await fireEvent.click(await screen.findByTestId('add-finish'));
  await waitFor(() => expect(backend.of('save-stream')).toHaveLength(1));
});

test.each([
  ['en', 204, 'It says that there is nothing to stream. The server answers 204', /^Check the address/],
  ['zh', 204, '它说这里没有可以推送的内容。 服务器返回 204', /^请向服务器的管理者核对地址/],
  ['en', 404, 'It answers, but with no event stream. The server answers 404', null],
  ['zh', 404, '它有应答，但不是事件流。 服务器返回 404', null],
  ['en', null, 'It cannot be reached. The server answers null', null],
])('a server that answers is not said to be out of reach (%s, %s)', async (language, status, said, advice) => {
  localStorage.setItem('streambell.preferences', JSON.stringify({ language }));
  const { backend, seen } = await open();
  await connectTo('https://example.com/stream');
  await waitFor(() => expect(backend.of('watch-stream')).toHaveLength(1));
  seen({ phase: 'refused', status, message: { en: `the server answers ${status}`, zh: `服务器返回 ${status}` }, over: true });
  await waitFor(() => expect(screen.getByTestId('add-trouble').textContent).toContain(said));
  if (advice) expect(screen.getByTestId('add-advice').textContent).toMatch(advice);
  else expect(screen.queryByTestId('add-advice')).toBeNull();
});

test('a sign-in with a code saves the stream first, and listens to it once it is open', async () => {
  const guess: Answer = { answer: 'tile-form', value: { stream: 'example', event: 'price-update', key: '/symbol', value: '/price', change: null, unit: null, label: null } };
  const { backend, seen } = await open({ history: () => ({ answer: 'history', value: [anEvent(7, { stream: 'example' })] }), 'draft-tile': () => guess });
  await connectTo('https://example.com/stream');
  await waitFor(() => expect(backend.of('watch-stream')).toHaveLength(1));
  seen({ phase: 'needs-sign-in', over: true });
  await fireEvent.change(await screen.findByTestId('add-auth'), { target: { value: 'oauth2' } });
  await fireEvent.input(screen.getByTestId('stream-token-url'), { target: { value: 'https://id.example.com/token' } });
  await fireEvent.input(screen.getByTestId('stream-device-url'), { target: { value: 'https://id.example.com/device' } });
  await fireEvent.input(screen.getByTestId('stream-client-id'), { target: { value: 'me' } });
  await fireEvent.click(screen.getByTestId('add-sign-in-go'));
  await waitFor(() => expect(backend.of('sign-in')).toEqual([{ call: 'sign-in', stream: 'example' }]));
  expect(backend.of('save-stream')).toMatchObject([{ original: null, secret: null }]);
  const code = { step: 'code' as const, code: 'WDJB-MJHT', url: 'https://id.example.com', completeUrl: null, expiresAtMs: Date.now() + 60_000 };
  backend.hearer?.push({ push: 'snapshot', value: aSnapshot({ streams: [aStream('example', { state: 'needs-sign-in', byCode: true, signIn: code })] }) });
  expect((await screen.findAllByTestId('sign-in-code'))[0]?.textContent).toBe('WDJB-MJHT');
  backend.hearer?.push({ push: 'snapshot', value: aSnapshot({ streams: [aStream('example', { byCode: true })] }) });
  const events = [anEvent(7, { stream: 'example' }), anEvent(8, { stream: 'other', event: 'else' }), anEvent(9, { stream: 'example' })];
  await screen.findByTestId('add-event-name');
  backend.hearer?.push({ push: 'events', value: { events, omitted: 0 } });
  await waitFor(() => expect(screen.getByTestId('add-event-name').textContent).toContain('× 2'));
  await fireEvent.click(await screen.findByTestId('add-tile'));
  await fireEvent.click(screen.getByTestId('add-finish'));
  await waitFor(() => expect(backend.of('save-tile')).toMatchObject([{ tile: { stream: 'example', event: 'price-update', value: '/price' } }]));
  expect(backend.of('save-stream')[1]).toMatchObject({ original: 'example' });
  // Another connection would spend its token.
  expect(backend.of('watch-stream')).toHaveLength(1);
});

test('a preset asks what it needs, and brings its rules', async () => {
  const filled = { stream: { ...toForm('alerts', 'https://ntfy.sh/alerts/sse'), preset: { key: 'ntfy', values: { topic: 'alerts' } } }, rules: ['[[rule]]\nname = "ntfy"\nstream = "ntfy"\n'], tiles: ['[[tile]]\nstream = "ntfy"\nevent = "message"\nvalue = "/n"\n'] };
  const preset = { key: 'ntfy', name: { en: 'ntfy', zh: 'ntfy' }, help: { en: 'Help.', zh: '帮助。' }, docs: 'javascript:alert(1)', fields: [{ key: 'topic', label: { en: 'Topic', zh: '主题' }, example: 'alerts', default: '' }], auth: [], example: filled };
  const { backend, seen } = await open({ presets: () => ({ answer: 'presets', value: [preset] }), 'fill-preset': () => ({ answer: 'filled-preset', value: filled }),
    'rule-text': () => ({ answer: 'rule-text', value: { text: '', form: emptyRule('ntfy', { streams: ['ntfy'] }), faults: [] } }),
    import: () => ({ answer: 'imported', value: { faults: [], items: [], reaching: [], applied: true } }),
  });
  await fireEvent.click(await screen.findByTestId('add-preset'));
  expect(screen.queryByText(/Read more/)).toBeNull();
  await fireEvent.input(screen.getByTestId('add-field-topic'), { target: { value: 'alerts' } });
  await fireEvent.click(screen.getByTestId('add-connect'));
  await waitFor(() => expect(backend.of('fill-preset')).toEqual([{ call: 'fill-preset', choice: { key: 'ntfy', values: { topic: 'alerts' } } }]));
  await waitFor(() => expect(backend.of('watch-stream')).toMatchObject([{ stream: { preset: { key: 'ntfy' } } }]));
  seen({});
  await fireEvent.click(await screen.findByTestId('add-finish'));
  await waitFor(() => expect(backend.of('save-rule')).toMatchObject([{ draft: { draft: 'form', value: { name: 'ntfy', streams: ['alerts'] } } }]));
  await waitFor(() => expect(backend.of('import')).toEqual([{ call: 'import', text: 'version = 1\n\n[[tile]]\nstream = "alerts"\nevent = "message"\nvalue = "/n"\n', apply: true }]));
  expect(backend.of('save-stream')).toMatchObject([{ stream: { name: 'alerts', preset: { key: 'ntfy' } } }]);
});

function toForm(name: string, url: string) {
  return toStream({ ...emptyDraft(), name, url });
}

test('a name is what tells a host from others', () => {
  expect(['https://api.example.com/x', 'https://ntfy.sh/a', 'http://localhost:8080', 'http://10.0.0.1/', 'nonsense'].map(nameFor)).toEqual(['example', 'ntfy', 'localhost', '10.0.0.1', '']);
});

/** As far as a token that was typed for the first address, and back. */
async function typeTokenAndGoBack(seen: (part: Partial<WatchView>) => void): Promise<void> {
  await connectTo('https://one.example.com/stream');
  seen({ phase: 'needs-sign-in', over: true });
  await waitFor(() => expect(screen.getByTestId('add-stream-steps').dataset.step).toBe('sign-in'));
  await fireEvent.input(screen.getByTestId('add-token'), { target: { value: 'for-one' } });
  await fireEvent.click(screen.getByTestId('add-back'));
}

test('a token that was typed for one server is not sent to another', async () => {
  const { backend, seen } = await open();
  await typeTokenAndGoBack(seen);
  await connectTo('https://two.example.com/stream');
  await waitFor(() => expect(backend.of('watch-stream')).toHaveLength(2));
  expect(backend.of('watch-stream')[1]).toMatchObject({ secret: null, stream: { url: 'https://two.example.com/stream' } });
  seen({ phase: 'needs-sign-in', over: true });
  await waitFor(() => expect(screen.getByTestId('add-stream-steps').dataset.step).toBe('sign-in'));
  expect(screen.getByTestId<HTMLInputElement>('add-token').value).toBe('');
  expect(screen.getByTestId('add-asks').textContent).toContain('who you are');
  expect(JSON.stringify(backend.asked)).not.toContain('for-one');
});

test('a token that was typed is kept for another path of the same server', async () => {
  const { backend, seen } = await open();
  await typeTokenAndGoBack(seen);
  await connectTo('https://one.example.com/events');
  await waitFor(() => expect(backend.of('watch-stream')[1]).toMatchObject({ secret: 'for-one' }));
});

test('a token that was typed for one server is not stored for another that is added unseen', async () => {
  const { backend, seen } = await open();
  await typeTokenAndGoBack(seen);
  await connectTo('https://one.example.com/stream');
  await waitFor(() => expect(backend.of('watch-stream')[1]).toMatchObject({ secret: 'for-one' }));
  seen({ phase: 'refused', over: true });
  const anyway = await screen.findByTestId('add-anyway');
  await fireEvent.input(screen.getByTestId('add-url'), { target: { value: 'https://two.example.com/stream' } });
  await fireEvent.click(anyway);
  await fireEvent.click(await screen.findByTestId('add-finish'));
  await waitFor(() => expect(screen.getByTestId('add-stream-steps').dataset.step).toBe('sign-in'));
  expect(screen.getByTestId<HTMLInputElement>('add-token').value).toBe('');
  expect(backend.of('save-stream')).toEqual([]);
});

test('what does not answer is diagnosed before it is saved, with the token that was typed for it', async () => {
  const figures = { status: 502, http: '1.1', headerMs: 12, firstByteMs: null, events: 0, watchedMs: 15_000, connections: 1, longestSilenceS: null, heartbeatS: null, ids: 'unknown', resume: 'not-tried', certificateDays: null } as const;
  const finding = { code: 'buffered', weight: 'problem', certainty: 'certain', title: plain('A proxy holds the events back'), evidence: plain('seen'), mends: [{ product: 'nginx', words: plain('turn it off'), paste: 'proxy_buffering off;' }] } as const;
  const report = { verdict: 'findings', summary: plain('one thing'), servers: [], findings: [finding], notes: [], figures } as unknown as DoctorReport;
  const { backend, seen } = await open({ diagnose: () => ({ answer: 'diagnosed', value: report }) });
  await connectTo('https://example.com/stream');
  seen({ phase: 'needs-sign-in', over: true });
  await waitFor(() => expect(screen.getByTestId('add-stream-steps').dataset.step).toBe('sign-in'));
  await fireEvent.input(screen.getByTestId('add-token'), { target: { value: 's3cret' } });
  await fireEvent.click(screen.getByTestId('add-sign-in-go'));
  await waitFor(() => expect(backend.of('watch-stream')).toHaveLength(2));
  seen({ phase: 'refused', message: plain('The server answered 502.'), over: true });
  await fireEvent.click(await screen.findByTestId('add-diagnose'));
  await waitFor(() => expect(backend.of('diagnose')).toMatchObject([{ original: null, secret: 's3cret', seconds: 15, stream: { url: 'https://example.com/stream', auth: { kind: 'bearer' } } }]));
  expect((await screen.findByTestId('finding')).textContent).toContain('proxy_buffering off;');
  // Again, from the pane; that sends the form no more than the first time.
  await fireEvent.click(screen.getByTestId('diagnose'));
  await waitFor(() => expect(backend.of('diagnose')).toHaveLength(2));
  expect(backend.of('watch-stream')).toHaveLength(2);
  expect(screen.getByTestId('add-anyway')).toBeDefined();
  expect(backend.of('save-stream')).toEqual([]);
});

test('a stream that was added is taken back with its rules and tiles, the newest first', async () => {
  let edits = 0;
  const numbered = (): Answer => ({ answer: 'edited', value: { undo: ++edits } });
  const { backend, seen } = await open({ 'save-stream': numbered, 'save-rule': numbered, 'save-tile': numbered, undo: numbered });
  await connectTo('https://example.com/stream');
  await waitFor(() => expect(backend.of('watch-stream')).toHaveLength(1));
  seen({ total: 1, names: [{ name: 'price', count: 1, sample: '{"symbol":"BTC","price":1}', tiles: [{ key: '/symbol', value: '/price' }] }] });
  await fireEvent.click(await screen.findByTestId('add-ring'));
  await fireEvent.click(screen.getByTestId('add-tile'));
  await fireEvent.click(screen.getByTestId('add-finish'));
  await waitFor(() => expect(screen.getByTestId('notice').textContent).toContain('“example” was added, with 1 rule and 1 tile'));
  await fireEvent.click(screen.getByTestId('undo'));
  await waitFor(() => expect(backend.of('undo').map(({ edit }) => edit)).toEqual([3, 2, 1]));
});

const NTFY = (() => {
  const filled = { stream: { ...toForm('alerts', 'https://ntfy.sh/alerts/sse'), preset: { key: 'ntfy', values: { topic: 'alerts' } } }, rules: [], tiles: [] };
  const preset = { key: 'ntfy', name: plain('ntfy'), help: plain('Help.'), docs: '', fields: [{ key: 'topic', label: plain('Topic'), example: 'alerts', default: '' }], auth: [], example: filled };
  return { presets: () => ({ answer: 'presets', value: [preset] }), 'fill-preset': () => ({ answer: 'filled-preset', value: filled }) } satisfies Parameters<typeof open>[0];
})();

test('nothing of a preset that was left stays in a stream of another address', async () => {
  const { backend, seen } = await open(NTFY);
  await fireEvent.click(await screen.findByTestId('add-preset'));
  await fireEvent.input(screen.getByTestId('add-field-topic'), { target: { value: 'alerts' } });
  await fireEvent.click(screen.getByTestId('add-connect'));
  await waitFor(() => expect(backend.of('watch-stream')).toMatchObject([{ stream: { name: 'alerts', preset: { key: 'ntfy' } } }]));
  seen({ phase: 'refused', over: true });
  await fireEvent.click(screen.getByTestId('add-other'));
  await connectTo('https://one.example.com/stream');
  await waitFor(() => expect(backend.of('watch-stream')).toHaveLength(2));
  expect(backend.of('watch-stream')[1]!.stream).toEqual(toForm('one', 'https://one.example.com/stream'));
});

const reading = { name: 'reading', count: 3, sample: '{"t":1}', tiles: [{ key: '', value: '/t' }, { key: '', value: '/u' }] };
const ticks = () => ['add-ring', 'add-tile'].map((testid) => screen.getAllByTestId<HTMLInputElement>(testid)[0]!.checked);

/** Connected to the first address, with all that came ticked. */
async function tickAll({ backend, seen }: Awaited<ReturnType<typeof open>>): Promise<void> {
  await connectTo('https://one.example.com/stream');
  await waitFor(() => expect(backend.of('watch-stream')).toHaveLength(1));
  seen({ total: 3, names: [reading] });
  await fireEvent.click(await screen.findByTestId('add-ring'));
  await fireEvent.click(screen.getByTestId('add-tile'));
  await fireEvent.change(screen.getByTestId('add-tile-value'), { target: { value: '1' } });
}

test('what was ticked for one address is not made for another', async () => {
  const opened = await open();
  const { backend, seen } = opened;
  await tickAll(opened);
  await fireEvent.click(screen.getAllByTestId('add-back').at(-1)!);
  await connectTo('https://two.example.com/stream');
  await waitFor(() => expect(backend.of('watch-stream')).toHaveLength(2));
  seen({ total: 1, names: [{ ...reading, name: 'other' }] });
  await waitFor(() => expect(screen.getAllByTestId('add-event-name').map(({ dataset }) => dataset.name)).toEqual(['other']));
  expect(ticks()).toEqual([false, false]);
  await fireEvent.click(screen.getByTestId('add-finish'));
  await waitFor(() => expect(screen.getByTestId('notice').textContent).toContain('“two” was added'));
  expect([backend.of('save-rule'), backend.of('save-tile')]).toEqual([[], []]);
});

test('what was ticked is still there, and made, where the same address is looked at again and nothing comes', async () => {
  const opened = await open();
  const { backend, seen } = opened;
  await tickAll(opened);
  await fireEvent.click(screen.getAllByTestId('add-back').at(-1)!);
  await fireEvent.click(screen.getByTestId('add-connect'));
  await waitFor(() => expect(backend.of('watch-stream')).toHaveLength(2));
  seen({});
  await waitFor(() => expect(ticks()).toEqual([true, true]));
  expect(screen.getByTestId<HTMLSelectElement>('add-tile-value').value).toBe('1');
  seen({ total: 2, names: [{ ...reading, name: 'other' }, reading] });
  await waitFor(() => expect(screen.getAllByTestId('add-event-name').map(({ dataset }) => dataset.name)).toEqual(['reading', 'other']));
  await fireEvent.click(screen.getByTestId('add-finish'));
  await waitFor(() => expect(backend.of('save-tile')).toMatchObject([{ tile: { event: 'reading', value: '/u' } }]));
  expect(backend.of('save-rule')).toMatchObject([{ draft: { value: { events: ['reading'] } } }]);
});

test('a token that was accepted is still there after a name that could not be', async () => {
  const { backend, seen } = await open();
  await connectTo('https://one.example.com/stream');
  seen({ phase: 'needs-sign-in', over: true });
  await fireEvent.input(await screen.findByTestId('add-token'), { target: { value: 's3cret' } });
  await fireEvent.click(screen.getByTestId('add-sign-in-go'));
  await waitFor(() => expect(backend.of('watch-stream')).toHaveLength(2));
  seen({});
  const name = await screen.findByTestId('add-name');
  await fireEvent.input(name, { target: { value: '' } });
  await fireEvent.click(screen.getByTestId('add-finish'));
  await waitFor(() => expect(name.getAttribute('aria-invalid')).toBe('true'));
  await fireEvent.input(name, { target: { value: 'mine' } });
  await fireEvent.click(screen.getByTestId('add-finish'));
  await waitFor(() => expect(backend.of('save-stream')).toMatchObject([{ secret: 's3cret', stream: { name: 'mine' } }]));
});

test('where the resident goes while it connects, it can be asked to connect again', async () => {
  const { backend } = await open();
  await connectTo('https://one.example.com/stream');
  const button = screen.getByTestId<HTMLButtonElement>('add-connect');
  await waitFor(() => expect(button.disabled).toBe(true));
  backend.hearer?.link({ link: 'lost', message: plain('it ended') });
  backend.hearer?.link({ link: 'connected' });
  await waitFor(() => expect(button.disabled).toBe(false));
});

test('what was answered of a preset’s questions is said to be lost where the form is left, and comes back', async () => {
  await open(NTFY);
  await fireEvent.click(await screen.findByTestId('add-preset'));
  await fireEvent.input(screen.getByTestId('add-field-topic'), { target: { value: 'alerts' } });
  await fireEvent.click(screen.getByTestId('add-close'));
  await waitFor(() => expect(screen.getByTestId('notice').textContent).toContain('“alerts”'));
  await fireEvent.click(screen.getByTestId('undo'));
  expect((await screen.findByTestId<HTMLInputElement>('add-field-topic')).value).toBe('alerts');
});

test('other answers to a preset bring their own rules, ticked, also where the address is the same', async () => {
  const fill = (call: { choice: { values: Record<string, string> } }) => {
    const { entity = '' } = call.choice.values;
    const stream = { ...toForm('home', 'https://home.example.com/api/stream'), preset: { key: 'ntfy', values: { entity } } };
    return { answer: 'filled-preset' as const, value: { stream, rules: [`[[rule]]\nname = "${entity}"\n`], tiles: [] } };
  };
  const { backend, seen } = await open({
    ...NTFY,
    presets: () => ({ answer: 'presets', value: [{ ...NTFY.presets().value[0]!, fields: [{ key: 'entity', label: plain('Entity'), example: '', default: '' }] }] }),
    'fill-preset': (call) => fill(call),
    'rule-text': () => ({ answer: 'rule-text', value: { text: '', form: emptyRule('rule'), faults: [] } }),
  });
  await fireEvent.click(await screen.findByTestId('add-preset'));
  for (const entity of ['dor', 'door']) {
    await fireEvent.input(screen.getByTestId('add-field-entity'), { target: { value: entity } });
    await fireEvent.click(screen.getByTestId('add-connect'));
    await waitFor(() => expect(backend.of('watch-stream').at(-1)).toMatchObject({ stream: { preset: { values: { entity } } } }));
    seen({});
    await screen.findByTestId('add-finish');
    if (entity === 'dor') await fireEvent.click(screen.getAllByTestId('add-back').at(-1)!);
  }
  await fireEvent.click(screen.getByTestId('add-finish'));
  await waitFor(() => expect(backend.of('rule-text')).toMatchObject([{ draft: { value: expect.stringContaining('"door"') } }]));
});

test('what else was filled in comes back with the answers, and none of it is in the store', async () => {
  const filled = NTFY['fill-preset']().value;
  const echo = (call: { choice: PresetChoice }) => ({ answer: 'filled-preset' as const, value: { ...filled, stream: { ...filled.stream, preset: call.choice } } });
  const { backend, seen } = await open({ ...NTFY, 'fill-preset': echo });
  await fireEvent.click(await screen.findByTestId('add-preset'));
  await fireEvent.input(screen.getByTestId('add-field-topic'), { target: { value: 'hush-hush' } });
  await fireEvent.click(screen.getByTestId('add-connect'));
  await waitFor(() => expect(backend.of('watch-stream')).toHaveLength(1));
  seen({});
  await fireEvent.input(await screen.findByTestId('add-name'), { target: { value: 'mine' } });
  await fireEvent.click(screen.getByTestId('add-close'));
  await fireEvent.click(screen.getByTestId('undo'));
  expect((await screen.findByTestId<HTMLInputElement>('add-field-topic')).value).toBe('hush-hush');
  await fireEvent.click(screen.getByTestId('add-connect'));
  await waitFor(() => expect(backend.of('watch-stream')).toMatchObject([{}, { stream: { name: 'mine', preset: { key: 'ntfy' } } }]));
  await fireEvent(window, new Event('pagehide'));
  const kept = localStorage.getItem('streambell.drafts');
  expect(kept).toContain('"mine"');
  expect(kept).not.toContain('hush-hush');
});
