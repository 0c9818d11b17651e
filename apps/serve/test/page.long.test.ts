/// <reference lib="dom" />
import { describe, expect, test } from '@jest/globals';

import { CHROMIUM } from '@towerkit/workspace/browser';
import { column, MODELS, pageSetup, pickThree, recommend, tabTo } from './setup/page.js';

// Skipped, and listed as such, where no browser is named.
(CHROMIUM ? describe : describe.skip)('asking, in the page', () => {
  const { server, opened, open } = pageSetup();

  test('from the first pick to the answer and its reasons by keyboard alone', async () => {
    const page = await open();
    const { items } = (await server().get<{ items: { id: string; title: string }[] }>('/v1/items?k=3')).body;
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
    expect(opened()).toMatchObject({ errors: [], hosts: new Set([new URL(server().url).host]) });
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
    expect(opened().errors).toEqual([]);
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

  test('searches as one types', async () => {
    const page = await open();
    await page.locator('#query').pressSequentially('album', { delay: 30 });
    await page.waitForSelector('#found li');
    expect(await page.textContent('#search-status')).toMatch(/^\d+ items? by/);
  });
});
