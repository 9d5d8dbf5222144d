/** Tests of what silences a rule for a while. */
import { expect, test } from 'vitest';

import type { Notice } from '../src/lib/notices.svelte';
import { Quieting } from '../src/lib/quieting';
import type { Resident } from '../src/lib/resident.svelte';
import { ofRule, type Silent } from '../src/lib/silencing';
import { NOW } from './support';

const HOUR = 3600;

function opened() {
  const done: string[] = [];
  const told: Notice[] = [];
  const resident = {
    silence: (_: unknown, seconds: number) => Promise.resolve(done.push(`silence ${seconds}`)),
    endSilence: (id: number) => Promise.resolve(void done.push(`end ${id}`)),
  } as unknown as Resident;
  const acts: Promise<void>[] = [];
  const quieting = new Quieting({ resident, attempt: (act) => void acts.push(act()), tell: (notice) => void told.push(notice) });
  const silenced = async (before: Silent | null) => {
    quieting.extend(ofRule('A'), HOUR, 'an hour', (untilMs) => `longer, until ${untilMs}`, before, NOW);
    await Promise.all(acts);
    return { done, text: told.at(-1)?.text, undo: told.at(-1)?.undo !== undefined };
  };
  return { silenced };
}

const until = (untilMs: number): Silent => ({ untilMs, pause: null, silences: [{ id: 7, matcher: ofRule('A'), comment: '', sinceMs: NOW, untilMs }] as unknown as Silent['silences'] });

test('an hour of silence takes the place of what ends sooner', async () => {
  expect(await opened().silenced(null)).toEqual({ done: [`silence ${HOUR}`], text: 'an hour', undo: true });
  expect(await opened().silenced(until(NOW + HOUR * 1000))).toEqual({ done: [`silence ${HOUR}`, 'end 7'], text: 'an hour', undo: true });
});

test('it never shortens what lasts longer, and says so', async () => {
  const late = NOW + HOUR * 1000 + 1;
  expect(await opened().silenced(until(late))).toEqual({ done: [], text: `longer, until ${late}`, undo: false });
  expect(await opened().silenced({ untilMs: null, silences: [], pause: null })).toEqual({ done: [], text: 'longer, until null', undo: false });
});
