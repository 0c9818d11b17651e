import { createRequire } from 'node:module';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

/** The browser to test in, such as Debian's `/usr/bin/chromium`. */
export const CHROMIUM = process.env.TOWERKIT_CHROMIUM;

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts it without a window, with a profile of its own. */
export const launch = () => chromium.launch({ executablePath: CHROMIUM, headless: true, args: ARGS });

/** Opens a page with axe-core at hand. */
export async function openPage(browser, url, options = {}) {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  await context.addInitScript({ content: await readFile(axe, 'utf8') });
  const page = await context.newPage();
  const errors = [];
  const hosts = new Set();
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  await page.goto(url);
  return { page, errors, hosts, close: () => context.close() };
}

/** What axe finds wrong with a page as it stands: rules and the elements that break them; of `rules` alone where given. */
export const violations = (page, rules) =>
  page.evaluate(async (only) => {
    const found = await globalThis.axe.run({ resultTypes: ['violations'], ...(only && { runOnly: only }) });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }, rules);

/** Keeps a picture of the page to look at, where `TOWERKIT_SCREENSHOTS` names a folder for it. */
export async function picture(page, name) {
  const folder = process.env.TOWERKIT_SCREENSHOTS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
