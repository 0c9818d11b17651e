import { describe, expect, test } from '@jest/globals';
import { CsrMatrix, Rng } from '@towerkit/core';

import {
  Bias,
  crossValidate,
  GlobalMean,
  ItemKnnRatings,
  ItemMean,
  ratingFolds,
  Svd,
  UserKnnRatings,
  UserMean,
  type KnnRatingsOptions,
  type RatingPredictor,
} from '../src/index.js';

type Rating = [user: number, item: number, rating: number];

const matrix = (ratings: Rating[], users: number, items: number) =>
  CsrMatrix.fromPairs(
    users,
    items,
    ratings.map(([user]) => user),
    ratings.map(([, item]) => item),
    ratings.map(([, , rating]) => rating),
  );

/** Distinct random pairs; the last user and item are without ratings. */
function random(rng: Rng, users: number, items: number): Rating[] {
  const ratings: Rating[] = [];
  for (let user = 0; user < users - 1; user++)
    for (let item = 0; item < items - 1; item++)
      if (rng.uniform() < 0.6) ratings.push([user, item, 1 + rng.integer(5)]);
  return ratings;
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: number[]) => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));

/** Biases, written out as the documentation of Surprise has them. */
function naiveBiases(ratings: Rating[], users: number, items: number) {
  const mu = mean(ratings.map(([, , r]) => r));
  const [bu, bi] = [new Array<number>(users).fill(0), new Array<number>(items).fill(0)];
  for (let epoch = 0; epoch < 10; epoch++) {
    bi.forEach((_, i) => {
      const own = ratings.filter((r) => r[1] === i);
      bi[i] = own.reduce((sum, [u, , r]) => sum + r - mu - bu[u], 0) / (10 + own.length);
    });
    bu.forEach((_, u) => {
      const own = ratings.filter((r) => r[0] === u);
      bu[u] = own.reduce((sum, [, i, r]) => sum + r - mu - bi[i], 0) / (15 + own.length);
    });
  }
  return { mu, bu, bi };
}

/** One prediction of user KNN, from lists of pairs alone. */
function naiveKnn(
  ratings: Rating[],
  u: number,
  i: number,
  users: number,
  items: number,
  o: KnnRatingsOptions,
) {
  const { mu, bu, bi } = naiveBiases(ratings, users, items);
  const of = (user: number) => new Map(ratings.filter((r) => r[0] === user).map(([, item, r]) => [item, r]));
  const variant = o.variant ?? 'basic';
  const own = of(u);
  const raters = ratings.filter((r) => r[1] === i);
  if (own.size === 0 || raters.length === 0)
    return variant === 'baseline' ? mu + (bu[u] ?? 0) + (bi[i] ?? 0) : mu;
  const similarity = (v: number) => {
    const theirs = of(v);
    const shared = [...own.keys()].filter((item) => theirs.has(item));
    const baselines = o.similarity === 'pearson-baseline';
    if (shared.length < (baselines ? 2 : 1)) return 0;
    let [x, y] = [shared.map((item) => own.get(item)!), shared.map((item) => theirs.get(item)!)];
    if (o.similarity === undefined || o.similarity === 'msd')
      return 1 / (mean(x.map((r, k) => (r - y[k]) ** 2)) + 1);
    if (o.similarity === 'pearson') {
      const [mx, my] = [mean(x), mean(y)];
      [x, y] = [x.map((r) => r - mx), y.map((r) => r - my)];
    }
    if (baselines) {
      x = x.map((r, k) => r - mu - bu[u] - bi[shared[k]]);
      y = y.map((r, k) => r - mu - bu[v] - bi[shared[k]]);
    }
    const dot = (a: number[], b: number[]) => a.reduce((sum, value, k) => sum + value * b[k], 0);
    const norms = Math.sqrt(dot(x, x) * dot(y, y));
    if (norms < 1e-9) return 0;
    const shrunk = baselines ? (shared.length - 1) / (shared.length - 1 + (o.shrinkage ?? 100)) : 1;
    return (dot(x, y) / norms) * shrunk;
  };
  const all = ratings.map(([, , r]) => r);
  const about = (user: number) => {
    const values = [...of(user).values()];
    if (variant === 'basic') return { center: 0, spread: 1 };
    if (variant === 'baseline') return { center: mu + bu[user] + bi[i], spread: 1 };
    return {
      center: mean(values),
      spread: variant === 'z-score' ? deviation(values) || deviation(all) : 1,
    };
  };
  const near = raters
    .map(([v, , r]) => ({ v, r, s: similarity(v) }))
    .filter(({ v, s }) => v !== u && s > 1e-9)
    .sort((a, b) => b.s - a.s)
    .slice(0, o.neighbors ?? 40);
  const { center, spread } = about(u);
  if (near.length < (o.minNeighbors ?? 1)) return variant === 'basic' ? mu : center;
  const weights = near.reduce((sum, { s }) => sum + s, 0);
  const sum = near.reduce((total, { v, r, s }) => total + (s * (r - about(v).center)) / about(v).spread, 0);
  return center + (sum / weights) * spread;
}

