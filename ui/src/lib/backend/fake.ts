/** A resident that lives in the page: for work on the dashboard in a plain browser, and for its tests. */
import { Refusal, type Backend, type Hearer } from '../backend';
import { download } from '../download';
import { toStream, emptyDraft } from '../form';
import type { Answer, AuthKind, Call, Configuration, OutageSpan, PauseView, Push, SettingsForm, SilenceView, Snapshot, StoredEvent, StoredSecret, StreamForm, StreamView, TileView, WhyView } from '../protocol';
import { Preferences } from '../preferences.svelte';
import { emptyRule } from '../rule-draft';
import { connectionsOf, uptimeOf } from './connections';
import { diagnosisOf } from './doctor';
import { Edits, RULE_PRESETS, ruleView, SETTINGS } from './edits';
import { PRESETS, filledPreset } from './presets';
import { DIAGNOSIS } from './diagnosis';
import { BATCH_MS, flood, manyValues } from './flood';
import { plain } from '../i18n/text';
import { isMeant, search, tileHistory } from './look';
import { Market } from './market';
import { streamOf, streamText } from './stream-text';
import { Watch } from './watch';

/** `calm`: all is well. `trouble`: some streams are not. `first`: nothing is configured. `lost`: the resident is gone. `restart`: it has just started, and connects. `flood`: 1,000 events a second. */
const SCENES = ['calm', 'trouble', 'first', 'lost', 'restart', 'flood'] as const;
type Scene = (typeof SCENES)[number];

/** The settings, with how the page is to look as it was kept: a file would say so. */
function liked(): SettingsForm {
  const { language, theme, rise, tileOrder, grouped } = new Preferences(localStorage);
  return { ...SETTINGS, language, dashboard: { theme, rise, tileOrder, tilePlaces: [], groupAlerts: grouped } };
}

