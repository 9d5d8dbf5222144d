/** The first view in a real browser: dragging tiles, widths and the chart. */
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';

import { open, show } from './stage';

const tiles = () => [...document.querySelectorAll<HTMLElement>('[data-testid=tile]')];
const keys = () => tiles().map(({ dataset }) => dataset.key);

/** Presses at one place and lets go at another. */
function drag(from: Element, to: Element): void {
  const middle = (element: Element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { clientX: left + width / 2, clientY: top + height / 2 };
  };
  const how = { bubbles: true, button: 0, pointerType: 'mouse' };
  from.dispatchEvent(new PointerEvent('pointerdown', { ...how, ...middle(from) }));
  window.dispatchEvent(new PointerEvent('pointermove', { ...how, ...middle(to) }));
  window.dispatchEvent(new PointerEvent('pointerup', { ...how, ...middle(to) }));
}

test('a tile is dragged to another place, and stays there', async () => {
  await open();
  await expect.poll(keys).toEqual(['BTC', 'ETH', 'ACME', 'EUR/USD', 'GOLD']);
  drag(tiles()[0]!, tiles()[2]!);
  await expect.poll(keys).toEqual(['ETH', 'ACME', 'BTC', 'EUR/USD', 'GOLD']);
  expect(localStorage.getItem('streambell.preferences')).toContain('tilePlaces');
  expect(page.getByTestId('chart').elements()).toHaveLength(0);
});

test('tiles are walked and moved with arrow keys, and their order can be told', async () => {
  await open();
  await expect.poll(keys).toHaveLength(5);
  tiles()[0]!.focus();
  await userEvent.keyboard('{ArrowRight}{Alt>}{ArrowRight}{/Alt}');
  await expect.poll(keys).toEqual(['BTC', 'ACME', 'ETH', 'EUR/USD', 'GOLD']);
  expect((document.activeElement as HTMLElement).dataset.key).toBe('ETH');
  await page.getByTestId('tile-order').getByText('By name').click();
  await expect.poll(keys).toEqual(['ACME', 'BTC', 'ETH', 'EUR/USD', 'GOLD']);
});

test.each([420, 1100, 2560])('at %i px tiles fill the width', async (width) => {
  await open({ width });
  await expect.poll(keys).toHaveLength(5);
  const edges = tiles().map((tile) => tile.getBoundingClientRect());
  const box = document.querySelector('.tiles')!.getBoundingClientRect();
  expect(Math.max(...edges.map(({ right }) => right))).toBeGreaterThan(box.right - 40);
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
});

test('a tile opens its chart: it is drawn, zoomed by keyboard, and closed', async () => {
  await open();
  await expect.poll(keys).toHaveLength(5);
  await page.getByTestId('tile').first().click();
  await expect.element(page.getByTestId('plot')).toBeVisible();
  await expect.poll(() => document.querySelector('.u-over')).not.toBeNull();
  const plot = page.getByTestId('plot').element() as HTMLElement;
  plot.focus();
  await userEvent.keyboard('{ArrowLeft}');
  await expect.poll(() => document.querySelector('.plot [aria-live]')?.textContent).toMatch(/\d\d:\d\d:\d\d: 6\d,\d{3}/);
  expect(page.getByTestId('chart-unzoom').element()).toHaveProperty('disabled', true);
  await userEvent.keyboard('+');
  await expect.element(page.getByTestId('chart-unzoom')).toBeEnabled();
  // What is drawn is called by its own times.
  await expect.poll(() => plot.ariaLabel).toMatch(/^BTC, .*\d\d:\d\d:\d\d\s–\s.*\d\d:\d\d:\d\d: lowest/);
  await userEvent.keyboard('0');
  await expect.element(page.getByTestId('chart-unzoom')).toBeDisabled();
  await expect.poll(() => plot.ariaLabel).toMatch(/^BTC over 30 min: lowest/);
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => page.getByTestId('chart').elements()).toHaveLength(0);
  expect((document.activeElement as HTMLElement).dataset.key).toBe('BTC');
});