const clipped = (value: number) => Math.min(5, Math.max(1, value));
const scale = [1, 5] as const;
const every = (users: number, items: number) => {
  const pairs: [number, number][] = [];
  for (let u = -1; u < users; u++) for (let i = -1; i < items; i++) pairs.push([u, i]);
  return pairs;
};

describe('UserKnnRatings and ItemKnnRatings', () => {
  const similarities = ['msd', 'cosine', 'pearson', 'pearson-baseline'] as const;
  const variants = ['basic', 'means', 'z-score', 'baseline'] as const;
  test.each(similarities.flatMap((similarity) => variants.map((variant) => ({ similarity, variant }))))(
    'equal the formulas written out, %j',
    (options) => {
      const rng = new Rng(5);
      for (const more of [{ shrinkage: 3 }, { neighbors: 40, minNeighbors: 3, shrinkage: 3 }]) {
        const [users, items] = [7, 9];
        const ratings = random(rng, users, items);
        const flipped = ratings.map(([u, i, r]): Rating => [i, u, r]);
        const byUser = new UserKnnRatings({ ...options, ...more, scale });
        const byItem = new ItemKnnRatings({
          ...options,
          ...more,
          scale,
          biases: { userRegularization: 10, itemRegularization: 15 },
        });
        byUser.fit(matrix(ratings, users, items));
        byItem.fit(matrix(flipped, items, users));
        const pairs = every(users, items);
        const predicted = byUser.predict(
          pairs.map(([u]) => u),
          pairs.map(([, i]) => i),
        );
        const theOtherWay = byItem.predict(
          pairs.map(([, i]) => i),
          pairs.map(([u]) => u),
        );
        pairs.forEach(([u, i], pair) => {
          const expected = clipped(naiveKnn(ratings, u, i, users, items, { ...options, ...more }));
          expect(predicted[pair]).toBeCloseTo(expected, 4);
          // Biases alternate in another order there, and so differ a little.
          const exact = options.variant !== 'baseline' && options.similarity !== 'pearson-baseline';
          if (exact) expect(theOtherWay[pair]).toBeCloseTo(expected, 4);
        });
      }
    },
  );

  test('takes the nearest neighbors alone', () => {
    // User 0 agrees with user 1 and not with user 2.
    const ratings: Rating[] = [
      [0, 0, 5],
      [0, 1, 1],
      [1, 0, 5],
      [1, 1, 1],
      [1, 2, 2],
      [2, 0, 1],
      [2, 1, 5],
      [2, 2, 5],
    ];
    const one = new UserKnnRatings({ neighbors: 1 });
    one.fit(matrix(ratings, 3, 3));
    expect(one.predict([0], [2])[0]).toBe(2);
    const two = new UserKnnRatings();
    two.fit(matrix(ratings, 3, 3));
    expect(two.predict([0], [2])[0]).toBeCloseTo((1 * 2 + (1 / 17) * 5) / (1 + 1 / 17), 5);
  });
});

describe('Bias and the means', () => {
  test('Bias equals the formula written out', () => {
    const ratings = random(new Rng(9), 8, 6);
    const model = new Bias({ scale });
    model.fit(matrix(ratings, 8, 6));
    const { mu, bu, bi } = naiveBiases(ratings, 8, 6);
    const pairs = every(8, 6);
    const predicted = model.predict(
      pairs.map(([u]) => u),
      pairs.map(([, i]) => i),
    );
    pairs.forEach(([u, i], pair) =>
      expect(predicted[pair]).toBeCloseTo(clipped(mu + (bu[u] ?? 0) + (bi[i] ?? 0)), 5),
    );
  });

  test('means of all, of the user, of the item; of all where there are none', () => {
    const ratings = matrix(
      [
        [0, 0, 1],
        [0, 1, 2],
        [1, 1, 5],
      ],
      3,
      3,
    );
    const ask = (model: RatingPredictor) => {
      void model.fit(ratings);
      return Array.from(model.predict([0, 1, 2, -1], [1, 0, 2, -1]), (value) => Number(value.toFixed(4)));
    };
    expect(ask(new GlobalMean())).toEqual([2.6667, 2.6667, 2.6667, 2.6667]);
    expect(ask(new UserMean())).toEqual([1.5, 5, 2.6667, 2.6667]);
    expect(ask(new ItemMean())).toEqual([3.5, 1, 2.6667, 2.6667]);
  });
});

