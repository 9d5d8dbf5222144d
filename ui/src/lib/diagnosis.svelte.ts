/** What is wrong between here and a stream's server, as a long look at it finds. */
import { askFor, Refusal, type Backend } from './backend';
import type { DoctorReport, StreamForm } from './protocol';

/** As whom it is looked at: the stream as it is saved, and a secret that is not stored yet. */
interface As {
  readonly original: string | null;
  readonly secret: string | null;
}

/** How long a first look takes, in seconds, and one that shall show what cuts a stream now and then. */
export const LOOKS = [15, 60, 300] as const;

export class Diagnosis {
  readonly #backend: Backend;
  #open = $state(false);
  #stream = $state('');
  #busySinceMs = $state<number | null>(null);
  #seconds = $state<number>(LOOKS[0]);
  #report = $state.raw<DoctorReport | null>(null);
  #trouble = $state('');
  /** The look that counts; the answer to an earlier one is dropped. */
  #asked = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  get open(): boolean {
    return this.#open;
  }
  get stream(): string {
    return this.#stream;
  }
  /** When the look under way began; null while there is none. */
  get busySinceMs(): number | null {
    return this.#busySinceMs;
  }
  get seconds(): number {
    return this.#seconds;
  }
  get report(): DoctorReport | null {
    return this.#report;
  }
  get trouble(): string {
    return this.#trouble;
  }

  /** Opens the pane for a stream; what was found of it before is kept. */
  show(stream: string): void {
    if (this.#stream !== stream) this.#forget(stream);
    this.#open = true;
  }

  close(): void {
    this.#open = false;
  }

  async look(form: StreamForm, seconds: number, { original, secret }: As = { original: form.name, secret: null }): Promise<void> {
    this.#forget(form.name);
    this.#open = true;
    this.#seconds = seconds;
    this.#busySinceMs = Date.now();
    const asked = this.#asked;
    try {
      const report = await askFor(this.#backend, 'diagnosed', { call: 'diagnose', original, stream: form, secret, seconds });
      if (asked === this.#asked) this.#report = report;
    } catch (thrown) {
      if (asked === this.#asked) this.#trouble = Refusal.from(thrown).message;
    } finally {
      if (asked === this.#asked) this.#busySinceMs = null;
    }
  }

  #forget(stream: string): void {
    this.#asked += 1;
    this.#stream = stream;
    this.#busySinceMs = null;
    this.#report = null;
    this.#trouble = '';
  }
}
