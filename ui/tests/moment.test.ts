/** A moment in a field for a day and a time of day. */
import { fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { expect, test, vi } from 'vitest';

import GoToTime from '../src/components/GoToTime.svelte';
import { localMoment, readMoment } from '../src/lib/moment';
import Spoken from './Spoken.svelte';

const MORNING = new Date(2026, 10, 20, 9, 30, 2, 345).getTime();

test('a moment is read as it is written, to the end of its second', () => {
  expect(localMoment(MORNING)).toBe('2026-11-20T09:30:02');
  expect(readMoment(localMoment(MORNING))).toBe(MORNING - 345 + 999);
  expect(readMoment(' 2026-11-20 09:30 ')).toBe(new Date(2026, 10, 20, 9, 30).getTime() + 999);
  expect(['', '2026-11-20', '09:30', '2026-13-20T09:30', '2026-11-20T25:00', 'yesterday'].map(readMoment)).toEqual([null, null, null, null, null, null]);
});

test('the time to go to is asked for at the one that is shown; one that is none, or to come, is said and not gone to', async () => {
  const ongo = vi.fn();
  render(Spoken, { props: { one: GoToTime, props: { untilMs: MORNING, ongo } } });
  const button = screen.getByTestId('feed-time');
  await fireEvent.click(button);
  const field = await screen.findByLabelText<HTMLInputElement>('Events up to');
  expect([field.value, document.activeElement]).toEqual(['2026-11-20T09:30:02', field]);
  for (const [value, said] of [['', 'Write a day and a time of day.'], [localMoment(Date.now() + 3_600_000), 'That moment is still to come.']] as const) {
    await fireEvent.input(field, { target: { value } });
    await fireEvent.click(screen.getByTestId('feed-time-go'));
    expect(screen.getByRole('alert').textContent).toBe(said);
    expect(field.getAttribute('aria-invalid')).toBe('true');
  }
  expect(ongo).not.toHaveBeenCalled();
  await fireEvent.input(field, { target: { value: '2026-11-19T08:00' } });
  await fireEvent.click(screen.getByTestId('feed-time-go'));
  expect(ongo).toHaveBeenCalledExactlyOnceWith(new Date(2026, 10, 19, 8).getTime() + 999);
  expect([screen.queryByRole('dialog'), document.activeElement]).toEqual([null, button]);
});

test('now can be gone to, and Escape goes nowhere', async () => {
  const ongo = vi.fn();
  render(Spoken, { props: { one: GoToTime, props: { untilMs: null, ongo } } });
  await fireEvent.click(screen.getByTestId('feed-time'));
  await fireEvent.keyDown(await screen.findByTestId('feed-time-typed'), { key: 'Escape' });
  await tick();
  expect(screen.queryByRole('dialog')).toBeNull();
  await fireEvent.click(screen.getByTestId('feed-time'));
  await fireEvent.click(await screen.findByTestId('feed-time-go'));
  expect(ongo).toHaveBeenCalledOnce();
});
