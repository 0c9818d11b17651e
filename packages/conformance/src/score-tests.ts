import { describe, expect, test } from '@jest/globals';

import type { Suite } from './suite.js';
import { distance, historiesOf, scoresOf, upTo } from './support.js';

/** Scores are finite, complete, and do not depend on the company they are asked in. */
export function scoreTests({ fitted, interactions, tolerance }: Suite): void {
  const histories = historiesOf(interactions);
  const everyone = upTo(interactions.rows);

  describe('score', () => {
    test.each(['known', 'unknown'])('is finite and not all the same, users %s', async (who) => {
      const scores = await scoresOf(await fitted(), histories, who === 'known' ? everyone : undefined);
      expect(scores.every(Number.isFinite)).toBe(true);
      expect(new Set(scores).size).toBeGreaterThan(1);
    });

    test('in one batch and one by one agree', async () => {
      const model = await fitted();
      for (const users of [everyone, undefined]) {
        const together = await scoresOf(model, histories, users);
        const apart = new Float32Array(together.length);
        for (const [row, history] of histories.entries())
          apart.set(await scoresOf(model, [history], users && [users[row]]), row * model.items);
        expect(distance(apart, together)).toBeLessThan(tolerance);
      }
    });

    test('takes plain arrays and typed arrays alike, and changes neither', async () => {
      const model = await fitted();
      const plain = histories.map((history) => Array.from(history));
      const scores = await scoresOf(model, histories, everyone);
      expect(await scoresOf(model, plain, Array.from(everyone))).toEqual(scores);
      expect(plain).toEqual(histories.map((history) => Array.from(history)));
    });

    test('of an empty history, an unknown user, and a history with repetitions is finite', async () => {
      const model = await fitted();
      const item = interactions.indices[0];
      const odd = [[], [], [item, item, item], [interactions.cols - 1]];
      const scores = await scoresOf(model, odd, [-1, interactions.rows - 1, -1, -1]);
      expect(scores.every(Number.isFinite)).toBe(true);
      expect((await scoresOf(model, odd)).every(Number.isFinite)).toBe(true);
    });

    test('of no user is nothing', async () => {
      const model = await fitted();
      await model.score([], new Float32Array(0));
      expect(await model.recommend([], 3)).toEqual([]);
    });
  });
}
