/** The time, once a second while somebody can see it. */
import { createContext } from 'svelte';

export class Clock {
  #now = $state(Date.now());
  #timer: ReturnType<typeof setInterval> | undefined;

  get now(): number {
    return this.#now;
  }

  /** Runs while the document is visible, until the returned function is called. */
  run(page: Document): () => void {
    const follow = () => {
      clearInterval(this.#timer);
      if (page.visibilityState === 'hidden') return;
      this.#now = Date.now();
      this.#timer = setInterval(() => (this.#now = Date.now()), 1000);
    };
    page.addEventListener('visibilitychange', follow);
    follow();
    return () => {
      page.removeEventListener('visibilitychange', follow);
      clearInterval(this.#timer);
    };
  }
}

export const [useClock, provideClock] = createContext<Clock>();
