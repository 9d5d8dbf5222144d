// Writes a picture of every view in both themes, both languages and three sizes, and has axe look at each.
// screenshots.mjs FOLDER [NAME…]: only the named pictures, if any are; with LOOK=dark-zh-420 in that look only. Fails where
// axe or the page itself complains, and where a picture cannot be come to.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import axe from 'axe-core';

import { target, withPage } from './page.mjs';
import { PICTURES } from './pictures.mjs';

const THEMES = ['light', 'dark'];
const LANGUAGES = ['en', 'zh'];
const SIZES = [
  [420, 760],
  [1100, 720],
  [2560, 1440],
];

const [asked = join(target, 'screenshots'), ...names] = process.argv.slice(2);
const folder = resolve(asked);
const { LOOK } = process.env;
const looks = THEMES.flatMap((theme) => LANGUAGES.flatMap((language) => SIZES.map(([width, height]) => ({ theme, language, width, height, name: `${theme}-${language}-${width}` })))).filter(({ name }) => !LOOK || name === LOOK);
const wanted = Object.entries(PICTURES).filter(([name]) => !names.length || names.includes(name));
const complaints = [];

await withPage(join(folder, 'page'), async (browser, address) => {
  for (const look of looks) for (const [name, picture] of wanted) await take(browser, address, look, name, picture);
});
for (const complaint of complaints) console.error(complaint);
console.log(`${wanted.length * looks.length} pictures are in ${folder}; ${complaints.length || 'no'} complaints.`);
process.exit(complaints.length ? 1 : 0);

/** Takes a picture in a browser that knows nothing of the one before: what was typed and not saved is kept. */
async function take(browser, address, { theme, language, width, height, name: look }, name, [scene, ...steps]) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(10_000);
  await context.addInitScript(([theme, language]) => localStorage.setItem('streambell.preferences', JSON.stringify({ theme, language, unsaved: [] })), [theme, language]);
  const where = `${name}, ${theme}, ${language}, ${width} px`;
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && complaints.push(`${where}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`${where}: ${error}`));
  await page.goto(`${address}?scene=${scene}`);
  await page.getByTestId('status-line').waitFor();
  try {
    for (const step of steps) await step(page);
  } catch (thrown) {
    complaints.push(`${where}: ${String(thrown.message).split('\n')[0]}`);
  }
  // What is asked of the resident has come, and what appears has appeared.
  await page.waitForTimeout(600);
  const into = join(folder, look);
  mkdirSync(into, { recursive: true });
  writeFileSync(join(into, `${name}.png`), await page.screenshot());
  complaints.push(...(await violations(page)).map((found) => `${where}: ${found}`));
  await context.close();
}

/** What axe finds wrong, a line each. */
async function violations(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  const outside = await page.evaluate(() =>
    [...document.querySelectorAll('button, input, select, label, h1, h2')]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && !element.closest('.hidden-text'))
      .map((element) => `beyond the edge of the window: ${element.dataset.testid ?? element.textContent.trim()}`),
  );
  return [...outside, ...violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${help} (${target.join(' ')})`))];
}