describe('every rating predictor', () => {
  const make: Record<string, () => RatingPredictor> = {
    GlobalMean: () => new GlobalMean(),
    UserMean: () => new UserMean(),
    ItemMean: () => new ItemMean(),
    Bias: () => new Bias(),
    UserKnnRatings: () => new UserKnnRatings(),
    ItemKnnRatings: () => new ItemKnnRatings({ variant: 'baseline', similarity: 'pearson-baseline' }),
    Svd: () => new Svd(),
  };
  const ratings = matrix(random(new Rng(1), 6, 5), 6, 5);
  const failure = async (act: () => unknown) => {
    try {
      await act();
    } catch (error) {
      return error as { code: string; details: unknown };
    }
    throw new Error('it did not fail');
  };

  test.each(Object.keys(make))('%s refuses what is wrong, and stays on the scale', async (name) => {
    const model = make[name]();
    expect((await failure(() => model.predict([0], [0]))).code).toBe('NOT_FITTED');
    const none = new CsrMatrix(1, 1, Int32Array.of(0, 0), new Int32Array(0), new Float32Array(0));
    expect((await failure(() => model.fit(none))).code).toBe('EMPTY_DATA');
    const without = CsrMatrix.fromPairs(1, 1, [0], [0]);
    expect((await failure(() => model.fit(without))).code).toBe('EMPTY_DATA');
    const bad = CsrMatrix.fromPairs(2, 2, [0, 1], [0, 1], [1, NaN]);
    expect(await failure(() => model.fit(bad))).toMatchObject({
      code: 'BAD_VALUE',
      details: { row: 1, column: 1, value: NaN },
    });
    await model.fit(ratings);
    expect((await failure(() => model.predict([0], [0, 1]))).code).toBe('SHAPE_MISMATCH');
    expect((await failure(() => model.predict([6], [0]))).code).toBe('OUT_OF_RANGE');
    expect((await failure(() => model.predict([0], [-2]))).code).toBe('OUT_OF_RANGE');
    const pairs = every(6, 5);
    const all = model.predict(
      pairs.map(([u]) => u),
      pairs.map(([, i]) => i),
    );
    expect(all.every((rating) => rating >= 1 && rating <= 5)).toBe(true);
  });

  test.each<[string, () => unknown]>([
    ['scale', () => new GlobalMean({ scale: [5, 1] })],
    ['epochs', () => new Bias({ epochs: -1 })],
    ['userRegularization', () => new Bias({ userRegularization: NaN })],
    ['neighbors', () => new UserKnnRatings({ neighbors: 0 })],
    ['minNeighbors', () => new UserKnnRatings({ minNeighbors: -1 })],
    ['similarity', () => new ItemKnnRatings({ similarity: 'euclid' as never })],
    ['variant', () => new ItemKnnRatings({ variant: 'mean' as never })],
    ['itemRegularization', () => new ItemKnnRatings({ biases: { itemRegularization: -1 } })],
  ])('a bad %s is named', async (option, act) => {
    expect(await failure(act)).toMatchObject({ code: 'BAD_OPTION', details: { option } });
  });
});

describe('crossValidate', () => {
  const ratings = matrix(random(new Rng(2), 12, 10), 12, 10);

  test('folds part the ratings: each is held back once, sizes differ by one at most', () => {
    const folds = ratingFolds(ratings, { folds: 4, seed: 3 });
    const key = (u: number, i: number, r: number) => `${u} ${i} ${r}`;
    const all = (m: CsrMatrix) =>
      Array.from({ length: m.rows }, (_, u) =>
        Array.from(m.row(u), (i, k) => key(u, i, m.values![m.indptr[u] + k])),
      ).flat();
    const held = folds.map(({ users, items, ratings: r }) =>
      Array.from(users, (u, k) => key(u, items[k], r[k])),
    );
    expect(held.flat().sort()).toEqual(all(ratings).sort());
    folds.forEach(({ train }, fold) =>
      expect([...all(train), ...held[fold]].sort()).toEqual(all(ratings).sort()),
    );
    const sizes = held.map((fold) => fold.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    expect(ratingFolds(ratings, { folds: 4, seed: 3 })).toEqual(folds);
    expect(ratingFolds(ratings, { folds: 4, seed: 4 })).not.toEqual(folds);
  });

  test('errors are those of the held-back ratings', async () => {
    const folds = ratingFolds(ratings, { seed: 1 });
    const result = await crossValidate(ratings, { make: () => new GlobalMean(), folds });
    const expected = folds.map(({ train, ratings: held }) => {
      const mu = mean(Array.from(train.values!));
      return Math.sqrt(mean(Array.from(held, (r) => (r - mu) ** 2)));
    });
    result.folds.forEach(({ rmse }, fold) => expect(rmse).toBeCloseTo(expected[fold], 5));
    expect(result.rmse).toBeCloseTo(mean(expected), 5);
    expect(result.mae).toBeLessThanOrEqual(result.rmse);
    expect(await crossValidate(ratings, { make: () => new GlobalMean(), seed: 1 })).toMatchObject({
      rmse: result.rmse,
    });
  });

  test('refuses folds that are none', () => {
    for (const folds of [1, 2.5, 1000])
      expect(() => ratingFolds(ratings, { folds })).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });
});
