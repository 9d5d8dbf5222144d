/** A row of the feed, whose element shows the next event while somebody presses it. */
import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import FeedRow from '../src/components/FeedRow.svelte';
import Spoken from './Spoken.svelte';
import { anEvent } from './support';

test('what is opened is what was pressed, whatever stands there when it is let go', async () => {
  const opened: number[] = [];
  const props = (seq: number) => ({ event: anEvent(seq), onselect: ({ seq }: { seq: number }) => opened.push(seq) });
  const { rerender } = render(Spoken, { props: { one: FeedRow, props: props(1) } });
  const row = screen.getByTestId('feed-row');
  await fireEvent.pointerDown(row);
  await rerender({ props: { one: FeedRow, props: props(2) } });
  expect(screen.getByTestId('feed-row')).toBe(row);
  await fireEvent.click(row, { detail: 1 });
  // Pressed and let go elsewhere: what is opened later by a key is what stands there then.
  await fireEvent.pointerDown(row);
  await rerender({ props: { one: FeedRow, props: props(3) } });
  await fireEvent.click(row, { detail: 0 });
  expect(opened).toEqual([1, 3]);
});
