import { describe, expect, test } from '@jest/globals';

import type { Suite } from './suite.js';
import { historiesOf, scoresOf, throwsCode } from './support.js';

/** Explanations are the terms of the score. */
export function explanationTests({ fitted, interactions, explains }: Suite): void {
  if (explains === false) return;
  const tolerance = explains === true ? 1e-4 : explains;

  describe('explain', () => {
    test('names items of the history alone, the weightiest first, and sums to the score', async () => {
      const model = await fitted();
      const histories = historiesOf(interactions).slice(0, 12);
      const scores = await scoresOf(model, histories);
      const scale = Math.max(...scores.map(Math.abs), 1e-12);
      for (const [row, history] of histories.entries())
        for (let item = 0; item < model.items; item++) {
          const reasons = await model.explain!(history, item);
          const items = reasons.map((reason) => reason.item);
          expect(new Set(items).size).toBe(items.length);
          expect(items.every((one) => history.includes(one))).toBe(true);
          const weights = reasons.map(({ weight }) => weight);
          expect(weights).toEqual([...weights].sort((a, b) => Math.abs(b) - Math.abs(a)));
          const sum = weights.reduce((total, weight) => total + weight, 0);
          expect(Math.abs(sum - scores[row * model.items + item]) / scale).toBeLessThan(tolerance);
        }
    });

    test('of several items at once is that of each', async () => {
      const model = await fitted();
      if (!model.explainAll) return;
      const [history] = historiesOf(interactions).filter(({ length }) => length > 1);
      const items = [model.items - 1, 0, 0];
      const each = [];
      for (const item of items) each.push(await model.explain!(history, item));
      expect(await model.explainAll(history, items)).toEqual(each);
      expect(await model.explainAll(history, [])).toEqual([]);
      await throwsCode(() => model.explainAll!([0], [0, model.items]), 'OUT_OF_RANGE');
    });

    test('of an empty history is empty', async () => {
      expect(await (await fitted()).explain!([], 0)).toEqual([]);
    });

    test('refuses items that are none', async () => {
      const model = await fitted();
      await throwsCode(() => model.explain!([0], model.items), 'OUT_OF_RANGE');
      await throwsCode(() => model.explain!([0, -1], 0), 'OUT_OF_RANGE');
    });
  });
}
