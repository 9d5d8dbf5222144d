/**
 * What a person says of alerts, shown at once: the resident is told right away, or when it can no longer be undone.
 * Nothing of it is true before the resident has it; where it refuses, all is as it was.
 */
import { askFor, Refusal, type Backend } from './backend';
import type { AlertQuery, AlertView, Snapshot } from './protocol';

/** How long something can be undone before the resident is told. */
export const UNDO_MS = 6000;

export type What = 'read' | 'acknowledged' | 'unread' | 'unacknowledged';

const CALLS = { read: 'mark-read', acknowledged: 'acknowledge', unread: 'mark-unread', unacknowledged: 'unacknowledge' } as const;

interface Mark {
  readonly what: What;
  readonly atMs: number;
  readonly of: (alert: AlertView) => boolean;
  /** These were said to be unread since. */
  readonly except: Set<number>;
  /** How many unread alerts it takes away that no snapshot names; counted off as long as the resident has not been told. */
  readonly unnamed: number;
  readonly tell: () => Promise<unknown>;
  readonly timer: ReturnType<typeof setTimeout> | undefined;
  readonly told: boolean;
}

export class Marks {
  readonly #backend: Backend;
  readonly #done: (apply: (alert: AlertView) => AlertView) => void;
  readonly #refused: (message: string) => void;
  #marks = $state.raw<readonly Mark[]>([]);

  /** `done` gets what changes each alert for good, `refused` why the resident would not have it. */
  constructor(backend: Backend, done: (apply: (alert: AlertView) => AlertView) => void, refused: (message: string) => void) {
    this.#backend = backend;
    this.#done = done;
    this.#refused = refused;
  }

  /** An alert as it is once the resident knows all that was said. */
  apply(alert: AlertView): AlertView {
    return this.#marks.reduce((one, mark) => (isOf(mark, one) ? marked(one, mark) : one), alert);
  }

  /** How many unread alerts are read here that no snapshot names. */
  get unnamed(): number {
    return this.#marks.reduce((sum, mark) => sum + (mark.told ? 0 : mark.unnamed), 0);
  }

  /** Says it at once. */
  async now(what: What, alerts: readonly AlertView[]): Promise<void> {
    const mark = this.#these(what, alerts, 0, undefined);
    // That they were read no snapshot may ever say, and it would be waited for.
    if (what === 'unread') for (const { told, except } of this.#marks) if (told) alerts.forEach(({ id }) => except.add(id));
    this.#marks = [...this.#marks, mark];
    await this.#tell(mark);
  }

  /** Says it when it can no longer be undone. Gives what undoes it. */
  soon(what: What, alerts: readonly AlertView[], unnamed: number): () => void {
    return this.#wait((timer) => this.#these(what, alerts, unnamed, timer));
  }

  /** The same for every unread alert of a query, however many they are. */
  allRead(query: AlertQuery, of: (alert: AlertView) => boolean, unnamed: number): () => void {
    const tell = () => askFor(this.#backend, 'marked', { call: 'mark-read-where', query });
    return this.#wait((timer) => ({ what: 'read', atMs: Date.now(), of, except: new Set(), unnamed, tell, timer, told: false }));
  }

  /** Tells the resident now what it has not been told. */
  async commit(): Promise<void> {
    await Promise.all(this.#marks.filter(({ told }) => !told).map((mark) => this.#tell(mark)));
  }

  /** A mark is kept until a snapshot has it, so that none that was under way takes it back. */
  takeSnapshot({ alerts }: Snapshot): void {
    this.#marks = this.#marks.filter((mark) => !mark.told || takesBack(mark) || alerts.some((alert) => !alert.read && isOf(mark, alert)));
  }

  /** The resident says how these are now: what was taken back of them is in that. */
  takeChanged(alerts: readonly AlertView[]): void {
    this.#marks = this.#marks.filter((mark) => !mark.told || !takesBack(mark) || !alerts.some((alert) => isOf(mark, alert)));
  }

  #these(what: What, alerts: readonly AlertView[], unnamed: number, timer: Mark['timer']): Mark {
    const ids = new Set(alerts.map(({ id }) => id));
    const tell = () => askFor(this.#backend, 'done', { call: CALLS[what], alerts: [...ids] });
    return { what, atMs: Date.now(), of: ({ id }) => ids.has(id), except: new Set(), unnamed, tell, timer, told: false };
  }

  #wait(make: (timer: Mark['timer']) => Mark): () => void {
    const timer = setTimeout(() => void this.#tell(mark), UNDO_MS);
    const mark = make(timer);
    this.#marks = [...this.#marks, mark];
    return () => {
      clearTimeout(timer);
      this.#marks = this.#marks.filter((one) => one !== mark);
    };
  }

  async #tell(mark: Mark): Promise<void> {
    if (!this.#marks.includes(mark)) return;
    clearTimeout(mark.timer);
    const told = { ...mark, told: true };
    this.#marks = this.#marks.map((one) => (one === mark ? told : one));
    try {
      await mark.tell();
      this.#done((alert) => (isOf(mark, alert) ? marked(alert, mark) : alert));
    } catch (thrown) {
      this.#marks = this.#marks.filter((one) => one !== told);
      this.#refused(Refusal.from(thrown).message);
    }
  }
}

function isOf({ of, except }: Mark, alert: AlertView): boolean {
  return of(alert) && !except.has(alert.id);
}

function takesBack({ what }: Mark): boolean {
  return what === 'unread' || what === 'unacknowledged';
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
