/** Controls to choose by: what they show is what is in force. */
import { fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { expect, test, vi } from 'vitest';

import Choice from '../src/components/Choice.svelte';
import Select from '../src/components/Select.svelte';

const choices = [['form', 'As form'], ['text', 'As text']] as const;

test('a choice that was refused is shown as it was, and can be made again', async () => {
  const onpick = vi.fn();
  render(Choice, { props: { label: 'How', value: 'text', choices, testid: 'mode', onpick } });
  const [form, text] = screen.getAllByRole<HTMLInputElement>('radio');
  await fireEvent.click(form!);
  await tick();
  expect([form!.checked, text!.checked]).toEqual([false, true]);
  await fireEvent.click(form!);
  expect(onpick).toHaveBeenCalledTimes(2);
});

test('a choice that is taken is shown', async () => {
  const onpick = vi.fn((value: string) => rerender({ value }));
  const { rerender } = render(Choice, { props: { label: 'How', value: 'text', choices, testid: 'mode', onpick } });
  const [form] = screen.getAllByRole<HTMLInputElement>('radio');
  await fireEvent.click(form!);
  await tick();
  expect(form!.checked).toBe(true);
});

test('a choice from a list that was refused is shown as it was, and can be made again', async () => {
  const onpick = vi.fn();
  const { rerender } = render(Select, { props: { value: 'text', choices, testid: 'mode', onpick } });
  const select = screen.getByTestId<HTMLSelectElement>('mode');
  for (const times of [1, 2]) {
    await fireEvent.change(select, { target: { value: 'form' } });
    await tick();
    expect(select.value).toBe('text');
    expect(onpick).toHaveBeenCalledTimes(times);
  }
  await rerender({ value: 'form' });
  expect(select.value).toBe('form');
});

test('a list that is bound to a value sets it', async () => {
  const bound = { value: 'text' };
  const props = { choices, testid: 'mode' } as const;
  render(Select, { props: { ...props, get value() { return bound.value; }, set value(next) { bound.value = next; } } });
  await fireEvent.change(screen.getByTestId('mode'), { target: { value: 'form' } });
  expect(bound.value).toBe('form');
});
