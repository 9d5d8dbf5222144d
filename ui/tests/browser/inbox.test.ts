/** The inbox in a real browser: axe, keys and its lists. */
import axe from 'axe-core';
import { describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';

import { open, show } from './stage';

async function violations(): Promise<string[]> {
  const { violations } = await axe.run(document.body, { resultTypes: ['violations'] });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}\n${html}\n${failureSummary ?? ''}`));
}

const row = (id: string) => page.getByTestId(id).first();

describe.each(['light', 'dark'] as const)('in the %s theme nothing keeps anybody out of', (theme) => {
  test('an alert with its event, its trace and the form for a silence, beside a list with checked lines', async () => {
    await open({ theme, scene: 'calm' });
    await show('alerts');
    await expect.element(page.getByTestId('alert-group').first()).toBeVisible();
    await userEvent.keyboard('j{ArrowRight}j');
    await userEvent.keyboard('xs');
    await page.getByText('Why?').click();
    await expect.element(row('why-rule')).toBeVisible();
    await expect.element(row('silence-panel')).toBeVisible();
    await expect.element(row('json-tree')).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  test('an event with its data, beside a list that is searched and held', async () => {
    await open({ theme, scene: 'calm' });
    await show('feed');
    await page.getByTestId('feed-search').fill('btc');
    await expect.element(page.getByTestId('feed-row').first()).toBeVisible();
    await page.getByTestId('feed-row').nth(2).click();
    await expect.element(row('json-tree')).toBeVisible();
    expect(await violations()).toEqual([]);
  });
});

test.each([420, 720, 1100])('at %i px a time is asked for within the window, and the list says up to when it is', async (width) => {
  await open({ scene: 'calm', width, height: 480 });
  await show('feed');
  await expect.element(page.getByTestId('feed-row').first()).toBeVisible();
  await userEvent.keyboard('g');
  await expect.element(page.getByTestId('feed-time-typed')).toHaveFocus();
  const asked = row('feed-time-ask').element().getBoundingClientRect();
  expect([asked.left >= 0, asked.right <= width]).toEqual([true, true]);
  const tools = [...row('feed-stream').element().closest('.tools')!.children].map((one) => one.getBoundingClientRect());
  expect(new Set(tools.filter(({ height }) => height).map(({ top, height }) => Math.round((top + height / 2) / 16))).size).toBe(width < 720 ? 2 : 1);
  await Promise.all(document.getAnimations().map(({ finished }) => finished));
  expect(await violations()).toEqual([]);
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByTestId('feed-until')).toBeVisible();
  expect(await violations()).toEqual([]);
});

test('alerts are read, checked, acknowledged and brought back by keyboard alone', async () => {
  await open({ scene: 'calm' });
  await userEvent.keyboard('{Control>}2{/Control}');
  await expect.element(page.getByTestId('alert-group').first()).toBeVisible();
  await userEvent.keyboard('j');
  await expect.element(row('alert-detail')).toBeVisible();
  await userEvent.keyboard('xJ');
  await expect.element(row('checked')).toBeVisible();
  await userEvent.keyboard('e');
  await expect.element(page.getByText('acknowledged').first()).toBeVisible();
  await page.getByTestId('undo').click();
  await expect.element(page.getByTestId('undo')).not.toBeInTheDocument();
  await expect.element(row('acknowledge')).toBeVisible();
  await userEvent.keyboard('/back{Enter}{ArrowDown}');
  await expect.element(page.getByRole('tree').first()).toHaveFocus();
  await userEvent.keyboard('/nothing has this');
  await expect.element(page.getByText('No alert has “nothing has this” in it.')).toBeVisible();
});

test('in a narrow window, too, several alerts from outside are the list of what is unread', async () => {
  const backend = await open({ scene: 'calm', width: 420 });
  backend.push({ push: 'present', value: { spot: 'alert', alert: 5 } });
  await expect.element(row('alert-detail')).toBeVisible();
  await expect.element(page.getByTestId('alert-search')).not.toBeVisible();
  backend.push({ push: 'present', value: { spot: 'unread' } });
  await expect.element(page.getByRole('tree', { name: 'Alerts, newest first' })).toBeVisible();
  await expect.element(page.getByRole('radio', { name: 'Unread' })).toBeChecked();
});

test('a tree is walked with the arrow keys and names the place of its values', async () => {
  await open({ scene: 'calm' });
  await show('feed');
  await expect.element(page.getByTestId('feed-row').first()).toBeVisible();
  await userEvent.keyboard('hjj');
  await expect.element(row('json-tree')).toBeVisible();
  (document.querySelector('[role=tree]') as HTMLElement).focus();
  await userEvent.keyboard('{ArrowDown}');
  const place = page.getByTestId('event-data').element().querySelector('.pointer')!;
  expect(place.textContent?.trim()).toMatch(/^\/(symbol|now)$/);
  await userEvent.keyboard('{ArrowLeft}{ArrowLeft}');
  expect(document.querySelectorAll('[role=treeitem]')).toHaveLength(1);
});

describe('a thousand events a second', () => {
  const SECONDS = 3;
  const data = (seq: number) => JSON.stringify({ seq, symbol: 'BTC', text: 'x'.repeat(300), nested: { list: [1, 2, 3] } });
  const batchOf = (from: number) => ({
    events: Array.from({ length: 100 }, (_, at) => ({ seq: from + at, atMs: Date.now(), stream: 'market', event: `e${at % 7}`, id: '', data: data(from + at), alerts: [] })),
    omitted: 0,
  });

  /** Sends ten batches a second; gives the longest time between two frames, in milliseconds. */
  async function flood(push: (batch: ReturnType<typeof batchOf>) => void): Promise<number> {
    let [longest, last, on] = [0, performance.now(), true];
    const frame = (now: number) => {
      longest = Math.max(longest, now - last);
      last = now;
      if (on) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    for (let turn = 0; turn < SECONDS * 10; turn += 1) {
      push(batchOf(1_000_000 + turn * 100));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    on = false;
    return longest;
  }

  test('leave the window responsive and what it keeps bounded', async () => {
    const backend = await opened();
    const longest = await flood((value) => backend.push({ push: 'events', value }));
    console.info(`longest frame: ${Math.round(longest)} ms`);
    expect(document.querySelectorAll('[data-testid=feed-row]').length).toBeLessThan(100);
    expect(row('feed-row').element().dataset.seq).toBe(String(1_000_000 + SECONDS * 1000 - 1));
    // Generous: other work may share the machine.
    expect(longest).toBeLessThan(500);
  });

  test('do not move what is being read', async () => {
    const backend = await opened();
    backend.push({ push: 'events', value: batchOf(999_900) });
    await userEvent.keyboard('jjj');
    await expect.element(row('event-detail')).toBeVisible();
    const chosen = document.querySelector<HTMLElement>('[data-testid=feed-row][data-selected=true]')!;
    const [seq, top] = [chosen.dataset.seq, chosen.getBoundingClientRect().top];
    await flood((value) => backend.push({ push: 'events', value }));
    const still = document.querySelector<HTMLElement>('[data-testid=feed-row][data-selected=true]')!;
    expect([still.dataset.seq, still.getBoundingClientRect().top]).toEqual([seq, top]);
    await expect.element(row('feed-fresh')).toHaveTextContent(`${(SECONDS * 1000).toLocaleString('en-GB')} new`);
  });

  async function opened() {
    const backend = await open({ scene: 'first' });
    await show('feed');
    backend.push({ push: 'events', value: batchOf(999_000) });
    await expect.element(row('feed-row')).toBeVisible();
    return backend;
  }
});

test('in a narrow window an event is told by its values, and as it came where it is searched or there is room', async () => {
  await open({ width: 420 });
  await show('feed');
  const data = () => [...document.querySelectorAll('[data-testid=feed-row] .data')].map((one) => one.textContent);
  await expect.poll(() => data().some((text) => text.startsWith('BTC · '))).toBe(true);
  expect(data().filter((text) => text.includes('{'))).toEqual([]);
  await page.getByTestId('feed-search').fill('"symbol":"btc"');
  await expect.poll(() => data().length > 0 && data().every((text) => text.startsWith('{"symbol":"BTC"'))).toBe(true);
  await page.getByTestId('feed-search').clear();
  await expect.poll(() => data().some((text) => text.includes('{'))).toBe(false);
  await page.viewport(1100, 720);
  await expect.poll(() => data().some((text) => text.startsWith('{"symbol":"BTC"'))).toBe(true);
});

test.each([420, 1100])('what is new is told below the list, and nothing is covered or moved by it at %i px', async (width) => {
  const backend = await open({ scene: 'first', width });
  await show('feed');
  const push = (seq: number) => backend.push({ push: 'events', value: { events: [{ seq, atMs: Date.now(), stream: 'market', event: 'tick', id: '', data: '1', alerts: [] }], omitted: 0 } });
  push(1);
  await row('feed-pause').click();
  const box = (selector: string) => document.querySelector(selector)!.getBoundingClientRect();
  const places = () => ['[data-testid=feed-row]', '[role=listbox]'].map((selector) => [box(selector).top, box(selector).bottom]);
  const before = places();
  push(2);
  await expect.element(row('feed-fresh')).toHaveTextContent('1 new');
  expect(places()).toEqual(before);
  expect(box('[data-testid=feed-fresh]').top).toBeGreaterThanOrEqual(box('[role=listbox]').bottom);
});

test('a list that is read far back does not jump when its other end is let go', async () => {
  const backend = await open({ scene: 'first' });
  const line = (seq: number) => ({ seq, atMs: seq, stream: 's', event: 'e', id: '', data: `{"seq":${seq}}`, alerts: [] });
  const ask = backend.ask.bind(backend);
  backend.ask = async (call) => {
    if (call.call !== 'history') return ask(call);
    const newest = (call.query.before ?? 10_001) - 1;
    return { answer: 'history', value: Array.from({ length: 200 }, (_, at) => line(newest - 199 + at)) };
  };
  await show('feed');
  backend.push({ push: 'events', value: { events: [line(10_000)], omitted: 0 } });
  await page.getByTestId('feed-event').fill('e');
  const list = () => document.querySelector<HTMLElement>('[role=listbox]')!;
  const inSight = () => {
    const { top, bottom } = list().getBoundingClientRect();
    return [...document.querySelectorAll<HTMLElement>('[data-testid=feed-row]')].filter((one) => one.getBoundingClientRect().top >= top && one.getBoundingClientRect().bottom <= bottom).map((one) => Number(one.dataset.seq));
  };
  await expect.poll(() => inSight()[0]).toBe(10_000);
  let seen = Infinity;
  for (let turn = 0; turn < 80 && seen > 6500; turn += 1) {
    // Never back to what was passed, and never past what was not seen. At the end older ones must come first.
    const further = () => {
      const at = inSight()[0];
      if (at !== undefined && at >= Math.min(seen, 10_000)) list().scrollBy(0, 1500);
      return inSight()[0] ?? Infinity;
    };
    await expect.poll(further, { timeout: 10_000 }).toBeLessThan(Math.min(seen, 10_000));
    const [first, ...others] = inSight();
    if (seen < Infinity) expect(first!).toBeGreaterThan(seen - 120);
    expect(others).toEqual(others.map((_, at) => first! - at - 1));
    seen = first!;
  }
  expect(seen).toBeLessThanOrEqual(6500);
  await expect.element(row('feed-fresh')).toHaveTextContent('Back to the newest');
});

test.each([420, 1100])('at %i px a row that says it was not shown is as high as the others and hides nothing', async (width) => {
  await open({ scene: 'calm', width });
  await show('alerts');
  await expect.poll(() => document.querySelector('[data-testid=alert-group] [data-testid=not-shown]')?.textContent).toMatch(/^\d of \d+ not shown \(too many at once\)$/);
  await page.getByTestId('group-alerts').click();
  await expect.poll(() => document.querySelector('[data-testid=alert-row] [data-testid=not-shown]')?.textContent).toBe('Not shown (too many at once)');
  const rows = [...document.querySelectorAll<HTMLElement>('[data-testid=alert-row]')];
  expect(new Set(rows.map((one) => one.getBoundingClientRect().height)).size).toBe(1);
  expect(rows.every((one) => one.scrollHeight <= one.clientHeight)).toBe(true);
  expect(rows.some((one) => !one.querySelector('[data-testid=not-shown]'))).toBe(true);
  expect(await violations()).toEqual([]);
});

test('what is searched for in alerts is marked where it stands, also where that is not shown as a rule', async () => {
  await open({ scene: 'calm' });
  await show('alerts');
  await page.getByTestId('alert-search').fill('gold');
  const marked = () => [...new Set([...document.querySelectorAll('[role=treeitem] mark')].map((one) => one.textContent))];
  await expect.poll(marked).toEqual(['GOLD']);
  await page.getByTestId('alert-search').fill('market-al');
  await expect.poll(() => document.querySelector('.body mark')?.textContent).toBe('market-al');
  await page.getByTestId('alert-search').fill('ops');
  await expect.poll(() => document.querySelector('.stream.found')?.textContent).toBe('ops');
});

test('an alert amid ten thousand opens the list there, and scrolling up brings the newer ones without a jump', async () => {
  const [COUNT, SETTLING] = [10_000, 10];
  const backend = await open({ scene: 'first' });
  const alert = (id: number) => ({
    id, seq: id, atMs: Date.now() - 1000, stream: 's', event: 'e', rule: 'R', title: `Alert ${id}`, body: '', urgency: 'normal' as const, group: String(id), link: '', state: 'shown' as const,
    reason: '' as const, read: true, shownAtMs: null, resolvedAtMs: null, value: '', answer: '' as const, answeredAtMs: null,
  });
  const ask = backend.ask.bind(backend);
  backend.ask = async (call) => {
    if (call.call !== 'alerts') return ask(call);
    const { before, after, limit } = call.query;
    const [from, to] = after === null ? [(before ?? COUNT + 1) - limit, (before ?? COUNT + 1) - 1] : [after + 1, Math.min(COUNT, after + limit)];
    return { answer: 'alerts', value: Array.from({ length: Math.max(0, to - Math.max(1, from) + 1) }, (_, at) => alert(to - at)) };
  };
  backend.push({ push: 'present', value: { spot: 'alert', alert: 5000 } });
  await expect.element(row('alert-detail')).toBeVisible();
  const list = () => document.querySelector<HTMLElement>('[role=tree]')!;
  const inSight = () => {
    const { top, bottom } = list().getBoundingClientRect();
    const rows = [...document.querySelectorAll<HTMLElement>('[data-testid=alert-row]')];
    return rows.filter((one) => one.getBoundingClientRect().top >= top && one.getBoundingClientRect().bottom <= bottom).map((one) => Number(one.dataset.id));
  };
  await expect.poll(inSight).toContain(5000);
  let seen = inSight()[0]!;
  for (let turn = 0; turn < 100 && seen < 5600; turn += 1) {
    const before = seen;
    let scrolled = 0;
    const further = () => {
      const { scrollTop } = list();
      if ((inSight()[0] ?? 0) <= before) list().scrollBy(0, -1500);
      scrolled += scrollTop - list().scrollTop;
      return inSight()[0] ?? 0;
    };
    await expect.poll(further, { timeout: 10_000 }).toBeGreaterThan(before);
    // Once what came into sight is drawn: one after the other, and no further than was scrolled; a page that comes is 50.
    const gaps = () => inSight().filter((id, at, all) => at > 0 && id !== all[at - 1]! - 1);
    await expect.poll(gaps).toEqual([]);
    seen = inSight()[0]!;
    expect(seen - before).toBeLessThanOrEqual(scrolled / row('alert-row').element().getBoundingClientRect().height + SETTLING);
  }
  expect(seen).toBeGreaterThanOrEqual(5600);
  expect(document.querySelectorAll('[data-testid=alert-row]').length).toBeLessThan(100);
});

test.each(['a list that somebody scrolled', 'a closed group far below', 'an open group that grows', 'the list of a narrow window, where it was not seen before'])('an alert that is come to from outside is in sight in %s', async (how) => {
  const COUNT = 60;
  const narrow = how.includes('narrow');
  const backend = await open({ scene: 'first', width: narrow ? 430 : 1100 });
  const group = (id: number) => (how.includes('closed') && id <= 30 ? 'G' : how.includes('open') ? 'G' : String(id));
  const alert = (id: number) => ({
    id, seq: id, atMs: Date.now() - 1000, stream: 's', event: 'e', rule: 'R', title: `Alert ${id}`, body: '', urgency: 'normal' as const, group: group(id), link: '', state: 'shown' as const,
    reason: '' as const, read: false, shownAtMs: null, resolvedAtMs: null, value: '', answer: '' as const, answeredAtMs: null,
  });
  const ask = backend.ask.bind(backend);
  backend.ask = async (call) => {
    if (call.call !== 'alerts') return ask(call);
    const { before, after, limit } = call.query;
    const all = Array.from({ length: COUNT }, (_, at) => alert(COUNT - at)).filter(({ id }) => id < (before ?? Infinity) && id > (after ?? 0));
    return { answer: 'alerts', value: after === null ? all.slice(0, limit) : all.slice(-limit) };
  };
  if (!narrow) await show('alerts');
  const list = () => document.querySelector<HTMLElement>('[role=tree]')!;
  const inSight = () => {
    const { top, bottom } = list().getBoundingClientRect();
    const rows = [...document.querySelectorAll<HTMLElement>('[data-testid=alert-row]')];
    return rows.filter((one) => one.getBoundingClientRect().top >= top && one.getBoundingClientRect().bottom <= bottom).map((one) => Number(one.dataset.id));
  };
  if (how.includes('open')) await page.getByTestId('fold-group').first().click();
  if (narrow) {
    backend.push({ push: 'present', value: { spot: 'alert', alert: 15 } });
    await expect.element(row('alert-detail')).toBeVisible();
    await page.getByRole('button', { name: 'Back' }).click();
    await expect.poll(inSight).toContain(15);
    return;
  }
  await expect.poll(inSight).toContain(COUNT);
  if (!how.includes('closed')) {
    list().scrollTo({ top: 600 });
    await expect.poll(inSight).not.toContain(COUNT);
  }
  const [came, asked] = [COUNT + 1, how.includes('closed') ? 15 : COUNT + 1];
  backend.push({ push: 'events', value: { events: [{ seq: came, atMs: Date.now(), stream: 's', event: 'e', id: '', data: '{}', alerts: [{ ...alert(came), atMs: Date.now() }] }], omitted: 0 } });
  backend.push({ push: 'present', value: { spot: 'alert', alert: asked } });
  await expect.element(row('alert-detail')).toHaveAttribute('data-id', String(asked));
  await expect.poll(inSight).toContain(asked);
  // It stays there when it is read, and when another one comes.
  backend.push({ push: 'alerts', value: [{ ...alert(asked), read: true }] });
  backend.push({ push: 'events', value: { events: [{ seq: came + 1, atMs: Date.now(), stream: 's', event: 'e', id: '', data: '{}', alerts: [{ ...alert(came + 1), atMs: Date.now() }] }], omitted: 0 } });
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  expect(inSight()).toContain(asked);
  // Who scrolled away and comes to it once more finds it again.
  const away = asked === came ? list().scrollHeight : 0;
  list().scrollTo({ top: away });
  await expect.poll(inSight).not.toContain(asked);
  backend.push({ push: 'present', value: { spot: 'alert', alert: asked } });
  await expect.poll(inSight).toContain(asked);
});

test('a megabyte of JSON is shown at once, and its longest text in portions', async () => {
  const backend = await open({ scene: 'first' });
  await show('feed');
  const text = 'long '.repeat(100_000);
  const list = Array.from({ length: 20_000 }, (_, at) => ({ at, on: true }));
  const data = JSON.stringify({ list, text });
  backend.push({ push: 'events', value: { events: [{ seq: 2_000_000, atMs: Date.now(), stream: 's', event: 'big', id: '', data, alerts: [] }], omitted: 0 } });
  const started = performance.now();
  await row('feed-row').click();
  await expect.element(row('json-tree')).toBeVisible();
  document.querySelector<HTMLElement>('[data-pointer="/list"]')!.click();
  await expect.element(page.getByText('Show more (19,900 left)')).toBeVisible();
  console.info(`a megabyte: ${Math.round(performance.now() - started)} ms`);
  expect(document.querySelectorAll('[data-testid=json-line]').length).toBeLessThan(120);
  document.querySelector<HTMLElement>('[data-pointer="/text"]')!.click();
  await expect.element(page.getByText('characters left')).toBeVisible();
  expect(document.querySelector('[data-pointer="/text"]')!.textContent!.length).toBeLessThan(40_000);
});
