/** Names of events to pick and to type: a name that is picked is meant as it stands, whatever is in it. */
import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import Spoken from './Spoken.svelte';
import RuleNames from '../src/components/RuleNames.svelte';
import { patternsIn, withCommas } from '../src/lib/rule-draft';

test('patterns survive the way into the field and back', () => {
  for (const patterns of [['a', 'b-*'], ['{up,down}', 'x'], ['[a,b]c'], ['one, two', 'three'], [String.raw`order\[1\]`], [String.raw`\{a,b\}`], ['[', 'b'], ['\\']]) {
    expect(patternsIn(withCommas(patterns)), withCommas(patterns)).toEqual(patterns);
  }
  expect(patternsIn('a, , b,')).toEqual(['a', 'b']);
});

test('where names are meant and no patterns, a name is picked as it stands and no sign of it is marked', async () => {
  const bound = $state<{ value: string[] }>({ value: [] });
  const known = ['order[1]', 'all*', 'buy, sell', '{a'];
  render(Spoken, { props: { one: RuleNames, props: { label: 'Rules', known, testid: 'rules', patterns: false, get value() { return bound.value; }, set value(next) { bound.value = next; } } } });
  for (const chip of screen.getAllByTestId('rules-known')) await fireEvent.click(chip);
  expect(bound.value).toEqual(known);
  expect(screen.getAllByTestId('rules-known').map((chip) => chip.getAttribute('aria-pressed'))).toEqual(['true', 'true', 'true', 'true']);
  const field = screen.getByTestId<HTMLInputElement>('rules');
  await fireEvent.input(field, { target: { value: `${field.value}, more` } });
  expect(bound.value).toEqual([...known, 'more']);
  await fireEvent.click(screen.getAllByTestId('rules-known')[0]!);
  expect(bound.value).toEqual([...known.slice(1), 'more']);
});

test('a name that looks like a pattern is picked as it stands, and given up again', async () => {
  const bound = $state<{ value: string[] }>({ value: [] });
  const known = ['order[1]', '[', 'buy, sell'];
  render(Spoken, { props: { one: RuleNames, props: { label: 'Events', known, testid: 'events', get value() { return bound.value; }, set value(next) { bound.value = next; } } } });
  for (const chip of screen.getAllByTestId('events-known')) await fireEvent.click(chip);
  expect(bound.value).toEqual([String.raw`order\[1\]`, String.raw`\[`, 'buy, sell']);
  expect(screen.getAllByTestId('events-known').map((chip) => chip.getAttribute('aria-pressed'))).toEqual(['true', 'true', 'true']);
  const field = screen.getByTestId<HTMLInputElement>('events');
  await fireEvent.input(field, { target: { value: `${field.value}, more` } });
  expect(bound.value).toEqual([String.raw`order\[1\]`, String.raw`\[`, 'buy, sell', 'more']);
  await fireEvent.click(screen.getAllByTestId('events-known')[2]!);
  expect(bound.value).toEqual([String.raw`order\[1\]`, String.raw`\[`, 'more']);
});
