/** New alerts for a live region: one sentence now and then, however many come. */
import type { AlertView } from './protocol';

/** Between two sentences, so that each can be read to its end. */
export const QUIET_MS = 4000;

export interface Announcement {
  readonly count: number;
  readonly newest: AlertView;
}

export class Announcer {
  #said = $state.raw<Announcement | null>(null);
  #waiting: Announcement | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** What is to be said now; null where nothing came for a while. */
  get said(): Announcement | null {
    return this.#said;
  }

  take(alerts: readonly AlertView[]): void {
    const loud = alerts.filter(({ read, urgency, state }) => !read && urgency !== 'none' && state !== 'suppressed');
    const newest = loud.at(-1);
    if (!newest) return;
    this.#waiting = { count: (this.#waiting?.count ?? 0) + loud.length, newest };
    if (this.#timer === undefined) this.#say();
  }

  #say(): void {
    this.#said = this.#waiting;
    this.#waiting = null;
    this.#timer = this.#said ? setTimeout(() => this.#say(), QUIET_MS) : undefined;
  }
}
