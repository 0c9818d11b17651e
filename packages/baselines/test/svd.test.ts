import { describe, expect, test } from '@jest/globals';
import { recommenderSuite } from '@towerkit/conformance';
import { CsrMatrix, Rng } from '@towerkit/core';

import { Svd } from '../src/index.js';

/** Random ratings with rank-one structure; the last user and item have none. */
function random(seed: number, users = 20, items = 15): CsrMatrix {
  const rng = new Rng(seed);
  const taste = Array.from({ length: users }, () => rng.normal());
  const kind = Array.from({ length: items }, () => rng.normal());
  const [u, i, r]: number[][] = [[], [], []];
  for (let user = 0; user < users - 1; user++)
    for (let item = 0; item < items - 1; item++)
      if (rng.uniform() < 0.5) {
        u.push(user);
        i.push(item);
        r.push(Math.min(5, Math.max(1, Math.round(3 + 1.2 * taste[user] * kind[item]))));
      }
  return CsrMatrix.fromPairs(users, items, u, i, r);
}

recommenderSuite('Svd', {
  make: () => new Svd({ factors: 6, epochs: 5 }),
  load: Svd.load,
  kind: 'svd',
  learns: false, // it predicts ratings, not what is taken next
  knowsUsers: true,
  interactions: random(3),
});

describe('Svd', () => {
  test.each([
    { factors: 7, biased: true },
    { factors: 20, biased: false },
  ])('equals the updates of Surprise written out, %j', async ({ factors, biased }) => {
    const m = random(1);
    const rng = new Rng(2);
    const normals = (rows: number) =>
      Array.from({ length: rows }, () => Array.from({ length: factors }, () => 0.1 * rng.normal()));
    const [pu, qi] = [normals(m.rows), normals(m.cols)];
    const [bu, bi] = [new Array<number>(m.rows).fill(0), new Array<number>(m.cols).fill(0)];
    const [lr, reg] = [0.03, 0.05];
    const mean = m.values!.reduce((sum, value) => sum + value, 0) / m.entries;
    const level = biased ? mean : 0;
    const estimate = (u: number, i: number) =>
      level + bu[u] + bi[i] + pu[u].reduce((sum, value, f) => sum + value * qi[i][f], 0);
    for (let epoch = 0; epoch < 10; epoch++)
      for (let u = 0; u < m.rows; u++)
        for (let k = m.indptr[u]; k < m.indptr[u + 1]; k++) {
          const i = m.indices[k];
          const err = m.values![k] - estimate(u, i);
          if (biased) {
            bu[u] += lr * (err - reg * bu[u]);
            bi[i] += lr * (err - reg * bi[i]);
          }
          for (let f = 0; f < factors; f++) {
            const [puf, qif] = [pu[u][f], qi[i][f]];
            pu[u][f] += lr * (err * qif - reg * puf);
            qi[i][f] += lr * (err * puf - reg * qif);
          }
        }
    const model = new Svd({
      factors,
      biased,
      epochs: 10,
      learningRate: lr,
      regularization: reg,
      seed: 2,
      scale: [-99, 99],
    });
    await model.fit(m);
    for (let u = 0; u < m.rows - 1; u++)
      for (let i = 0; i < m.cols - 1; i++) expect(model.predict([u], [i])[0]).toBeCloseTo(estimate(u, i), 4);
  });

  test('a learning rate that is too high is an error, and the model stays', async () => {
    const model = new Svd({ factors: 5, learningRate: 3 });
    await expect(model.fit(random(7))).rejects.toMatchObject({ code: 'DIVERGED' });
    expect(model.items).toBe(0);
  });

  test('fits ratings better the longer it learns; another seed is another model', async () => {
    const m = random(4);
    const [users, items]: number[][] = [[], []];
    for (let u = 0; u < m.rows; u++)
      for (const i of m.row(u)) {
        users.push(u);
        items.push(i);
      }
    const error = async (options: { epochs: number; seed?: number }) => {
      const model = new Svd({ factors: 10, learningRate: 0.02, scale: [1, 5], ...options });
      await model.fit(m);
      const predicted = model.predict(users, items);
      return predicted.reduce((sum, value, k) => sum + (value - m.values![k]) ** 2, 0);
    };
    const [few, many] = [await error({ epochs: 2 }), await error({ epochs: 60 })];
    expect(many).toBeLessThan(0.6 * few);
    expect(await error({ epochs: 2, seed: 1 })).not.toBe(few);
  });

  test('scores are the predictions unclipped; unknown users get mean and item bias', async () => {
    const m = random(5);
    const model = new Svd({ factors: 5, scale: [-100, 100] });
    await model.fit(m);
    const scores = new Float32Array(2 * m.cols);
    model.score([[], []], scores, [3, -1]);
    const items = Array.from({ length: m.cols }, (_, item) => item);
    const known = model.predict(items.map(() => 3), items); // prettier-ignore
    const unknown = model.predict(items.map(() => -1), items); // prettier-ignore
    expect(Array.from(scores)).toEqual([...known, ...unknown]);
  });

  test('not biased, what it knows nothing of is the mean', async () => {
    const m = random(6);
    const model = new Svd({ factors: 5, biased: false });
    await model.fit(m);
    const mean = m.values!.reduce((sum, value) => sum + value, 0) / m.entries;
    for (const value of model.predict([-1, 0, m.rows - 1, 0], [0, -1, 0, m.cols - 1]))
      expect(value).toBeCloseTo(mean, 5);
  });

  test.each([
    { factors: 0 },
    { epochs: 1.5 },
    { learningRate: 0 },
    { regularization: -1 },
    { initialDeviation: NaN },
    { biased: 'yes' },
    { seed: 0.5 },
    { scale: [1] },
  ])('a bad option is named, %j', (options) => {
    expect(() => new Svd(options as never)).toThrow(
      expect.objectContaining({
        code: 'BAD_OPTION',
        details: expect.objectContaining({ option: Object.keys(options)[0] }),
      }),
    );
  });
});
