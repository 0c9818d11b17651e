import { describe, expect, test } from '@jest/globals';
import { recommenderSuite } from '@towerkit/conformance';
import { CsrMatrix, Rng } from '@towerkit/core';

import { ItemKnn, type KnnOptions } from '../src/index.js';
import { naiveSimilarities } from './naive-similarities.js';

for (const similarity of ['tf-idf', 'cosine', 'bm25', 'jaccard'] as const)
  recommenderSuite(`ItemKnn (${similarity})`, {
    make: () => new ItemKnn({ similarity, neighbors: 8, shrinkage: 2 }),
    load: ItemKnn.load,
    kind: 'item-knn',
    explains: true,
  });

/** A random matrix with repetitions, with or without values. */
function random(rng: Rng, withValues: boolean): CsrMatrix {
  const entries = 60;
  const draw = (bound: number) => Array.from({ length: entries }, () => rng.integer(bound));
  return CsrMatrix.fromPairs(9, 12, draw(9), draw(12), withValues ? draw(5) : undefined);
}

describe('ItemKnn', () => {
  test.each<KnnOptions>([
    { similarity: 'cosine', shrinkage: 0, asymmetry: 0.5 },
    { similarity: 'cosine', shrinkage: 3, asymmetry: 0.8 },
    { similarity: 'tf-idf', shrinkage: 2, asymmetry: 0.7 },
    { similarity: 'bm25', shrinkage: 0, normalize: false },
    { similarity: 'bm25', shrinkage: 1, k1: 2, b: 0.3 },
    { similarity: 'jaccard', shrinkage: 1 },
  ])('similarities equal those of dense vectors, %j', async (options) => {
    const rng = new Rng(3);
    for (let round = 0; round < 10; round++) {
      const m = random(rng, round % 2 === 1);
      const model = new ItemKnn({ ...options, neighbors: 3 });
      await model.fit(m);
      const full = naiveSimilarities(m.transpose(), {
        asymmetry: 0.8,
        k1: 1.2,
        b: 0.75,
        normalize: true,
        ...options,
      });
      for (let y = 0; y < m.cols; y++) {
        const ranked = Array.from({ length: m.cols }, (_, x) => x)
          .filter((x) => x !== y && full[x][y] > 0)
          .sort((a, b) => full[b][y] - full[a][y] || a - b);
        const kept = new Set(ranked.slice(0, 3));
        for (let x = 0; x < m.cols; x++) {
          const close = ranked.length > 3 && Math.abs(full[x][y] - full[ranked[2]][y]) < 1e-6; // a tie, but for rounding
          if (!close) expect(model.similarity(x, y)).toBeCloseTo(kept.has(x) ? full[x][y] : 0, 5);
        }
      }
    }
  });

  test('the score is the sum over distinct items of the history; repetitions in the data count once', async () => {
    const once = CsrMatrix.fromPairs(3, 3, [0, 0, 1, 1, 2], [0, 1, 0, 1, 2]);
    const twice = CsrMatrix.fromPairs(3, 3, [0, 0, 0, 1, 1, 2], [0, 1, 0, 0, 1, 2]);
    const scores = new Float32Array(3);
    for (const m of [once, twice]) {
      const model = new ItemKnn({ similarity: 'cosine', shrinkage: 0, asymmetry: 0.5 });
      await model.fit(m);
      model.score([[0, 0]], scores);
      expect(Array.from(scores)).toEqual([0, 1, 0]);
    }
  });

  test('values that are negative or not finite are refused with their place', async () => {
    for (const value of [-1, NaN, Infinity]) {
      const m = CsrMatrix.fromPairs(2, 2, [0, 1], [0, 1], [1, value]);
      await expect(new ItemKnn().fit(m)).rejects.toMatchObject({
        code: 'BAD_VALUE',
        details: { row: 1, column: 1, value },
      });
    }
  });

  test.each([
    { neighbors: 0 },
    { neighbors: 1.5 },
    { shrinkage: -1 },
    { shrinkage: NaN },
    { asymmetry: 1.1 },
    { b: 2 },
    { k1: -1 },
    { similarity: 'cosines' },
    { normalize: 1 },
    { neighbours: 5 },
  ])('bad options are named, %j', (options) => {
    expect(() => new ItemKnn(options as KnnOptions)).toThrow(
      expect.objectContaining({
        code: 'BAD_OPTION',
        details: expect.objectContaining({ option: Object.keys(options)[0] }),
      }),
    );
  });

  test('a fit can be stopped half-way, reports, and leaves the thread to others', async () => {
    const rng = new Rng(5);
    const n = 40_000;
    const draw = (bound: number) => Array.from({ length: n }, () => rng.integer(bound));
    const m = CsrMatrix.fromPairs(400, 2000, draw(400), draw(2000));
    const stop = new AbortController();
    const seen: number[] = [];
    const fit = new ItemKnn().fit(m, {
      signal: stop.signal,
      onProgress: ({ done }) => {
        seen.push(done);
        stop.abort(new Error('enough'));
      },
    });
    await expect(fit).rejects.toThrow('enough');
    expect(seen).toHaveLength(1);
  });
});
