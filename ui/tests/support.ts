/** Plain values with sane defaults, and a backend that answers as it is told. */
import { plain } from '../src/lib/i18n/text';
import type { Backend, Hearer } from '../src/lib/backend';
import { Preferences } from '../src/lib/preferences.svelte';
import type { AlertView, Answer, Call, Configuration, Snapshot, StoredEvent, StreamForm, StreamView } from '../src/lib/protocol';
import { SETTINGS } from '../src/lib/backend/edits';
import { emptyDraft, toStream } from '../src/lib/form';

export const NOW = Date.UTC(2026, 4, 20, 9, 31, 2);

export function anEvent(seq: number, part: Partial<StoredEvent> = {}): StoredEvent {
  return { seq, atMs: NOW, stream: 'market', event: 'price-update', id: String(seq), data: `{"price":${seq}}`, alerts: [], ...part };
}

export function anAlert(id: number, part: Partial<AlertView> = {}): AlertView {
  return {
    id, seq: id, atMs: NOW - 60_000, stream: 'market', event: 'market-alert', rule: 'Market alert', title: `Alert ${id}`, body: '',
    urgency: 'normal', group: '', link: '', state: 'shown', reason: '', read: false, shownAtMs: null, resolvedAtMs: null, value: '', answer: '', answeredAtMs: null, ...part,
  };
}

/** Alerts from one number down to another, as lists of them are. */
export function down(from: number, to: number, part: Partial<AlertView> = {}): AlertView[] {
  return Array.from({ length: from - to + 1 }, (_, at) => anAlert(from - at, part));
}

/** The numbers of alerts. */
export const ids = (alerts: readonly AlertView[]) => alerts.map(({ id }) => id);

export function aStream(name: string, part: Partial<StreamView> = {}): StreamView {
  return {
    name, url: `https://example.com/${name}`, state: 'open', message: plain(''), missing: null, sinceMs: NOW - 60_000, retryAtMs: null, finished: false, connections: 1,
    events: 0, eventsPerMinute: 0, firstByteMs: null, lastEventAtMs: null, lastEventId: '', tokenExpiresAtMs: null, tokenRenewsAtMs: null, byCode: false, signIn: null, quietSinceMs: null, gaps: 0, lastGap: null, ...part,
  };
}

export function aSnapshot(part: Partial<Snapshot> = {}): Snapshot {
  return {
    version: '0.1.0', pid: 1, demo: false, atMs: NOW, pause: null, streamPauses: [], silences: [], unread: part.alerts?.length ?? 0, notifications: { health: 'well' },
    ledger: { health: 'well' }, configurations: 0, configuration: { health: 'well' }, streams: [aStream('market')], tiles: [], tilesLeftOut: 0, alerts: [], ...part,
  };
}

export function aForm(part: Partial<StreamForm> = {}): StreamForm {
  return { ...toStream({ ...emptyDraft(), name: 'market', url: 'https://example.com/stream' }), ...part };
}

type Answers = { [K in Call['call']]?: (call: Extract<Call, { call: K }>) => Answer | Promise<Answer> };

/** Records what it is asked; what has no answer of its own is done. */
export class ScriptedBackend implements Backend {
  readonly asked: Call[] = [];
  readonly opened: string[] = [];
  /** Whether the page was said to be seen, each time it was. */
  readonly seenIt: boolean[] = [];
  held = false;
  hearer: Hearer | undefined;
  readonly #answers: Answers;

  constructor(answers: Answers = {}) {
    this.#answers = answers;
  }

  async ask(call: Call): Promise<Answer> {
    this.asked.push(structuredClone(call));
    const answer = this.#answers[call.call] as ((call: Call) => Answer | Promise<Answer>) | undefined;
    return answer ? answer(call) : empty(call);
  }

  async hear(hearer: Hearer): Promise<() => void> {
    this.hearer = hearer;
    return () => (this.hearer = undefined);
  }

  async seen(seen: boolean): Promise<void> {
    this.seenIt.push(seen);
  }

  async openLink(url: string): Promise<void> {
    this.opened.push(url);
  }

  hold(held: boolean): void {
    this.held = held;
  }

  async version(): Promise<string> {
    return '0.1.0';
  }

  async saveText(name: string): Promise<string> {
    return `/home/me/Downloads/${name}`;
  }

  /** What was asked of one kind. */
  of<K extends Call['call']>(kind: K): Extract<Call, { call: K }>[] {
    return this.asked.filter((call): call is Extract<Call, { call: K }> => call.call === kind);
  }
}

export function aConfiguration(part: Partial<Configuration> = {}): Configuration {
  return { file: '/config.toml', streams: [], rules: [], quietHours: [], tiles: [], settings: { ...SETTINGS, language: new Preferences(localStorage).language }, rulePresets: [], ...part };
}

function empty(call: Call): Answer {
  if (call.call === 'history') return { answer: 'history', value: [] };
  if (call.call === 'alerts') return { answer: 'alerts', value: [] };
  if (call.call === 'uptime') return { answer: 'uptime', value: [] };
  if (call.call === 'connections') return { answer: 'connections', value: [] };
  if (call.call === 'why') return { answer: 'why', value: { rules: [], rulesChanged: [], alerts: [], waiting: [] } };
  if (call.call === 'configuration') return { answer: 'configuration', value: aConfiguration() };
  if (call.call === 'save-stream') return { answer: 'edited', value: { undo: 1 } };
  if (call.call === 'last-tiles') return { answer: 'last-tiles', value: [] };
  return { answer: 'done' };
}

/** Newest-first alerts out of a store, as the resident pages them. */
export function alertPages(store: readonly AlertView[]): Answers['alerts'] {
  return ({ query: { before, after, limit } }) => {
    const meant = store.filter(({ id }) => (before === null || id < before) && (after === null || id > after));
    return { answer: 'alerts', value: after === null ? meant.slice(0, limit) : meant.slice(-limit) };
  };
}
