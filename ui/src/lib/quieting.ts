/** Silences rules, streams and single alerts, ends that again, and tells each with the way back. */
import type { Notice } from './notices.svelte';
import type { SilenceMatcher } from './protocol';
import type { Resident } from './resident.svelte';
import { ofStream, type Silent } from './silencing';

interface Page {
  readonly resident: Resident;
  attempt(act: () => Promise<void>): void;
  tell(notice: Notice): void;
}

export class Quieting {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /**
   * Shows none of certain alerts for so long, in place of what silenced them before. `said` tells of it. Where something
   * keeps them silent for longer, nothing is changed and `longer` tells of that.
   */
  extend(matcher: SilenceMatcher, seconds: number, said: string, longer: (untilMs: number | null) => string, before: Silent | null, nowMs: number): void {
    if (before && (before.untilMs === null || before.untilMs > nowMs + seconds * 1000)) this.#page.tell({ text: longer(before.untilMs) });
    else this.silence(matcher, seconds, '', said, before);
  }

  /** Shows none of certain alerts for so long, also where that is shorter than what silenced them before. */
  silence(matcher: SilenceMatcher, seconds: number, comment: string, said: string, before: Silent | null = null): void {
    const { resident } = this.#page;
    this.#do(said, async () => {
      const id = await resident.silence(matcher, seconds, comment);
      await this.#end(before);
      return async () => {
        await resident.endSilence(id);
        await this.#again(before);
      };
    });
  }

  /** Shows no alert of a stream for so long, which outlasts a restart; or until that is ended, and no longer than the resident runs. */
  stream(stream: string, seconds: number | null, said: string, before: Silent | null = null): void {
    if (seconds !== null) {
      this.silence(ofStream(stream), seconds, '', said, before);
      return;
    }
    const { resident } = this.#page;
    this.#do(said, async () => {
      await resident.pause(null, stream);
      await this.#end(before && { ...before, pause: null });
      return async () => {
        await resident.resume(stream);
        await this.#again(before);
      };
    });
  }

  /** Lets be heard again what is silent. */
  end(silent: Silent, said: string): void {
    this.#do(said, () => this.ended(silent));
  }

  /** The same, told by nobody; gives the way back. */
  async ended(silent: Silent | null): Promise<() => Promise<void>> {
    await this.#end(silent);
    return () => this.#again(silent);
  }

  #do(text: string, act: () => Promise<() => Promise<void>>): void {
    const page = this.#page;
    page.attempt(async () => {
      const back = await act();
      page.tell({ text, undo: () => page.attempt(back) });
    });
  }

  async #end(silent: Silent | null): Promise<void> {
    const { resident } = this.#page;
    for (const { id } of silent?.silences ?? []) await resident.endSilence(id);
    if (silent?.pause) await resident.resume(silent.pause.stream);
  }

  /** Makes it silent again, for what was left of the time. */
  async #again(silent: Silent | null): Promise<void> {
    const { resident } = this.#page;
    const left = (untilMs: number) => Math.ceil((untilMs - Date.now()) / 1000);
    for (const { matcher, untilMs, comment } of silent?.silences ?? []) if (left(untilMs) > 0) await resident.silence(matcher, left(untilMs), comment);
    const pause = silent?.pause;
    if (!pause) return;
    if (pause.untilMs === null) await resident.pause(null, pause.stream);
    else if (left(pause.untilMs) > 0) await resident.pause(left(pause.untilMs), pause.stream);
  }
}
