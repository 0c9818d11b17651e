import { describe, expect, test } from '@jest/globals';
import { topK } from '@towerkit/core';

import type { Suite } from './suite.js';
import { historiesOf, scoresOf, upTo } from './support.js';

/** Recommendations are the best of the scores, without the history. */
export function recommendTests({ fitted, interactions, tolerance }: Suite): void {
  const histories = historiesOf(interactions);
  const everyone = upTo(interactions.rows);

  describe('recommend', () => {
    test.each([1, 5, 1000])('%i items: the best scores, the history left out', async (k) => {
      const model = await fitted();
      const scores = await scoresOf(model, histories, everyone);
      const found = await model.recommend(histories, k, everyone);
      expect(found).toHaveLength(histories.length);
      found.forEach(({ items, scores: values }, row) => {
        const own = scores.subarray(row * model.items, (row + 1) * model.items);
        const expected = topK(own, k, histories[row]);
        expect(items).toHaveLength(expected.items.length);
        expect(new Set(items).size).toBe(items.length);
        const scale = Math.max(...own.map(Math.abs), 1e-12);
        for (let i = 0; i < items.length; i++) {
          expect(histories[row]).not.toContain(items[i]);
          expect(Math.abs(values[i] - expected.scores[i]) / scale).toBeLessThanOrEqual(tolerance);
          expect(Math.abs(values[i] - own[items[i]]) / scale).toBeLessThanOrEqual(tolerance);
          if (i > 0) expect(values[i]).toBeLessThanOrEqual(values[i - 1]);
        }
      });
    });

    test('0 items are none', async () => {
      const [one] = await (await fitted()).recommend([histories[0]], 0);
      expect([one.items.length, one.scores.length]).toEqual([0, 0]);
    });

    test('a history of every item leaves nothing', async () => {
      const model = await fitted();
      const [one] = await model.recommend([upTo(model.items)], 5);
      expect(one.items).toHaveLength(0);
    });
  });
}
