/// <reference lib="dom" />
import { describe, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { CHROMIUM, violations } from '@towerkit/workspace/browser';
import { column, DESKTOP, MODELS, pageSetup, pickThree, recommend } from './setup/page.js';
import { artifact, startServer } from './setup/server.js';

// Skipped, and listed as such, where no browser is named.
(CHROMIUM ? describe : describe.skip)('what the page shows and says, in a browser', () => {
  const { server, folder, opened, open } = pageSetup();

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
    expect(opened().errors).toEqual([]);
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
      const { body } = await server().get<{ attributes: { category: string } }>(`/v1/items/${id}`);
      expect(body.attributes.category).toBe(kind);
    }
    await page.focus('#diversity');
    await page.keyboard.press('End');
    expect(await page.textContent('#diversity-value')).toBe('0.9: much unlike each other');
    await page.waitForSelector('#columns .note:has-text("diversity does not reach it")');
    expect(opened().errors.filter((error) => !error.includes('422'))).toEqual([]); // of the model without vectors, once
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
    const file = join(folder(), 'keys');
    await writeFile(file, 'a-key-of-many-letters\n');
    const locked = await startServer(folder(), { artifacts: [artifact('popularity')], apiKeyFile: file });
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

  test('/docs lists the routes and tries them, under the same policy', async () => {
    const page = await open(DESKTOP, `${server().url}/docs`);
    await page.click('.opblock-summary-path[data-path="/health/live"]');
    await page.click('.try-out__btn');
    await page.click('.execute');
    await page.waitForSelector('.live-responses-table .response-col_status:has-text("200")');
    expect(opened()).toMatchObject({ errors: [], hosts: new Set([new URL(server().url).host]) });
  });
});
