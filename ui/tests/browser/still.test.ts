/** What stays where it is while things come and go. */
import { mount, unmount, type Component } from 'svelte';
import { expect, onTestFinished, test } from 'vitest';
import { page } from 'vitest/browser';

import '../../src/tokens.css';
import '../../src/base.css';

import AddName from '../../src/components/AddName.svelte';
import AlertDetail from '../../src/components/AlertDetail.svelte';
import StreamRow from '../../src/components/StreamRow.svelte';
import { plain } from '../../src/lib/i18n/text';
import type { StreamView } from '../../src/lib/protocol';
import Spoken from '../Spoken.svelte';
import { anAlert, anEvent, aStream } from '../support';

function draw(one: Component<any>, props: Record<string, unknown>, width = '40rem'): HTMLElement {
  const target = document.createElement('div');
  target.style.width = width;
  document.body.append(target);
  const app = mount(Spoken, { target, props: { one, props } });
  onTestFinished(async () => {
    await unmount(app);
    target.remove();
  });
  return target;
}

const told = () => {};

test('a stream is as high in the list while it is connected as while it waits for its next try', () => {
  const height = (part: Partial<StreamView>) => {
    const props = { stream: aStream('market', part), uptime: null, selected: false, silent: null, disabled: false, onselect: told, onreconnect: told, onsignin: told, onendsilence: told };
    return draw(StreamRow, props).getBoundingClientRect().height;
  };
  const message = plain('the server answered 503 Service Unavailable, and has said nothing about when it will be back again, so it is asked again');
  expect(height({ state: 'waiting', message, retryAtMs: Date.now() + 9000 })).toBe(height({ state: 'open' }));
});

test.each([15, 20, 22, 24, 26, 28, 40])('an event name is as high with one value to choose as with several, %d rem wide', (width) => {
  const adding = { rings: new Set(), tiles: new Map() };
  const height = (...values: string[]) => {
    const name = { name: 'deploy', count: 1, sample: '{}', tiles: values.map((value) => ({ key: '/service', value })) };
    return draw(AddName, { adding, name }, `${width}rem`).getBoundingClientRect().height;
  };
  expect(height('/seconds', '/the_longest_of_all_names_of_values')).toBe(height('/s'));
});

test('what stands below the event behind an alert is not seen before that is there', async () => {
  let came = told as (event: ReturnType<typeof anEvent>) => void;
  const found = new Promise((resolve) => (came = resolve));
  draw(AlertDetail, {
    alert: anAlert(1), buttons: [], findEvent: () => found, disabled: false, explain: () => new Promise(told), onlink: told, onacknowledge: told, onunacknowledge: told,
    onunread: told, onmute: told, silencing: false, onsilencing: told, onsilence: told, onevent: told,
  });
  const seen = () => page.getByTestId('why').element().checkVisibility({ visibilityProperty: true });
  expect(seen()).toBe(false);
  came(anEvent(1));
  await expect.element(page.getByTestId('event-data')).toBeVisible();
  await expect.poll(seen).toBe(true);
});
