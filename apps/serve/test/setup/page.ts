/// <reference lib="dom" />
import { afterAll, beforeAll } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';

import { launch, openPage, type WatchedPage } from '@towerkit/workspace/browser';
import { artifact, scratch, startServer, type TestServer } from './server.js';

export const PHONE = { viewport: { width: 375, height: 740 }, hasTouch: true, isMobile: true };
export const DESKTOP = { viewport: { width: 1280, height: 900 } };
export const MODELS = ['tower', 'text', 'als', 'popularity'];

/** A server of four models and a browser for the tests of a block, with one page open at a time. */
export function pageSetup() {
  let browser: Browser;
  let server: TestServer;
  let folder: string;
  let remove: () => Promise<void>;
  let opened: WatchedPage | undefined;
  beforeAll(async () => {
    ({ folder, remove } = await scratch());
    server = await startServer(folder, { artifacts: MODELS.map(artifact) });
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await remove();
  });
  return {
    server: () => server,
    folder: () => folder,
    /** The page that was opened last, with what it did wrong. */
    opened: () => opened!,
    async open(options: Parameters<typeof openPage>[2] = DESKTOP, url = server.url): Promise<Page> {
      await opened?.close();
      opened = await openPage(browser, url, options);
      return opened.page;
    },
  };
}

/** Tab until an element has the focus; fails where the way there is too long. */
export async function tabTo(page: Page, selector: string): Promise<void> {
  for (let step = 0; step < 60; step++) {
    if (await page.evaluate((wanted) => document.activeElement!.matches(wanted), selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`no way to ${selector} by Tab`);
}

/** Picks the third, fifth and seventh of what is popular. */
export async function pickThree(page: Page): Promise<void> {
  for (const place of [2, 4, 6]) {
    await page.click('#pick');
    await page.locator('#pick-list [role=option]').nth(place).click();
  }
}

/** Asks, and waits for the columns. */
export async function recommend(page: Page): Promise<void> {
  await page.evaluate(() => document.querySelector('#columns')!.replaceChildren());
  await page.click('#ask button[type=submit]');
  await page.waitForSelector('#columns section');
}

/** What a model's column says. */
export const column = (page: Page, name: string): Promise<string> =>
  page.innerText(`#columns section:has(h3:text-is("${name}"))`);
