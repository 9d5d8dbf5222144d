/**
 * What a person says of alerts, shown at once: the resident is told right away, or when it can no longer be undone.
 * Nothing of it is true before the resident has it; where it refuses, all is as it was.
 */
import { askFor, Refusal, type Backend } from './backend';
import type { AlertQuery, AlertView, Snapshot } from './protocol';

/** How long something can be undone before the resident is told. */
export const UNDO_MS = 6000;

/** A way back, and how long it leads there. */
export interface WayBack {
  readonly undo: () => void;
  /** Whether it still undoes something; without it, it does at any time. */
  readonly works?: () => boolean;
}

export type What = 'read' | 'acknowledged' | 'unread' | 'unacknowledged';

const CALLS = { read: 'mark-read', acknowledged: 'acknowledge', unread: 'mark-unread', unacknowledged: 'unacknowledge' } as const;

interface Mark {
  readonly what: What;
  readonly atMs: number;
  readonly of: (alert: AlertView) => boolean;
  /** How many unread alerts it takes away that no snapshot names. */
  readonly unnamed: number;
  readonly tell: () => Promise<unknown>;
  readonly timer: ReturnType<typeof setTimeout> | undefined;
  readonly told: boolean;
  /** Whether the resident said that it has done it. */
  readonly answered: boolean;
  /**
   * When it had done this and all that was said before, and whatever it says of a later moment knows of it; null before. So
   * what was said later never counts for less long than what it took back.
   */
  readonly doneMs: number | null;
}

export class Marks {
  readonly #backend: Backend;
  readonly #done: (apply: (alert: AlertView) => AlertView) => void;
  readonly #refused: (message: string) => void;
  #marks = $state.raw<readonly Mark[]>([]);
  /** The last telling that was begun, until it ends. */
  #telling: Promise<void> | null = null;

  /** `done` gets what changes each alert for good, `refused` why the resident would not have it. */
  constructor(backend: Backend, done: (apply: (alert: AlertView) => AlertView) => void, refused: (message: string) => void) {
    this.#backend = backend;
    this.#done = done;
    this.#refused = refused;
  }

  /** An alert as it is once the resident knows all that was said. */
  apply(alert: AlertView): AlertView {
    return this.#over(alert, ({ doneMs }) => doneMs === null);
  }

  /** An alert as the resident said it was at a moment, with what it has done since and said already. */
  since(atMs: number, alert: AlertView): AlertView {
    return this.#over(alert, ({ doneMs }) => doneMs !== null && doneMs >= atMs);
  }

  /** How many unread alerts are read here that no snapshot names. */
  get unnamed(): number {
    return this.#marks.reduce((sum, mark) => sum + (mark.doneMs === null ? mark.unnamed : 0), 0);
  }

