/** Events per minute, and how they fade. */
import { expect, test } from 'vitest';

import { eventsPerMinute } from '../src/lib/rate';

test('a minute after the last event there are none a minute, whatever was told then', () => {
  const stream = { eventsPerMinute: 84, lastEventAtMs: 1_000_000 };
  expect([0, 59_999, 60_000, 9_000_000].map((later) => eventsPerMinute(stream, 1_000_000 + later))).toEqual([84, 84, 0, 0]);
  expect(eventsPerMinute({ eventsPerMinute: 3, lastEventAtMs: null }, 1)).toBe(0);
});