test('ranges are drawn, with the alerts of the value on the line', async () => {
  await open();
  await expect.poll(keys).toHaveLength(5);
  await page.getByTestId('tile').first().click();
  for (const range of ['5 min', '30 d', '1 d']) {
    await page.getByTestId('chart-range').getByText(range, { exact: true }).click();
    await expect.poll(() => document.querySelector('.u-over')).not.toBeNull();
  }
  const alerts = [...document.querySelectorAll('[data-testid=chart-alert]')];
  const { left, right } = document.querySelector('.u-over')!.getBoundingClientRect();
  for (const alert of alerts) {
    const box = alert.getBoundingClientRect();
    expect(box.left + box.width / 2).toBeGreaterThanOrEqual(left - 1);
    expect(box.left + box.width / 2).toBeLessThanOrEqual(right + 1);
  }
});

test('a chart does not draw over a time without a connection, and says how long that was', async () => {
  await open({ scene: 'trouble' });
  await expect.poll(keys).toHaveLength(5);
  await page.getByTestId('tile').first().click();
  await expect.poll(() => document.querySelectorAll('.holes i').length).toBe(2);
  await expect.element(page.getByTestId('chart-unconnected')).toHaveTextContent('Not connected for 3 min');
  const { left, width } = document.querySelector('.holes i')!.getBoundingClientRect();
  const canvas = document.querySelector<HTMLCanvasElement>('.plot canvas')!;
  const box = canvas.getBoundingClientRect();
  const scale = canvas.width / box.width;
  const line = getComputedStyle(document.querySelector('.ink .line')!).color;
  const [ink, context] = [document.createElement('canvas').getContext('2d')!, canvas.getContext('2d')!];
  ink.fillStyle = line;
  ink.fillRect(0, 0, 1, 1);
  const [red, green, blue] = ink.getImageData(0, 0, 1, 1).data;
  const drawn = (fromX: number) => {
    const { data } = context.getImageData(Math.round((fromX - box.left) * scale), 0, Math.round(width * 0.8 * scale), canvas.height);
    let count = 0;
    for (let at = 0; at < data.length; at += 4) if (data[at + 3]! > 200 && data[at] === red && data[at + 1] === green && data[at + 2] === blue) count += 1;
    return count;
  };
  expect(drawn(left + width * 0.1)).toBe(0);
  expect(drawn(left - width), 'beside it there is a line').toBeGreaterThan(0);
});

test('after a restart tiles show what they last were, with the time of that', async () => {
  await open({ scene: 'restart' });
  await expect.poll(keys).toHaveLength(5);
  expect(tiles().filter((tile) => tile.classList.contains('stale')).length).toBeGreaterThan(0);
  await expect.element(page.getByTestId('tile').first()).toHaveTextContent(/since .*\d\d:\d\d/);
});

test.each([420, 1100, 2560])('at %i px a notice moves nothing, and lies over no button but its own', async (width) => {
  await open({ width });
  await show('alerts');
  await expect.element(page.getByTestId('alert-group').first()).toBeVisible();
  const places = () => [...document.querySelectorAll('main, nav button, [data-testid=alert-group]')].map((one) => JSON.stringify(one.getBoundingClientRect()));
  const before = places();
  await page.getByTestId('mark-all-read').click();
  await expect.element(page.getByTestId('notice')).toBeVisible();
  expect(places()).toEqual(before);
  const { left, right, top, bottom } = page.getByTestId('notice').element().getBoundingClientRect();
  const under = [...document.querySelectorAll('nav button')].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.left < right && box.right > left && box.top < bottom && box.bottom > top;
  });
  expect(under).toEqual([]);
  await page.getByTestId('undo').click();
  expect(places()).toEqual(before);
});

test('when the resident goes nothing moves: what is said of it stands where the status does', async () => {
  await open({ scene: 'lost' });
  const tops = () => [...document.querySelectorAll('main, nav button, [data-testid=tile]')].map((one) => one.getBoundingClientRect().top);
  await expect.poll(keys).toHaveLength(5);
  const before = tops();
  await expect.element(page.getByTestId('lost-banner')).toBeVisible();
  expect(tops()).toEqual(before);
});