  /** Says it at once; what waits of the same alerts was said before it, and is told before it. */
  async now(what: What, alerts: readonly AlertView[]): Promise<void> {
    for (const mark of this.#marks) if (!mark.told && alerts.some(mark.of)) void this.#tellNext(mark);
    const mark = this.#these(what, alerts, 0, undefined);
    this.#marks = [...this.#marks, mark];
    await this.#tellNext(mark);
  }

  /** Says it when it need no longer be undone. Gives what undoes it, also once the resident was told: a notice that is held stays longer. */
  soon(what: 'read' | 'acknowledged', alerts: readonly AlertView[], unnamed: number): () => void {
    return this.#wait((timer) => this.#these(what, alerts, unnamed, timer), () => this.back(alerts)).undo;
  }

  /** Takes back that alerts were read or acknowledged: each is again as it is given here. */
  back(alerts: readonly AlertView[]): void {
    const [unread, read] = [alerts.filter(({ read }) => !read), alerts.filter(({ read }) => read)];
    if (unread.length) void this.now('unread', unread);
    if (read.length) void this.now('unacknowledged', read);
  }

  /**
   * Reads every unread alert of a query, however many they are, when it need no longer be undone; `marked` is told how many
   * the resident marked. Which those were only the resident knows, so that there is no way back once it was told.
   */
  allRead(query: AlertQuery, of: (alert: AlertView) => boolean, unnamed: number, marked: (count: number) => void = () => {}): WayBack {
    const tell = async () => marked((await askFor(this.#backend, 'marked', { call: 'mark-read-where', query })).count);
    return this.#wait((timer) => ({ what: 'read', atMs: Date.now(), of, unnamed, tell, timer, told: false, answered: false, doneMs: null }));
  }

  /** Tells the resident now what it has not been told, because the page may go away. */
  async commit(): Promise<void> {
    await Promise.all(this.#marks.filter(({ told }) => !told).map((mark) => this.#tell(mark)));
  }

  /** A mark is kept until there is a snapshot of a later moment: what is older may still be under way, and would take it back. */
  takeSnapshot({ atMs }: Snapshot): void {
    this.#marks = this.#marks.filter(({ doneMs }) => doneMs === null || doneMs >= atMs);
  }

  #over(alert: AlertView, counts: (mark: Mark) => boolean): AlertView {
    return this.#marks.reduce((one, mark) => (counts(mark) && mark.of(one) ? marked(one, mark) : one), alert);
  }

  #these(what: What, alerts: readonly AlertView[], unnamed: number, timer: Mark['timer']): Mark {
    const ids = new Set(alerts.map(({ id }) => id));
    const tell = () => askFor(this.#backend, 'done', { call: CALLS[what], alerts: [...ids] });
    return { what, atMs: Date.now(), of: ({ id }) => ids.has(id), unnamed, tell, timer, told: false, answered: false, doneMs: null };
  }

  /** `late` undoes it where the resident was told. */
  #wait(make: (timer: Mark['timer']) => Mark, late: () => void = () => {}): WayBack {
    const timer = setTimeout(() => void this.#tellNext(mark), UNDO_MS);
    const mark = make(timer);
    this.#marks = [...this.#marks, mark];
    const works = () => this.#marks.includes(mark);
    const undo = () => {
      if (!works()) return late();
      clearTimeout(timer);
      this.#marks = this.#marks.filter((one) => one !== mark);
    };
    return { undo, works };
  }

  /** Tells it when what was told before is answered: what the resident is asked at one time it does side by side. */
  #tellNext(mark: Mark): Promise<void> {
    const telling = this.#telling ? this.#telling.then(() => this.#tell(mark)) : this.#tell(mark);
    this.#telling = telling;
    void telling.then(() => {
      if (this.#telling === telling) this.#telling = null;
    });
    return telling;
  }

  async #tell(mark: Mark): Promise<void> {
    if (!this.#marks.includes(mark)) return;
    clearTimeout(mark.timer);
    // In the order in which the resident hears of them.
    const told = { ...mark, told: true };
    this.#marks = [...this.#marks.filter((one) => one !== mark), told];
    try {
      await mark.tell();
      this.#settle(this.#marks.map((one) => (one === told ? { ...told, answered: true } : one)));
    } catch (thrown) {
      this.#settle(this.#marks.filter((one) => one !== told));
      this.#refused(Refusal.from(thrown).message);
    }
  }

  /** What is answered is done once all is that was said before it: answers may come in another order than they were asked for. */
  #settle(marks: readonly Mark[]): void {
    const awaited = marks.findIndex(({ told, answered }) => told && !answered);
    const isDone = (mark: Mark, at: number) => mark.answered && mark.doneMs === null && (awaited < 0 || at < awaited);
    this.#marks = marks.map((mark, at) => (isDone(mark, at) ? { ...mark, doneMs: Date.now() } : mark));
    this.#done((alert) => this.since(-Infinity, alert));
  }
}

function marked(alert: AlertView, { what, atMs }: Mark): AlertView {
  switch (what) {
    case 'read':
      return alert.read ? alert : { ...alert, read: true };
    case 'acknowledged':
      return alert.answer === 'acknowledged' ? alert : { ...alert, read: true, answer: 'acknowledged', answeredAtMs: atMs };
    case 'unread':
      return alert.read ? { ...unanswered(alert), read: false } : alert;
    case 'unacknowledged':
      return unanswered(alert);
  }
}

function unanswered(alert: AlertView): AlertView {
  return alert.answer === 'acknowledged' ? { ...alert, answer: '', answeredAtMs: null } : alert;
}
