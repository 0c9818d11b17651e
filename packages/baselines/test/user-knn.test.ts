import { describe, expect, test } from '@jest/globals';
import { recommenderSuite } from '@towerkit/conformance';
import { CsrMatrix, Rng } from '@towerkit/core';

import { UserKnn, type KnnOptions } from '../src/index.js';
import { dense, meanSquare, naiveSimilarity, weigh } from './naive-similarities.js';

for (const similarity of ['tf-idf', 'cosine', 'bm25', 'jaccard'] as const)
  recommenderSuite(`UserKnn (${similarity})`, {
    make: () => new UserKnn({ similarity, neighbors: 12 }),
    load: UserKnn.load,
    kind: 'user-knn',
    explains: true,
    knowsUsers: true,
  });

describe('UserKnn', () => {
  test.each<KnnOptions>([
    { similarity: 'cosine', shrinkage: 0, asymmetry: 0.5 },
    { similarity: 'tf-idf', shrinkage: 2, asymmetry: 0.4 },
    { similarity: 'bm25', shrinkage: 0, normalize: false },
    { similarity: 'bm25', shrinkage: 1, asymmetry: 0.4 },
    { similarity: 'jaccard', shrinkage: 1 },
  ])('scores equal those of dense vectors, %j', async (options) => {
    const rng = new Rng(7);
    const settings = { asymmetry: 0.4, k1: 1.2, b: 0.75, normalize: true, ...options };
    for (let round = 0; round < 10; round++) {
      const draw = (bound: number) => Array.from({ length: 70 }, () => rng.integer(bound));
      const values = round % 2 === 1 ? draw(5) : undefined;
      const m = CsrMatrix.fromPairs(14, 10, draw(14), draw(10), values);
      const model = new UserKnn({ ...options, neighbors: 14 }); // all of them: ties do not matter
      await model.fit(m);
      const raw = dense(m);
      const history = [rng.integer(10), rng.integer(10), rng.integer(10)];
      const asked = raw[0].map((_, item) => (history.includes(item) ? 1 : 0));
      const { weights, extra } = weigh(raw, settings, [asked]);
      const square = meanSquare(raw, weights);
      const without = round < 5 ? -1 : 2;
      const expected = raw[0].map((_, item) =>
        weights.reduce((sum, theirs, user) => {
          if (user === without) return sum;
          return sum + Math.max(0, naiveSimilarity(extra[0], theirs, square, settings)) * raw[user][item];
        }, 0),
      );
      const scores = new Float32Array(10);
      model.score([history], scores, [without]);
      expected.forEach((value, item) => expect(scores[item]).toBeCloseTo(value, 4));
    }
  });

  test('keeps the nearest alone; a user who is named is no neighbor of their own', async () => {
    const m = CsrMatrix.fromPairs(3, 4, [0, 0, 1, 1, 2, 2, 2], [0, 1, 0, 2, 0, 3, 2]);
    const model = new UserKnn({ similarity: 'cosine', shrinkage: 0, asymmetry: 0.5, neighbors: 1 });
    await model.fit(m);
    const scores = new Float32Array(4);
    model.score([[0, 1]], scores);
    expect(Array.from(scores, (score) => Math.round(score * 1e6) / 1e6)).toEqual([1, 1, 0, 0]); // user 0 itself
    model.score([[0, 1]], scores, [0]);
    expect(Array.from(scores)).toEqual([0.5, 0, 0.5, 0]); // user 1
  });

  test('refuses a matrix without users', async () => {
    const nobody = new CsrMatrix(0, 3, Int32Array.of(0), new Int32Array(0));
    await expect(new UserKnn().fit(nobody)).rejects.toMatchObject({ code: 'EMPTY_DATA' });
  });
});
