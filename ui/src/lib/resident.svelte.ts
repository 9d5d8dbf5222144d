/** What the resident last said of itself, and the few things it can be told to do. */
import { askFor, type Backend } from './backend';
import { plain } from './i18n/text';
import type { Link, SilenceMatcher, Snapshot, Text } from './protocol';

export type LinkState = { is: 'unknown' } | { is: 'connected' } | { is: 'lost'; message: Text; goodbye: boolean };

export class Resident {
  readonly #backend: Backend;
  #link = $state.raw<LinkState>({ is: 'unknown' });
  #snapshot = $state.raw<Snapshot | null>(null);

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  get link(): LinkState {
    return this.#link;
  }

  get snapshot(): Snapshot | null {
    return this.#snapshot;
  }

  takeLink(link: Link): void {
    const goodbye = this.#link.is === 'lost' && this.#link.goodbye;
    this.#link = link.link === 'connected' ? { is: 'connected' } : { is: 'lost', message: link.message, goodbye };
  }

  takeSnapshot(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
  }

  takeGoodbye(): void {
    this.#link = { is: 'lost', message: plain(''), goodbye: true };
  }

  /** Pauses notifications: all, or those of one stream. */
  async pause(seconds: number | null, stream: string | null = null): Promise<void> {
    await askFor(this.#backend, 'done', { call: 'pause', seconds, stream });
  }

  async resume(stream: string | null = null): Promise<void> {
    await askFor(this.#backend, 'done', { call: 'resume', stream });
  }

  /** Shows none of certain alerts for so long. Gives the silence's number. */
  async silence(matcher: SilenceMatcher, seconds: number, comment: string): Promise<number> {
    const { id } = await askFor(this.#backend, 'silenced', { call: 'silence', matcher, seconds, comment });
    return id;
  }

  async endSilence(id: number): Promise<void> {
    await askFor(this.#backend, 'done', { call: 'unsilence', silence: id });
  }

  /** Drops a stream's wait and connects at once. */
  async reconnect(stream: string): Promise<void> {
    await askFor(this.#backend, 'done', { call: 'reconnect', stream });
  }

  async signIn(stream: string): Promise<void> {
    await askFor(this.#backend, 'done', { call: 'sign-in', stream });
  }

  async cancelSignIn(stream: string): Promise<void> {
    await askFor(this.#backend, 'done', { call: 'cancel-sign-in', stream });
  }
}
