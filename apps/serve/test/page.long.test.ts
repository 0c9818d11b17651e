/// <reference lib="dom" />
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';

import {
  CHROMIUM,
  launch,
  openPage,
  picture,
  violations,
  type WatchedPage,
} from '@towerkit/workspace/browser';
import { artifact, scratch, startServer, type TestServer } from './setup/server.js';

const PHONE = { viewport: { width: 375, height: 740 }, hasTouch: true, isMobile: true };
const DESKTOP = { viewport: { width: 1280, height: 900 } };
const MODELS = ['tower', 'text', 'als', 'popularity'];

// Skipped, and listed as such, where no browser is named.
(CHROMIUM ? describe : describe.skip)('the page, in a browser', () => {
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
  const open = async (options: Parameters<typeof openPage>[2] = DESKTOP, url = server.url) => {
    await opened?.close();
    opened = await openPage(browser, url, options);
    return opened.page;
  };

  test('from the first pick to the answer and its reasons by keyboard alone', async () => {
    const page = await open();
    const { items } = (await server.get<{ items: { id: string; title: string }[] }>('/v1/items?k=3')).body;
    await tabTo(page, '#pick');
    for (const [place, { id, title }] of items.entries()) {
      if (place > 0)
        await page.keyboard.type(title.slice(0, 4)); // the first from what is popular
      else await page.keyboard.press('ArrowDown');
      await page.waitForSelector(`#pick-list [role=option]:has-text("${id}")`);
      await page.waitForTimeout(300); // nothing replaces the list any more
      let active = await page.getAttribute('#pick', 'aria-activedescendant');
      while (!active || !(await page.innerText(`#${active}`)).includes(id)) {
        await page.keyboard.press('ArrowDown');
        active = await page.getAttribute('#pick', 'aria-activedescendant');
      }
      expect(await page.getAttribute(`#${active}`, 'aria-selected')).toBe('true');
      await page.keyboard.press('Enter');
      expect(await page.locator('#picked li').count()).toBe(place + 1);
      expect(await page.getAttribute('#pick', 'aria-expanded')).toBe('false');
    }
    expect(await page.textContent('#status')).toMatch(/picked, 3 in all$/);
    await tabTo(page, '#ask button[type=submit]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#results-title:focus');
    expect(await page.locator('#columns section').count()).toBe(MODELS.length);
    expect(await page.textContent('#status')).toMatch(/^4 models answered/);
    await tabTo(page, '#columns summary');
    await page.keyboard.press('Enter');
    expect(await page.locator('#columns details[open] .bars li').count()).toBeGreaterThan(0);
    expect(opened).toMatchObject({ errors: [], hosts: new Set([new URL(server.url).host]) });
  });

  test('/docs lists the routes and tries them, under the same policy', async () => {
    const page = await open(DESKTOP, `${server.url}/docs`);
    await page.click('.opblock-summary-path[data-path="/health/live"]');
    await page.click('.try-out__btn');
    await page.click('.execute');
    await page.waitForSelector('.live-responses-table .response-col_status:has-text("200")');
    expect(opened).toMatchObject({ errors: [], hosts: new Set([new URL(server.url).host]) });
  });

  test('Escape closes the suggestions, then empties the box; a picked item can be removed', async () => {
    const page = await open();
    await pickThree(page);
    await page.fill('#pick', 'a');
    await page.waitForSelector('#pick-list [role=option]');
    await page.press('#pick', 'Escape');
    expect(await page.isHidden('#pick-list')).toBe(true);
    expect(await page.inputValue('#pick')).toBe('a');
    await page.press('#pick', 'Escape');
    expect(await page.inputValue('#pick')).toBe('');
    await page.locator('#picked button').nth(1).press('Enter');
    expect(await page.locator('#picked li').count()).toBe(2);
    expect(await page.locator('#picked li:nth-child(2) button:focus').count()).toBe(1);
  });

  test('marks what stands in several lists, with how many, and tells how quick each was', async () => {
    const page = await open();
    await pickThree(page);
    await recommend(page);
    const lists = await page.locator('#columns section').evaluateAll((sections) =>
      sections.map((section) => ({
        facts: section.querySelector('.facts')!.textContent,
        items: Array.from(section.querySelectorAll<HTMLElement>('ol > li'), (item) => ({
          id: item.dataset.id,
          badge: item.querySelector('.badge')?.firstChild?.textContent,
        })),
      })),
    );
    const counts = new Map<unknown, number>();
    for (const { items } of lists) for (const { id } of items) counts.set(id, (counts.get(id) ?? 0) + 1);
    for (const { items, facts } of lists) {
      expect(items).toHaveLength(10);
      expect(facts).toMatch(/\d\.\d ms/);
      for (const { id, badge } of items)
        expect(badge).toBe(counts.get(id)! > 1 ? `in ${counts.get(id)} lists` : undefined);
    }
    const shared = [...counts.values()].filter((count) => count > 1).length;
    expect(await page.textContent('#overlap')).toMatch(
      new RegExp(shared === 0 ? '^No item' : `^${shared} item`),
    );
  });

  test('a new user: three ids, words, or nothing', async () => {
    const page = await open();
    await page.check('input[value=ids]');
    await page.fill('#ids', 'P0001, P0002 P0003 NO-SUCH');
    await recommend(page);
    expect(await page.textContent('#asked')).toContain('4 items are known');
    expect(await column(page, 'tower')).toContain('It does not know NO-SUCH');
    await page.check('input[value=words]');
    await page.fill('#words', 'vintage album');
    await recommend(page);
    expect(await column(page, 'text')).not.toContain('Reads no text');
    expect(await column(page, 'als')).toMatch(/Reads no text: made from .+; .+; .+\./);
    await page.check('input[value=nothing]');
    await recommend(page);
    expect(await column(page, 'tower')).toContain('Not personal: what is popular');
    expect(opened!.errors).toEqual([]);
  });

  test('search finds items and hands them to the picks', async () => {
    const page = await open();
    await page.fill('#query', 'album');
    await page.press('#query', 'Enter');
    await page.waitForSelector('#found li');
    expect(await page.textContent('#search-status')).toMatch(
      /^\d+ items? by what the text means to text, in \d+ ms/,
    );
    await page.check('input[value=nothing]');
    const name = await page.textContent('#found li:first-child .name');
    await page.locator('#found button').first().press('Enter');
    expect(await page.textContent('#picked li .name')).toBe(name);
    expect(await page.isChecked('input[value=picks]')).toBe(true);
  });

  test('opens with something to see: one click picks a popular item, asks, and marks the map', async () => {
    const page = await open();
    await page.waitForSelector('#popular button');
    expect(await page.locator('#map .ground circle').count()).toBe(150);
    expect(await page.locator('#models tbody tr').count()).toBe(MODELS.length);
    expect(await page.innerText('#models tbody tr:first-child')).toMatch(/0\.\d{3} \[0\.\d{3}, 0\.\d{3}\]/);
    expect(await page.isHidden('#places-part')).toBe(true);
    await page.locator('#popular button').first().click();
    await page.waitForSelector('#columns section');
    expect(await page.locator('#map .picked-mark').count()).toBe(1);
    expect(await page.locator('#map .answer-mark').count()).toBe(10);
    expect(await page.textContent('#map-marked')).toMatch(
      /^Marked: 1 pick \(rings\) and 10 answers of tower/,
    );
    expect(await page.textContent('#columns .because')).toMatch(/^Because of .+\.$/);
    expect(await page.locator('#latency li').count()).toBe(MODELS.length);
    expect(await page.locator('#columns .change').count()).toBe(0);
    // What is added changes the lists at once, and the page says how.
    await page.locator('#popular button').nth(4).click();
    await page.waitForSelector('#columns .change');
    const news = page.locator('#columns section:first-child li', { hasText: 'new in this list' });
    const left = await page.locator('#columns section:first-child .left').allTextContents();
    expect(left.join('').split('; ').filter(Boolean)).toHaveLength(await news.count());
    expect(opened!.errors).toEqual([]);
  });

  test('somebody of the data; filters and diversity bring the answers up to date', async () => {
    const page = await open();
    await page.locator('#people button').first().click();
    await page.waitForSelector('#columns section');
    expect(await page.locator('#picked li').count()).toBeGreaterThan(1);
    const first = () =>
      page
        .locator('#columns section:first-child ol > li')
        .evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.id!));
    const before = await first();
    const asked = page.waitForResponse('**/v1/recommendations');
    await page.selectOption('#kind-0', { index: 1 });
    expect((await asked).request().postDataJSON()).toMatchObject({
      filter: { category: expect.any(String) },
    });
    await page.waitForFunction(
      (was) => document.querySelector<HTMLElement>('#columns ol > li')?.dataset.id !== was,
      before[0],
    );
    const kind = await page.inputValue('#kind-0');
    for (const id of await first()) {
      const { body } = await server.get<{ attributes: { category: string } }>(`/v1/items/${id}`);
      expect(body.attributes.category).toBe(kind);
    }
    await page.focus('#diversity');
    await page.keyboard.press('End');
    expect(await page.textContent('#diversity-value')).toBe('0.9: much unlike each other');
    await page.waitForSelector('#columns .note:has-text("diversity does not reach it")');
    expect(opened!.errors.filter((error) => !error.includes('422'))).toEqual([]); // of the model without vectors, once
  });

  test('searches as one types', async () => {
    const page = await open();
    await page.locator('#query').pressSequentially('album', { delay: 30 });
    await page.waitForSelector('#found li');
    expect(await page.textContent('#search-status')).toMatch(/^\d+ items? by/);
  });

  test('says what is wrong and what to do', async () => {
    const page = await open();
    await page.click('#ask button[type=submit]');
    await page.waitForSelector('#ask-problem:visible');
    expect(await page.textContent('#ask-problem')).toContain('Pick an item first');
    expect(await violations(page)).toEqual([]);
    await pickThree(page);
    await page.route('**/v1/recommendations', (route) =>
      route.fulfill({
        status: 503,
        headers: { 'content-type': 'application/problem+json', 'retry-after': '2' },
        body: JSON.stringify({ status: 503, code: 'OVERLOADED', detail: 'too many requests' }),
      }),
    );
    await recommend(page);
    expect(await column(page, 'tower')).toContain('Too many requests. Try again in 2 s');
    await page.unroute('**/v1/recommendations');
    await page.context().setOffline(true);
    await page.click('#ask button[type=submit]');
    await page.waitForSelector('#ask-problem:visible');
    expect(await page.textContent('#ask-problem')).toContain('The server does not answer');
    expect(await page.isHidden('#results')).toBe(true);
    await page.context().setOffline(false);
    await recommend(page);
    expect(await page.isHidden('#ask-problem')).toBe(true);
  });

  test('asks for a key where the server does', async () => {
    const file = join(folder, 'keys');
    await writeFile(file, 'a-key-of-many-letters\n');
    const locked = await startServer(folder, { artifacts: [artifact('popularity')], apiKeyFile: file });
    try {
      const page = await open(DESKTOP, locked.url);
      await page.fill('#key', 'wrong');
      await page.press('#key', 'Enter');
      await page.waitForFunction(() => (document.querySelector('#key') as HTMLInputElement)?.value === '');
      expect(await violations(page)).toEqual([]);
      await page.fill('#key', 'a-key-of-many-letters');
      await page.press('#key', 'Enter');
      await page.waitForSelector('#key', { state: 'detached' });
      await page.check('input[value=nothing]');
      await recommend(page);
      expect(await column(page, 'popularity')).toContain('what is popular');
    } finally {
      await locked.stop();
    }
  });

  describe.each([
    ['phone', PHONE],
    ['desktop', DESKTOP],
  ] as const)('at %s width', (width, size) => {
    test.each(['light', 'dark'] as const)(
      '%s: nothing is cut off, and axe finds nothing',
      async (colorScheme) => {
        const page = await open({ ...size, colorScheme });
        const look = async (state: string) => {
          const over = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          expect({ state, over }).toEqual({ state, over: 0 });
          expect({ state, found: await violations(page) }).toEqual({ state, found: [] });
          await picture(page, `${width}-${colorScheme}-${state}`);
        };
        await look('empty');
        await page.fill('#pick', 'a');
        await page.waitForSelector('#pick-list [role=option]');
        await page.press('#pick', 'ArrowDown');
        await look('suggestions');
        await page.press('#pick', 'Enter');
        await pickThree(page);
        await recommend(page);
        for (const name of ['tower', 'text', 'als'])
          await page
            .locator('#columns section', { has: page.locator('h3', { hasText: name }) })
            .locator('summary')
            .first()
            .click();
        await page.fill('#query', 'album');
        await page.press('#query', 'Enter');
        await page.waitForSelector('#found li');
        await look('answers');
      },
    );
  });
});

/** Tab until an element has the focus; fails where the way there is too long. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let step = 0; step < 60; step++) {
    if (await page.evaluate((wanted) => document.activeElement!.matches(wanted), selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`no way to ${selector} by Tab`);
}

async function pickThree(page: Page): Promise<void> {
  for (const place of [2, 4, 6]) {
    await page.click('#pick');
    await page.locator('#pick-list [role=option]').nth(place).click();
  }
}

async function recommend(page: Page): Promise<void> {
  await page.evaluate(() => document.querySelector('#columns')!.replaceChildren());
  await page.click('#ask button[type=submit]');
  await page.waitForSelector('#columns section');
}

const column = (page: Page, name: string): Promise<string> =>
  page.innerText(`#columns section:has(h3:text-is("${name}"))`);
