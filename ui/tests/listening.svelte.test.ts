/** What is said to who listens, and what holds still for who points or is at it. */
import { fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';

import DiagnosisPane from '../src/components/DiagnosisPane.svelte';
import FeedTools from '../src/components/FeedTools.svelte';
import SlimFeed from '../src/components/SlimFeed.svelte';
import SlowlySaid from '../src/components/SlowlySaid.svelte';
import { EVERY_EVENT } from '../src/lib/feed.svelte';
import { places, type Line } from '../src/lib/inbox.svelte';
import Spoken from './Spoken.svelte';
import { anAlert, anEvent } from './support';

afterEach(() => void vi.useRealTimers());

test('a count that changes many times a second is said every few seconds, and its end is', async () => {
  vi.useFakeTimers();
  const { rerender } = render(SlowlySaid, { props: { text: 'Waiting' } });
  const said: string[] = [];
  const status = screen.getByRole('status');
  const listen = () => status.textContent !== said.at(-1) && said.push(status.textContent);
  for (let n = 0; n <= 80; n += 1) {
    await rerender({ text: n ? `${n} came` : 'Waiting' });
    await vi.advanceTimersByTimeAsync(100);
    listen();
  }
  expect(said).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(5000);
  expect(status.textContent).toBe('80 came');
});

test('a diagnosis counts down for the eyes only', async () => {
  const diagnosis = { seconds: 30, busySinceMs: Date.now() - 12_000, report: null, trouble: '' };
  render(Spoken, { props: { one: DiagnosisPane, props: { diagnosis, disabled: true, onlook: () => {} } } });
  const status = screen.getByRole('status');
  const heard = [...status.querySelectorAll('span:not([aria-hidden])')].map((one) => one.textContent).join('');
  expect(heard).toContain('30 s');
  expect(status.querySelector('[aria-hidden]')!.textContent).toMatch(/1[78] s/);
  expect(status.querySelector('progress')).toBeNull();
});

test('a line of the inbox tells where it stands among its like', () => {
  const alert = (id: number, level: 1 | 2): Line => ({ is: 'alert', key: `alert ${id}`, alert: anAlert(id), level });
  const lines: Line[] = [
    { is: 'day', key: 'day', atMs: 0 },
    alert(9, 1),
    { is: 'group', key: 'group', alerts: [anAlert(8), anAlert(7)], open: true },
    alert(8, 2),
    alert(7, 2),
    alert(6, 1),
  ];
  const found = (whole: boolean) => lines.map(({ key }) => places(lines, whole).get(key)).map((place) => place && [place.at, place.of]);
  expect(found(true)).toEqual([undefined, [1, 3], [2, 3], [1, 2], [2, 2], [3, 3]]);
  expect(found(false)).toEqual([undefined, [1, -1], [2, -1], [1, 2], [2, 2], [3, -1]]);
});

test('the slim feed holds still for who is in it, also when a pointer has passed over', async () => {
  const props = $state({ latest: [anEvent(1)], onselect: () => {} });
  const { container } = render(Spoken, { props: { one: SlimFeed, props } });
  const [rows] = container.querySelectorAll('.rows');
  const seqs = () => screen.queryAllByTestId('feed-row').map((row) => row.dataset.seq);
  await fireEvent.focusIn(rows!);
  await fireEvent.pointerEnter(rows!);
  await fireEvent.pointerLeave(rows!);
  props.latest = [anEvent(2), anEvent(1)];
  await tick();
  expect(seqs()).toEqual(['1']);
  await fireEvent.focusOut(rows!);
  expect(seqs()).toEqual(['2', '1']);
});

test('a stream that is gone and still filters is named', () => {
  const props = { filter: { ...EVERY_EVENT, stream: 'old' }, streams: ['market'], names: [], ondown: () => {}, onnarrow: () => {} };
  render(Spoken, { props: { one: FeedTools, props } });
  const select = screen.getByTestId<HTMLSelectElement>('feed-stream');
  expect(select.selectedOptions[0]?.textContent).toBe('old');
});
