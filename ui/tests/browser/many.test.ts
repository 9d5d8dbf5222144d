/** A thousand streams: all are there for the keyboard and for who listens; what is out of sight is not drawn. */
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';

import type { Hearer } from '../../src/lib/backend';
import type { FakeBackend } from '../../src/lib/backend/fake';
import { aStream } from '../support';
import { open, show } from './stage';

const MANY = 1000;

/** The fake, with so many streams. */
function crowded(fake: FakeBackend): FakeBackend {
  const streams = Array.from({ length: MANY }, (_, at) => aStream(`s${at}`));
  const crowd = (hearer: Hearer): Hearer => ({
    link: (link) => hearer.link(link),
    push: (push) => hearer.push(push.push === 'snapshot' ? { ...push, value: { ...push.value, streams } } : push),
  });
  return new Proxy(fake, {
    get: (one, name) => {
      if (name === 'hear') return (hearer: Hearer) => one.hear(crowd(hearer));
      const part = one[name as keyof FakeBackend] as unknown;
      return typeof part === 'function' ? part.bind(one) : part;
    },
  });
}

const row = (name: string) => document.querySelector<HTMLElement>(`[data-testid=stream-row][data-name=${name}]`);

function isInSight(name: string): boolean {
  const { top, bottom } = row(name)!.getBoundingClientRect();
  const within = row(name)!.parentElement!.getBoundingClientRect();
  return top >= within.top - 1 && bottom <= within.bottom + 1;
}

async function openMany(): Promise<void> {
  await open({ over: crowded });
  await show('streams');
  await expect.poll(() => row(`s${MANY - 1}`)).not.toBeNull();
}

test('of a thousand streams those out of sight are not drawn', async () => {
  await openMany();
  const drawn = (name: string) => row(name)!.querySelector('h2')!.checkVisibility({ contentVisibilityAuto: true });
  await expect.poll(() => drawn('s0')).toBe(true);
  await expect.poll(() => drawn(`s${MANY - 1}`)).toBe(false);
});

test('the keyboard comes to each of them, and it is in sight when it has the focus', async () => {
  await openMany();
  row('s0')!.querySelector<HTMLElement>('[data-testid=stream-open]')!.focus();
  for (let at = 1; at <= 25; at++) await userEvent.tab();
  expect(document.activeElement?.closest<HTMLElement>('[data-testid=stream-row]')?.dataset.name).toBe('s25');
  await expect.poll(() => isInSight('s25')).toBe(true);
});

test('a stream that is opened from elsewhere is brought into sight', async () => {
  await openMany();
  await userEvent.keyboard('{Control>}k{/Control}');
  await userEvent.keyboard('s777{Enter}');
  await expect.element(page.getByTestId('connection-history')).toHaveAttribute('data-stream', 's777');
  await expect.poll(() => isInSight('s777')).toBe(true);
});
