// A thousand events a second for a minute: how long is the longest time without a frame, and does the memory stay?
// flood.mjs [SECONDS] [VIEW]; fails where a frame is later than 100 ms or the heap grows on and on.
import { join } from 'node:path';

import { target, withPage } from './page.mjs';

const [seconds = '60', view = 'now'] = process.argv.slice(2);
const MOST_GAP_MS = 100;
const MOST_GROWTH_MB = 40;
const WARM_UP_MS = 5000;

const found = await withPage(join(target, 'flood'), async (browser, address) => {
  const page = await browser.newPage({ viewport: { width: 1100, height: 720 } });
  await page.goto(`${address}?scene=flood`);
  await page.getByTestId(`nav-${view}`).click();
  await page.waitForTimeout(WARM_UP_MS);
  const heap = async () => {
    await page.requestGC();
    return page.evaluate(() => performance.memory.usedJSHeapSize / 2 ** 20);
  };
  const before = await heap();
  await browser.startTracing(page, { categories: ['toplevel'] });
  const gaps = await page.evaluate(
    (length) =>
      new Promise((done) => {
        const gaps = [];
        const begun = performance.now();
        let last = begun;
        const frame = (now) => {
          gaps.push(now - last);
          last = now;
          if (now - begun < length) requestAnimationFrame(frame);
          else done(gaps);
        };
        requestAnimationFrame(frame);
      }),
    Number(seconds) * 1000,
  );
  const longestTask = longestOf(JSON.parse((await browser.stopTracing()).toString()).traceEvents);
  return { longestTask, gaps: gaps.sort((one, other) => one - other), before, after: await heap(), nodes: await page.evaluate(() => document.querySelectorAll('*').length) };
});

const at = (part) => found.gaps[Math.min(found.gaps.length - 1, Math.floor(found.gaps.length * part))].toFixed(1);
const longest = found.gaps.at(-1);
const growth = found.after - found.before;
console.log(
  `${view}: ${found.gaps.length} frames in ${seconds} s; between two p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${longest.toFixed(1)} ms; ` +
    `longest task ${found.longestTask.toFixed(1)} ms of processor time; ` +
    `heap ${found.before.toFixed(1)} -> ${found.after.toFixed(1)} MiB; ${found.nodes} elements`,
);
process.exit(longest > MOST_GAP_MS || growth > MOST_GROWTH_MB ? 1 : 0);

/** The most processor time, in milliseconds, that one task took on the page's main thread: what other programs do at the time is not in it. */
function longestOf(events) {
  const mains = new Set(events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`));
  const tasks = events.filter(({ name, pid, tid, tdur }) => name.endsWith('RunTask') && tdur && mains.has(`${pid} ${tid}`));
  return tasks.reduce((most, { tdur }) => Math.max(most, tdur), 0) / 1000;
}