test('at 2560 px a list beside a detail takes what the detail has no use for', async () => {
  await open({ width: 2560 });
  await show('feed');
  await page.getByTestId('feed-row').first().click();
  await expect.element(page.getByTestId('event-detail')).toBeVisible();
  const width = (selector: string) => document.querySelector(selector)!.getBoundingClientRect().width;
  expect(width('.split > .list')).toBeGreaterThan(1300);
  expect(width('.split > .detail')).toBeGreaterThan(900);
});

test.each(['en', 'zh'] as const)('at 420 px the silences stand in one row beside many unread alerts, in %s', async (language) => {
  const backend = await open({ width: 420, language });
  await expect.element(page.getByTestId('now-silences')).toBeVisible();
  const header = document.querySelector('#unread-title')!.parentElement!;
  const texts = () => ['h2', '.muted', '[data-testid=now-silences]', '[data-testid=all-alerts]'].map((one) => header.querySelector(one)!.getBoundingClientRect().height);
  const heights = texts();
  const snapshot = await backend.ask({ call: 'snapshot' });
  if (snapshot.answer !== 'snapshot') throw new Error(snapshot.answer);
  backend.push({ push: 'snapshot', value: { ...snapshot.value, unread: 4711 } });
  await expect.element(header.querySelector<HTMLElement>('.muted')!).not.toBeEmptyDOMElement();
  // The number is told in a smaller type than the title.
  expect(texts()[1]).toBeLessThanOrEqual(heights[0]!);
  expect(texts().toSpliced(1, 1)).toEqual(heights.toSpliced(1, 1));
  expect(header.scrollWidth).toBeLessThanOrEqual(header.clientWidth);
});

/** What stands on the tile of gold, which has a unit. */
const gold = (part: string) => [...document.querySelectorAll<HTMLElement>('[data-testid=tile][data-key=GOLD] ' + part)];

test('a tile with room for all of it has nothing laid over it when it has the focus', async () => {
  await open({ width: 2560 });
  await expect.poll(keys).toHaveLength(5);
  tiles()[0]!.focus();
  await userEvent.keyboard('{ArrowRight}');
  await expect.poll(() => (document.activeElement as HTMLElement).dataset.key).toBe('ETH');
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  expect(page.getByTestId('whole').elements()).toHaveLength(0);
});

test('the unit of a change is seen whole or not at all; the value keeps its own, and the percentage stays', async () => {
  await open({ width: 2560 });
  await expect.poll(() => gold('.change .unit')[0]?.checkVisibility()).toBe(true);
  expect(gold('.value .unit')).toHaveLength(1);
  const change = gold('.change')[0]!;
  const seen = new Set<string>();
  for (let width = change.clientWidth; width > 60; width -= 1) {
    change.style.width = `${width}px`;
    const unit = gold('.change .unit')[0]!;
    const [drawn, room] = [unit.getBoundingClientRect(), unit.parentElement!.getBoundingClientRect()];
    const how = drawn.top >= room.bottom - 1 ? 'not at all' : drawn.right <= room.right + 0.5 ? 'whole' : 'cut';
    seen.add(how);
    const isIn = gold('.change .figure')[1]!.getBoundingClientRect().right <= change.getBoundingClientRect().right + 0.5;
    expect(isIn || room.width === 0, `at ${width} px the unit takes no room from the percentage`).toBe(true);
  }
  expect([...seen]).toEqual(['whole', 'not at all']);
});

test('what is typed into the form that its chart leads to stands on the tile, and at the chart that is still open', async () => {
  await open();
  await expect.poll(() => gold('.value')).toHaveLength(1);
  gold('.value')[0]!.click();
  await page.getByTestId('chart-edit').click();
  await page.getByTestId('tile-unit').fill('€/g');
  await page.getByTestId('tile-label').fill('Metal');
  await page.getByTestId('tile-save').click();
  await show('now');
  await expect.poll(() => document.querySelector('[data-testid=chart] header')?.textContent).toMatch(/GOLD\s+Metal/);
  await expect.poll(() => document.querySelector('[data-testid=chart] .figures')?.textContent).toMatch(/\d\u00a0€\/g/);
  expect(gold('.value')[0]!.textContent).toMatch(/\d\u00a0€\/g$/);
});
