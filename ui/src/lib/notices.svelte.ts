/** The line at the bottom that says what was done, and offers the way back. */

/** A line at the bottom that goes away by itself. */
export interface Notice {
  readonly text: string;
  readonly undo?: () => void;
  /** Whether that still undoes something; without it, it does as long as the notice stands. */
  readonly works?: () => boolean;
  /** What its button says where it does not undo. */
  readonly way?: string;
  /** Whether it stays long enough to think again about it. */
  readonly lasting?: boolean;
}

const NOTICE_MS = 6000;
const LASTING_MS = 30_000;

/** One notice at a time: the newest. */
export class Notices {
  #notice = $state.raw<Notice | null>(null);
  /** Whether somebody is at the notice, or looks for what it offers. */
  #isHeld = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #current = $derived.by(() => {
    const notice = this.#notice;
    return notice?.works && !notice.works() ? { text: notice.text } : notice;
  });

  /** What stands at the bottom, with its way back while that works. */
  get current(): Notice | null {
    return this.#current;
  }

  tell(notice: Notice | null): void {
    this.#notice = notice;
    // Of what goes, nobody says that they left it.
    this.hold(notice !== null && this.#isHeld);
  }

  /** Keeps the notice while somebody is at it, also where another takes its place meanwhile. */
  hold(held: boolean): void {
    this.#isHeld = held;
    clearTimeout(this.#timer);
    const notice = this.#notice;
    if (notice && !held) this.#timer = setTimeout(() => (this.#notice = null), notice.lasting ? LASTING_MS : NOTICE_MS);
  }

  /** Undoes what the notice tells of, while it does. */
  undo(): void {
    const undo = this.current?.undo;
    this.tell(null);
    undo?.();
  }
}