export class FakeBackend implements Backend {
  readonly #scene: Scene;
  readonly #market: Market;
  readonly #born = Date.now();
  readonly #started = this.#born - 3 * 3600_000;
  #streams: StreamView[];
  #configuration: Configuration;
  #pause: PauseView | null = null;
  #streamPauses: Snapshot['streamPauses'] = [];
  #silences: SilenceView[];
  #lastSilence = 1;
  readonly #watch = new Watch((value) => this.#hearer?.push({ push: 'watched', value }));
  #hearer: Hearer | null = null;
  #startsAtLogin = false;
  #secrets: StoredSecret[] = [
    { account: 'market', stream: 'market', known: true, part: { part: 'main' } },
    { account: 'old-desk/header/X-Key', stream: 'old-desk', known: false, part: { part: 'header', name: 'X-Key' } },
  ];
  readonly #edits: Edits;
  /** What the tiles were when this began. */
  readonly #remembered: TileView[];

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#market = scene === 'flood' ? manyValues(Date.now()) : new Market(Date.now(), undefined, scene === 'trouble' ? 12 : 0);
    const forms = scene === 'first' ? [] : FORMS;
    this.#configuration = {
      file: '/home/me/.config/streambell/config.toml', streams: forms, rules: scene === 'first' ? [] : RULES, quietHours: scene === 'first' ? [] : QUIET,
      tiles: scene === 'first' ? [] : TILES, settings: liked(), rulePresets: RULE_PRESETS,
    };
    this.#silences = scene === 'first' ? [] : [SILENCE];
    this.#streams = forms.map((form) => this.#view(form));
    if (scene === 'trouble') this.#breakSome();
    if (scene === 'restart') this.#connectAnew();
    this.#remembered = [...this.#market.tiles];
    const [configuration, change] = [() => this.#configuration, (to: Configuration) => void (this.#configuration = to)];
    this.#edits = new Edits({ get configuration() { return configuration(); }, set configuration(to) { change(to); }, events: () => this.#market.events });
  }

  static fromAddress(search: string): FakeBackend {
    const scene = new URLSearchParams(search).get('scene');
    return new FakeBackend(SCENES.find((one) => one === scene) ?? 'calm');
  }

  async hear(hearer: Hearer): Promise<() => void> {
    const snapshot = () => hearer.push({ push: 'snapshot', value: this.#snapshot() });
    this.#hearer = hearer;
    hearer.link({ link: 'connected' });
    snapshot();
    const asked = new URLSearchParams(globalThis.location?.search);
    const [alert, stream] = [asked.get('alert'), asked.get('stream')];
    if (alert) hearer.push({ push: 'present', value: { spot: 'alert', alert: Number(alert) } });
    if (stream) hearer.push({ push: 'present', value: { spot: 'stream', stream } });
    if (this.#scene === 'lost') setTimeout(() => hearer.link({ link: 'lost', message: { en: 'the connection to Streambell is lost', zh: '与 Streambell 的连接断开了' } }), 300);
    if (this.#scene === 'flood') return this.#flood(hearer, snapshot);
    const timer = setInterval(() => {
      if (this.#scene === 'lost') return;
      this.#live();
      if (this.#scene === 'calm' || this.#scene === 'trouble' || this.#scene === 'restart') {
        const live = new Set(this.#streams.filter(({ state }) => state === 'open').map(({ name }) => name));
        const events = this.#market.tick(Date.now(), live);
        for (const { stream, atMs, id } of events) this.#touch(stream, (view) => ({ events: view.events + 1, lastEventAtMs: atMs, lastEventId: id }));
        hearer.push({ push: 'events', value: { events, omitted: 0 } });
      }
      snapshot();
    }, 400);
    return () => clearInterval(timer);
  }

  #flood(hearer: Hearer, snapshot: () => void): () => void {
    let last = Date.now();
    const timer = setInterval(() => {
      const now = Date.now();
      hearer.push({ push: 'events', value: flood(this.#market, now, now - last) });
      snapshot();
      last = now;
    }, BATCH_MS);
    return () => clearInterval(timer);
  }

  /** Says something unasked, as it is told to. */
  push(push: Push): void {
    this.#hearer?.push(push);
  }

  async seen(): Promise<void> {}

  async openLink(url: string): Promise<void> {
    globalThis.open?.(url, '_blank', 'noreferrer');
  }

  async saveText(name: string, text: string): Promise<null> {
    download(name, text);
    return null;
  }

  /** A browser closes when it likes. */
  hold(): void {}

  async version(): Promise<string> {
    return '0.1.0';
  }

  async ask(call: Call): Promise<Answer> {
    await new Promise((resolve) => setTimeout(resolve, 30));
    const edited = this.#edits.ask(call);
    if (edited) return this.#follow(edited);
    switch (call.call) {
      case 'hello':
        return { answer: 'hello', value: { version: 2, program: '0.1.0', pid: 4242 } };
      case 'snapshot':
        return { answer: 'snapshot', value: this.#snapshot() };
      case 'pause': {
        const untilMs = call.seconds === null ? null : Date.now() + call.seconds * 1000;
        if (call.stream === null) this.#pause = { untilMs };
        else this.#streamPauses = [...this.#streamPauses.filter(({ stream }) => stream !== call.stream), { stream: call.stream, untilMs }];
        return DONE;
      }
      case 'resume':
        if (call.stream === null) this.#pause = null;
        else this.#streamPauses = this.#streamPauses.filter(({ stream }) => stream !== call.stream);
        return DONE;
      case 'silence': {
        const silence = { id: ++this.#lastSilence, matcher: call.matcher, untilMs: Date.now() + call.seconds * 1000, comment: call.comment, atMs: Date.now() };
        this.#silences = [...this.#silences, silence];
        return { answer: 'silenced', value: { id: silence.id } };
      }
      case 'unsilence':
        this.#silences = this.#silences.filter(({ id }) => id !== call.silence);
        return DONE;
      case 'acknowledge':
        this.#market.acknowledge(call.alerts);
        return DONE;
      case 'mark-unread':
      case 'unacknowledge':
        this.#market.takeBack(call.alerts, call.call === 'mark-unread');
        return DONE;
      case 'reconnect':
        if (call.stream) this.#touch(call.stream, (view) => ({ state: 'connecting', sinceMs: Date.now(), retryAtMs: null, message: plain(''), connections: view.connections + 1 }));
        return DONE;
      case 'history': {
        const { stream, search, before, untilMs, limit } = call.query;
        const words = search?.toLowerCase() ?? '';
        const found = this.#events.filter((event) =>
          (before === null || event.seq < before) && (stream === null || event.stream === stream) && event.atMs <= (untilMs ?? Infinity) && `${event.event} ${event.data}`.toLowerCase().includes(words));
        return { answer: 'history', value: found.slice(-(limit || 200)) };
      }
      case 'alerts': {
        const found = this.#scene === 'first' ? [] : this.#market.alerts.filter((alert) => isMeant(alert, call.query));
        const limit = call.query.limit || 50;
        return { answer: 'alerts', value: call.query.after === null ? found.slice(0, limit) : found.slice(-limit) };
      }
      case 'search':
        return { answer: 'found', value: search(this.#events, call.query) };
      case 'tile-history':
        return { answer: 'tile-history', value: tileHistory(this.#market, call.query, this.#outages()) };
      case 'last-tiles':
        return { answer: 'last-tiles', value: this.#named(this.#remembered) };
      case 'mark-read-where': {
        const meant = this.#market.alerts.filter((alert) => !alert.read && isMeant(alert, call.query)).map(({ id }) => id);
        if (meant.length) this.#market.markRead(meant);
        return { answer: 'marked', value: { count: meant.length } };
      }
      case 'watch-stream':
        this.#watch.start(call);
        return DONE;
      case 'unwatch-stream':
      case 'keep-watched':
        this.#watch.stop(call.watch);
        return DONE;
      case 'stored-secrets':
        return { answer: 'stored-secrets', value: this.#secrets };
      case 'forget-secret':
        this.#secrets = this.#secrets.filter(({ account }) => account !== call.account);
        return DONE;
      case 'start-at-login':
        return { answer: 'start-at-login', value: { enabled: this.#startsAtLogin, trouble: plain('') } };
      case 'set-start-at-login':
        this.#startsAtLogin = call.enabled;
        return DONE;
      case 'start-demo':
        return DONE;
      case 'diagnosis':
        return { answer: 'diagnosis', value: DIAGNOSIS };
      case 'why':
        return { answer: 'why', value: this.#why(call.seq) };
      case 'uptime':
        return { answer: 'uptime', value: this.#streams.map((view) => uptimeOf(view, Date.now())) };
      case 'connections':
        return { answer: 'connections', value: connectionsOf(this.#streams.find(({ name }) => name === call.stream), Date.now()) };
      case 'mark-read':
        this.#market.markRead(call.alerts);
        return DONE;
      case 'configuration':
        return { answer: 'configuration', value: this.#configuration };
      case 'save-stream':
        return this.#follow(this.#save(call.original, streamOf(call.stream)));
      case 'stream-text':
        return { answer: 'stream-text', value: streamText(call.stream, this.#configuration.streams.find(({ name }) => name === call.original)) };
      case 'remove-stream': {
        const { streams, rules, tiles } = this.#configuration;
        const others = rules.filter(({ form }) => form.streams.join('\n') !== call.name);
        return this.#follow(this.#edits.edited({ streams: streams.filter(({ name }) => name !== call.name), rules: others, tiles: tiles.filter(({ stream }) => stream !== call.name) }));
      }
      case 'sign-in':
        this.#signIn(call.stream);
        return DONE;
      case 'cancel-sign-in':
        this.#touch(call.stream, () => ({ signIn: null }));
        return DONE;
      case 'test-stream': {
        await new Promise((resolve) => setTimeout(resolve, 800));
        const ok = streamOf(call.stream).auth.kind === 'none' || call.secret !== null || call.original !== null;
        const message = ok
          ? { en: 'the server answers with an event stream', zh: '服务器返回了事件流' }
          : { en: 'the server answers 401 Unauthorized: it does not accept the credentials', zh: '服务器返回 401：不接受当前凭据' };
        return { answer: 'tested', value: { ok, message, status: ok ? 200 : 401, headerMs: 34, events: ok ? 5 : 0 } };
      }
      case 'diagnose':
        await new Promise((resolve) => setTimeout(resolve, 3000));
        return { answer: 'diagnosed', value: diagnosisOf(streamOf(call.stream)) };
      case 'presets':
        return { answer: 'presets', value: PRESETS };
      case 'fill-preset':
        return { answer: 'filled-preset', value: filledPreset(call.choice) };
      case 'subscribe':
      case 'open-dashboard':
      case 'quit':
        return DONE;
      default:
        throw new Refusal('failed', { en: 'the fake resident cannot do this', zh: '模拟的后台程序做不到' });
    }
  }

  /** Where nothing is configured, nothing has come. */
  get #events(): readonly StoredEvent[] {
    return this.#scene === 'first' ? [] : this.#market.events;
  }

  #why(seq: number): WhyView {
    const event = this.#market.events.find((one) => one.seq === seq);
    if (!event) throw new Refusal('not-found', { en: 'this event is not in the history any more', zh: '历史记录里已没有这个事件' });
    const named = event.event === 'market-alert';
    return {
      rules: [
        {
          rule: 'Market alert', verdict: event.alerts.length ? 'fired' : 'unmatched', stoppedBy: null,
          checks: named
            ? [{ condition: plain('when: data.change_pct|abs >= 3'), value: plain('3.4'), holds: true }]
            : [{ condition: plain('event = "market-alert"'), value: plain(`"${event.event}"`), holds: false }],
        },
        { rule: 'Backup overdue', verdict: 'unmatched', stoppedBy: null, checks: [{ condition: plain('stream = "ops"'), value: plain(`"${event.stream}"`), holds: event.stream === 'ops' }] },
      ],
      rulesChanged: [],
      alerts: event.alerts,
      waiting: [],
    };
  }

  /** Tiles with what their entries call them and count in. */
  #named(tiles: readonly TileView[]): TileView[] {
    const entries = this.#configuration.tiles;
    return tiles.map((tile) => ({ ...tile, label: entries[tile.feed]?.label ?? null, unit: entries[tile.feed]?.unit ?? null }));
  }

  #snapshot(): Snapshot {
    const unread = this.#market.alerts.filter(({ read }) => !read);
    const first = this.#scene === 'first';
    return {
      version: '0.1.0', pid: 4242, demo: false, atMs: Date.now(), pause: this.#pause, streamPauses: this.#streamPauses, silences: this.#silences, unread: first ? 0 : unread.length,
      notifications: { health: 'well' }, ledger: { health: 'well' }, configurations: this.#edits.count, configuration: { health: 'well' },
      streams: this.#streams, tiles: first ? [] : this.#named(this.#scene === 'restart' ? this.#market.tiles.filter((tile) => !this.#remembered.includes(tile)) : this.#market.tiles), tilesLeftOut: 0, alerts: first ? [] : unread.slice(0, 20),
    };
  }

  #view({ name, url, enabled }: StreamForm): StreamView {
    return {
      name, url, state: enabled ? 'open' : 'paused', message: plain(''), missing: null, sinceMs: this.#started, retryAtMs: null, finished: false, connections: enabled ? 1 : 0,
      events: enabled ? 1280 : 0, eventsPerMinute: enabled ? 84 : 0, firstByteMs: enabled ? 41 : null, lastEventAtMs: enabled ? Date.now() : null, lastEventId: '', tokenExpiresAtMs: null, tokenRenewsAtMs: null, byCode: false, signIn: null, quietSinceMs: null, gaps: 0, lastGap: null,
    };
  }

  #save(original: string | null, stream: StreamForm): Answer {
    const { streams } = this.#configuration;
    if (streams.some(({ name }) => name === stream.name && name !== original)) throw new Refusal('invalid', { en: 'another stream has this name', zh: '已有同名的流' });
    this.#streams = this.#streams.filter(({ name }) => name !== original);
    const known = streams.some(({ name }) => name === original);
    return this.#edits.edited({ streams: known ? streams.map((old) => (old.name === original ? stream : old)) : [...streams, stream] });
  }

  /** After an edit, the streams are those that are configured; what is new or other than it was connects. */
  #follow(edited: Answer): Answer {
    const connecting = (form: StreamForm): StreamView => ({ ...this.#view(form), state: form.enabled ? 'connecting' : 'paused', sinceMs: Date.now() });
    this.#streams = this.#configuration.streams.map((form) => {
      const there = this.#streams.find(({ name, url, state }) => name === form.name && url === form.url && (state === 'paused') !== form.enabled);
      return there ?? connecting(form);
    });
    return edited;
  }

  /** The person types the code a few seconds later. */
  #signIn(stream: string): void {
    const url = 'https://id.example.com/activate';
    this.#touch(stream, () => ({ signIn: { step: 'code', code: 'WDJB-MJHT', url, completeUrl: null, expiresAtMs: Date.now() + 600_000 } }));
    setTimeout(() => {
      const signed = this.#streams.some(({ name, signIn }) => name === stream && signIn !== null);
      if (signed) this.#touch(stream, () => ({ signIn: null, state: 'connecting', message: plain(''), missing: null, sinceMs: Date.now(), tokenRenewsAtMs: Date.now() + 3_000_000 }));
    }, 8000);
  }

  #touch(stream: string, change: (view: StreamView) => Partial<StreamView>): void {
    this.#streams = this.#streams.map((view) => (view.name === stream ? { ...view, ...change(view) } : view));
  }

  /** What connects is open a moment later; what waited long enough waits anew. */
  #live(): void {
    for (const { name, state, sinceMs, retryAtMs } of this.#streams) {
      const now = Date.now();
      if (state === 'connecting' && now - sinceMs > 1500) this.#touch(name, () => ({ state: 'open', sinceMs: now }));
      if (state === 'waiting' && retryAtMs !== null && retryAtMs < now) this.#touch(name, () => ({ retryAtMs: now + 24_000 }));
    }
  }

  /** The one that was, and the one that is, where some streams are in trouble. */
  #outages(): OutageSpan[] {
    if (this.#scene !== 'trouble') return [];
    const now = Date.now();
    return [{ fromMs: this.#born - 900_000, toMs: this.#born - 720_000 }, { fromMs: this.#born - 40_000, toMs: now }];
  }

  /** As after a start: nothing has come yet. */
  #connectAnew(): void {
    for (const { name } of this.#streams) this.#touch(name, () => ({ state: 'connecting', sinceMs: Date.now() + 2000, connections: 0, events: 0, lastEventAtMs: null }));
  }

  #breakSome(): void {
    const now = Date.now();
    this.#touch('market', () => ({ state: 'waiting', message: { en: 'the server answers 503 Service Unavailable', zh: '服务器返回 503' }, sinceMs: now - 40_000, retryAtMs: now + 12_000, connections: 7, lastEventAtMs: now - 62_000 }));
    this.#touch('ops', () => ({ quietSinceMs: now - 45_000, gaps: 1, lastGap: { atMs: now - 3_600_000, after: '42' } }));
    this.#touch('builds', () => ({ byCode: true, state: 'needs-sign-in', message: { en: 'nobody has signed in: run streambell token login builds, or sign in on the dashboard', zh: '还没有人登录：请运行 streambell token login builds，或在仪表盘上登录' }, missing: { cause: { en: 'nobody has signed in', zh: '还没有人登录' }, remedy: 'sign-in' }, sinceMs: now - 300_000 }));
    this.#touch('a-stream-with-a-rather-long-name-for-the-warehouse-in-Rotterdam', () => ({ state: 'ended', message: { en: 'the server answers 410 Gone: the address is right no more', zh: '服务器返回 410 Gone：这个地址已不再有效' }, sinceMs: now - 7_200_000 }));
  }
}

const DONE: Answer = { answer: 'done' };

function form(name: string, url: string, authKind: AuthKind, enabled = true): StreamForm {
  return toStream({ ...emptyDraft(), name, url, authKind, enabled });
}

const FORMS: StreamForm[] = [
  form('market', 'https://api.example.com/api/stream', 'bearer'),
  form('ops', 'https://ops.example.com/events?topic=backups&topic=hosts', 'none'),
  { ...form('builds', 'https://ci.example.com/stream', 'cookie'), auth: { kind: 'cookie', name: 'session', source: 'keyring', place: '', template: '' } },
  form('a-stream-with-a-rather-long-name-for-the-warehouse-in-Rotterdam', 'https://warehouse.example.com/nl/rotterdam/v2/streams/inventory/changes?since=now', 'bearer'),
];

const RULES: Configuration['rules'] = [
  ruleView({ ...emptyRule('Market alert'), streams: ['market'], events: ['market-alert'], when: 'data.change_pct|abs >= 3', title: '{{ data.symbol }} {{ data.price }}', body: '{{ data.message }}', urgency: 'critical' }),
  { ...ruleView({ ...emptyRule('Backup overdue'), streams: ['ops'], events: ['backup-*'], trigger: { trigger: 'expect-by', by: '03:30', from: null, days: [], timeZone: null }, urgency: 'low' }), when: { en: 'not seen by 03:30', zh: '03:30 前没有收到' } },
  ruleView({ ...emptyRule('Anything that failed'), events: ['*.failed', 'error'], when: 'data.attempt > 2 and data.branch == "main"' }),
];

const TILES: Configuration['tiles'] = [
  { stream: 'market', event: null, key: null, value: null, change: null, unit: null, label: null },
  { stream: 'market', event: 'metal-update', key: '/metal', value: null, change: null, unit: 'USD/oz', label: null },
];

const QUIET: Configuration['quietHours'] = [
  { from: '22:00', to: '07:00', days: [0, 1, 2, 3, 4, 5, 6], timeZone: null },
  { from: '12:00', to: '13:00', days: [5, 6], timeZone: 'Europe/Berlin' },
];

const SILENCE: SilenceView = {
  id: 1, matcher: { stream: null, rule: 'Backup overdue', group: null, text: 'files-0*' }, untilMs: Date.now() + 5_400_000, comment: 'The disk is being replaced', atMs: Date.now() - 1_800_000,
};
