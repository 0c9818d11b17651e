/// <reference lib="dom" />
import { describe, expect, test } from '@jest/globals';

import { CHROMIUM, picture, violations } from '@towerkit/workspace/browser';
import { DESKTOP, PHONE, pageSetup, pickThree, recommend } from './setup/page.js';

// Skipped, and listed as such, where no browser is named.
(CHROMIUM ? describe : describe.skip)('how the page looks, in a browser', () => {
  const { open } = pageSetup();

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
          // The same elements in other colors: all that can differ is whether they can be read.
          const found = await violations(page, colorScheme === 'dark' ? ['color-contrast'] : undefined);
          expect({ state, found }).toEqual({ state, found: [] });
          await picture(page, `${width}-${colorScheme}-${state}`);
        };
        await look('empty');
        const [ask, search] = [
          await page.locator('#ask').boundingBox(),
          await page.locator('#search').boundingBox(),
        ];
        expect(search!.y > ask!.y + ask!.height).toBe(width === 'phone'); // below each other, or side by side
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
