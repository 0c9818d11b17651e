import { describe, expect, test } from '@jest/globals';
import { CsrMatrix } from '@towerkit/core';

import type { Suite } from './suite.js';
import { historiesOf, scoresOf, throwsCode, upTo } from './support.js';

/** Before the fit, after it, after another, and after one that was stopped. */
export function fitTests({ make, kind, fitted, interactions, targets, learns }: Suite): void {
  describe('fit', () => {
    test('names its kind and has no items before it is fitted', () => {
      const model = make();
      expect(model.kind).toBe(kind);
      expect(model.items).toBe(0);
    });

    test('refuses to score, recommend, explain and save before it is fitted', async () => {
      const model = make();
      await throwsCode(() => model.score([[]], new Float32Array(0)), 'NOT_FITTED');
      await throwsCode(() => model.recommend([[]], 1), 'NOT_FITTED');
      await throwsCode(() => model.save('.'), 'NOT_FITTED');
      if (model.explain) await throwsCode(() => model.explain!([], 0), 'NOT_FITTED');
    });

    test('has the items of the matrix, also those that nobody had', async () => {
      expect((await fitted()).items).toBe(interactions.cols);
    });

    test('leaves the matrix as it was', async () => {
      const before = [
        interactions.indptr.slice(),
        interactions.indices.slice(),
        interactions.values?.slice(),
      ];
      await fitted();
      expect([interactions.indptr, interactions.indices, interactions.values]).toEqual(before);
    });

    test('the same settings and seed give the same scores', async () => {
      const histories = historiesOf(interactions);
      const users = upTo(histories.length);
      expect(await scoresOf(await fitted(), histories, users)).toEqual(
        await scoresOf(await fitted(), histories, users),
      );
    });

    test('another fit replaces the model', async () => {
      const half = Math.floor(interactions.rows / 2);
      const end = interactions.indptr[half];
      const other = new CsrMatrix(
        half,
        interactions.cols + 3,
        interactions.indptr.slice(0, half + 1),
        interactions.indices.slice(0, end),
        interactions.values?.slice(0, end),
      );
      const again = await fitted();
      await again.fit(other);
      const fresh = make();
      await fresh.fit(other);
      expect(again.items).toBe(other.cols);
      const [histories, users] = [historiesOf(other), upTo(half)];
      expect(await scoresOf(again, histories, users)).toEqual(await scoresOf(fresh, histories, users));
    });

    test('a signal that is aborted stops it with its reason and keeps the old model', async () => {
      const reason = new Error('enough');
      const stop = (model = make()) =>
        (async () => model.fit(interactions, { signal: AbortSignal.abort(reason) }))();
      const fresh = make();
      await expect(stop(fresh)).rejects.toBe(reason);
      expect(fresh.items).toBe(0);
      const model = await fitted();
      const [histories, users] = [historiesOf(interactions), upTo(interactions.rows)];
      const before = await scoresOf(model, histories, users);
      await expect(stop(model)).rejects.toBe(reason);
      expect(await scoresOf(model, histories, users)).toEqual(before);
    });

    if (!learns) return;
    test('ranks held-out items better than popularity', async () => {
      const histories = historiesOf(interactions);
      const scores = await scoresOf(await fitted(), histories, upTo(histories.length));
      const counts = interactions.columnCounts();
      const popularity = Float32Array.from(
        { length: scores.length },
        (_, i) => counts[i % interactions.cols],
      );
      const ours = meanRank(scores, interactions, targets);
      expect(ours).toBeLessThan(0.7 * meanRank(popularity, interactions, targets));
    });
  });
}

/** How many items beside the history rank above the target, ties half, over users with one. */
function meanRank(scores: Float32Array, { cols, ...m }: CsrMatrix, targets: Int32Array): number {
  let [sum, users] = [0, 0];
  targets.forEach((target, user) => {
    if (target < 0) return;
    const known = new Set(m.indices.subarray(m.indptr[user], m.indptr[user + 1]));
    const row = scores.subarray(user * cols, (user + 1) * cols);
    row.forEach((score, item) => {
      if (item === target || known.has(item)) return;
      sum += score > row[target] ? 1 : score === row[target] ? 0.5 : 0;
    });
    users++;
  });
  return sum / users;
}
