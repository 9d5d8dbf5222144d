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
/** So long what was done can be taken back though its notice is gone: as long as the resident can. */
const KEPT_MS = 10 * 60_000;
/** The most that is kept of it. */
const MOST_KEPT = 32;

interface Done {
  readonly notice: Notice;
  readonly untilMs: number;
}

/** One notice at a time: the newest. What was done is remembered for longer, to be taken back one after the other. */
export class Notices {
  #notice = $state.raw<Notice | null>(null);
  /** The newest last. */
  #done = $state.raw<readonly Done[]>([]);
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

  /** What undoing is about now: what the notice tells of, or what was done last. */
  get undoable(): Notice | null {
    if (this.#current?.undo) return this.#current;
    return this.#done.findLast(({ notice, untilMs }) => untilMs > Date.now() && notice.works?.() !== false)?.notice ?? null;
  }

  tell(notice: Notice | null): void {
    this.#notice = notice && this.#remember(notice);
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

  /** Undoes what the notice tells of, or what was done last; that is then said with `undone`, because nothing else tells what it was. */
  undo(undone: (text: string) => string): void {
    const { undoable } = this;
    const isTold = undoable === this.#current;
    this.tell(undoable && !isTold ? { text: undone(undoable.text) } : null);
    undoable?.undo?.();
  }

  /** The notice, with a way back that is gone once. A way on leads nowhere later. */
  #remember(notice: Notice): Notice {
    const { undo, way } = notice;
    if (!undo || way) return notice;
    const told = {
      ...notice,
      undo: () => {
        this.#done = this.#done.filter((done) => done.notice !== told);
        undo();
      },
    };
    this.#done = [...this.#done, { notice: told, untilMs: Date.now() + KEPT_MS }].slice(-MOST_KEPT);
    return told;
  }
}
