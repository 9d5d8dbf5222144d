/** What is done only while somebody sees it. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { nowAndThen } from '../src/lib/visible';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

class Page extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible';

  turn(state: DocumentVisibilityState): void {
    this.visibilityState = state;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

test('what is done now and then is not done while nobody sees it, and once afterwards', () => {
  const page = new Page();
  const act = vi.fn();
  const end = nowAndThen(act, 1000, page as unknown as Document);
  vi.advanceTimersByTime(2000);
  expect(act).toHaveBeenCalledTimes(2);
  page.turn('hidden');
  vi.advanceTimersByTime(60_000);
  expect(act).toHaveBeenCalledTimes(2);
  page.turn('visible');
  expect(act).toHaveBeenCalledTimes(3);
  page.turn('hidden');
  page.turn('visible');
  expect(act).toHaveBeenCalledTimes(3);
  end();
  vi.advanceTimersByTime(5000);
  page.turn('hidden');
  page.turn('visible');
  expect(act).toHaveBeenCalledTimes(3);
});
