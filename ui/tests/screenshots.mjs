// Writes a picture of every view in both themes, both languages and three sizes, and has axe look at each.
// screenshots.mjs FOLDER [NAME…]: only the named pictures, if any are. Fails where axe or the page itself complains.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import axe from 'axe-core';

import { target, withPage } from './page.mjs';

const THEMES = ['light', 'dark'];
const LANGUAGES = ['en', 'zh'];
const SIZES = [
  [420, 760],
  [1100, 720],
  [2560, 1440],
];

const show = (view) => async (page) => page.getByTestId(`nav-${view}`).click();
const first = (testid) => async (page) => page.getByTestId(testid).first().click();

/** What is pictured: a scene of the fake resident, and what is done in it. */
const PICTURES = {
  now: ['calm'],
  trouble: ['trouble'],
  lost: ['lost'],
  first: ['first'],
  restart: ['restart'],
  chart: ['calm', first('tile')],
  outage: ['trouble', first('tile')],
  alerts: ['calm', show('alerts')],
  alert: ['calm', show('alerts'), (page) => page.locator('[data-testid=alert-row], [data-testid=alert-group]').first().click()],
  found: ['calm', show('alerts'), (page) => page.getByTestId('alert-search').fill('gold')],
  notice: ['calm', show('alerts'), first('mark-all-read')],
  feed: ['calm', show('feed')],
  event: ['calm', show('feed'), first('feed-row')],
  streams: ['trouble', show('streams')],
  'add-stream': ['calm', first('add-stream')],
  rules: ['calm', show('rules')],
  settings: ['calm', show('settings')],
  palette: ['calm', (page) => page.keyboard.press('Control+k')],
  shortcuts: ['calm', (page) => page.keyboard.press('?')],
};

const [asked = join(target, 'screenshots'), ...names] = process.argv.slice(2);
const folder = resolve(asked);
const wanted = Object.entries(PICTURES).filter(([name]) => !names.length || names.includes(name));
const complaints = [];

await withPage(join(folder, 'page'), async (browser, address) => {
  for (const theme of THEMES) for (const language of LANGUAGES) for (const [width, height] of SIZES) await picture(browser, address, { theme, language, width, height });
});
for (const complaint of complaints) console.error(complaint);
console.log(`${wanted.length * THEMES.length * LANGUAGES.length * SIZES.length} pictures are in ${folder}; ${complaints.length || 'no'} complaints.`);
process.exit(complaints.length ? 1 : 0);

async function picture(browser, address, { theme, language, width, height }) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    reducedMotion: 'reduce',
  });
  await context.addInitScript(([theme, language]) => localStorage.setItem('streambell.preferences', JSON.stringify({ theme, language })), [theme, language]);
  const into = join(folder, `${theme}-${language}-${width}`);
  mkdirSync(into, { recursive: true });
  for (const [name, [scene, ...steps]] of wanted) {
    const where = `${name}, ${theme}, ${language}, ${width} px`;
    const page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && complaints.push(`${where}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(`${where}: ${error}`));
    await page.goto(`${address}?scene=${scene}`);
    await page.getByTestId('status-line').waitFor();
    for (const step of steps) await step(page);
    // What is asked of the resident has come, and what appears has appeared.
    await page.waitForTimeout(600);
    writeFileSync(join(into, `${name}.png`), await page.screenshot());
    complaints.push(...(await look(page)).map((found) => `${where}: ${found}`));
    await page.close();
  }
  await context.close();
}

/** What axe finds wrong, a line each. */
async function look(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  const outside = await page.evaluate(() =>
    [...document.querySelectorAll('button, input, select, label, h1, h2')]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && !element.closest('.hidden-text'))
      .map((element) => `beyond the edge of the window: ${element.dataset.testid ?? element.textContent.trim()}`),
  );
  return [...outside, ...violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${help} (${target.join(' ')})`))];
}
