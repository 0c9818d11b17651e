import { describe, test } from '@jest/globals';

import type { Suite } from './suite.js';
import { throwsCode } from './support.js';

/** What a caller gets wrong is refused with a stable code. */
export function inputTests({ fitted, interactions, knowsUsers }: Suite): void {
  const { cols, rows } = interactions;

  describe('input', () => {
    test.each([-1, cols, 0.5, NaN])('a history with item %d', async (item) => {
      const model = await fitted();
      await throwsCode(() => model.score([[0], [1, item]], new Float32Array(2 * cols)), 'OUT_OF_RANGE');
      await throwsCode(() => model.recommend([[0], [1, item]], 2), 'OUT_OF_RANGE');
    });

    test('users or an output that do not fit the histories', async () => {
      const model = await fitted();
      await throwsCode(() => model.score([[0], [1]], new Float32Array(2 * cols), [0]), 'SHAPE_MISMATCH');
      await throwsCode(() => model.score([[0], [1]], new Float32Array(2 * cols - 1)), 'SHAPE_MISMATCH');
    });

    test.each([-1, 1.5, NaN])('k of %d', async (k) => {
      const model = await fitted();
      await throwsCode(() => model.recommend([[0]], k), 'OUT_OF_RANGE');
    });

    if (!knowsUsers) return;
    test.each([-2, rows, 0.5, NaN])('user %d', async (user) => {
      const model = await fitted();
      await throwsCode(() => model.score([[0], [1]], new Float32Array(2 * cols), [0, user]), 'OUT_OF_RANGE');
    });
  });
}
