import { describe, expect, test } from '@jest/globals';
import { CsrMatrix, Matrix, Rng } from '@towerkit/core';
import { encodeInteractions } from '@towerkit/data';

import { contextEncoding } from '../src/model/context.js';
import { epochRows, type TrainingSet } from '../src/fit/epoch-rows.js';
import { layFoundation } from '../src/fit/lay-foundation.js';
import { latestProducts } from '../src/model/latest.js';
import { hybridModel } from '../src/fit/network.js';
import { rankingScore, scoreRanking } from '../src/model/ranking-score.js';
import { PLAIN_MEMORY, recalled, recalledOf, TextNeighbors } from '../src/model/rating-memory.js';
import type { Reviews } from '../src/fit/read-reviews.js';
import { hybridSchema } from '../src/schema.js';
import { earlierPlaces, holdBack, temporalFolds } from '../src/fit/split.js';
import { statesAfter, trainingStates, type Given } from '../src/fit/states.js';
import { UserMemory } from '../src/model/user-memory.js';

const WIDTH = 3;

/** Forty reviews of eight people and six things, the last person being nobody in particular. */
function reviewsOf(rng: Rng, ratingOf: (row: number) => number = () => 3): Reviews {
  const rows = 40;
  const users = Array.from({ length: rows }, () => `u${rng.integer(8)}`);
  const rowsOf = encodeInteractions({
    user: users,
    item: Array.from({ length: rows }, () => `i${rng.integer(6)}`),
    time: Array.from({ length: rows }, () => rng.integer(1e9)),
    rating: Array.from({ length: rows }, (_, row) => ratingOf(row)),
  });
  const log = rowsOf as Reviews['log'];
  return {
    log,
    texts: users,
    productTexts: log.items.names,
    names: log.items.names,
    anonymous: Uint8Array.from(log.users.names, (name) => (name === 'u7' ? 1 : 0)),
    order: Int32Array.from(log.user.keys()).sort((a, b) => log.time![a] - log.time![b] || a - b),
    lacks: [],
    skipped: 0,
    fingerprint: '',
  };
}

const draws = (rows: number, cols: number, rng: Rng) =>
  new Matrix(
    rows,
    cols,
    Float32Array.from({ length: rows * cols }, () => rng.normal()),
  );

const options = hybridSchema.parse({ als: { factors: 4, iterations: 3 } });

async function given(reviews: Reviews, train: Int32Array, vectors: Matrix): Promise<Given> {
  const foundation = await layFoundation(reviews, train, options, { seed: 1, threads: 1 });
  const texts = draws(6, WIDTH, new Rng(2));
  return {
    reviews,
    foundation,
    context: contextEncoding([], { dated: true }),
    train,
    vectors,
    memory: PLAIN_MEMORY,
    neighbors: new TextNeighbors(texts),
  };
}

describe('what is known when a review is written', () => {
  test('changing a later review never changes what was known at an earlier one', async () => {
    for (let seed = 1; seed <= 5; seed++) {
      const rng = new Rng(seed);
      const reviews = reviewsOf(rng);
      const { train } = holdBack(reviews.order, 0.2);
      const vectors = draws(train.length, WIDTH, rng);
      const base = await given(reviews, train, vectors);
      const before = await trainingStates(base);
      const changed = 1 + rng.integer(train.length - 1);
      const others = new Matrix(train.length, WIDTH, vectors.data.slice());
      others.row(changed).fill(99);
      const rating = reviews.log.rating.slice();
      rating[train[changed]] = 5;
      // What was fitted stays: the question is what of a user's own rows goes into a state.
      const after = await trainingStates({
        ...base,
        reviews: { ...reviews, log: { ...reviews.log, rating } },
        vectors: others,
      });
      const cut = changed * before.features.cols;
      expect(after.features.data.subarray(0, cut)).toEqual(before.features.data.subarray(0, cut));
      expect(after.offsets.subarray(0, changed)).toEqual(before.offsets.subarray(0, changed));
      await base.foundation.als.dispose();
    }
  });

  test('a first review knows nothing of its writer, and nobody in particular has no ALS vector', async () => {
    const rng = new Rng(6);
    const reviews = reviewsOf(rng);
    const { train, test: asked } = holdBack(reviews.order, 0.2);
    const base = await given(reviews, train, draws(train.length, WIDTH, rng));
    const { features, before } = await trainingStates(base);
    const seen = new Set<number>();
    train.forEach((row, place) => {
      const user = reviews.log.user[row];
      const factors = features.row(place).subarray(0, 4);
      if (reviews.anonymous[user]) {
        expect([...factors]).toEqual([0, 0, 0, 0]);
        expect(features.row(place)[4 + WIDTH]).toBe(1);
      } else if (!seen.has(user)) {
        expect([...features.row(place)]).toEqual(new Array(4 + WIDTH + 1).fill(0));
        expect(before.row(place)).toHaveLength(0);
      } else expect(factors.some((value) => value !== 0)).toBe(true);
      seen.add(user);
    });
    const last = await statesAfter(base, asked);
    asked.forEach((row, place) => {
      const own = train.filter((other) => reviews.log.user[other] === reviews.log.user[row]);
      expect(last.before.row(place)).toHaveLength(reviews.anonymous[reviews.log.user[row]] ? 0 : own.length);
    });
    await base.foundation.als.dispose();
  });
});

test('products taken last come newest first, and zeros where there were fewer', () => {
  const products = new Matrix(3, 2, Float32Array.of(1, 2, 3, 4, 5, 6));
  const { data } = latestProducts(products, [[0, 1, 2], [1], []], 2);
  expect([...data]).toEqual([5, 6, 3, 4, 3, 4, 0, 0, 0, 0, 0, 0]);
});

describe('splits', () => {
  test('hold the latest back', () => {
    const { order, log } = reviewsOf(new Rng(7));
    const { train, test: held } = holdBack(order, 0.25);
    expect([train.length, held.length]).toEqual([30, 10]);
    const latest = Math.max(...train.map((row) => log.time![row]));
    expect(Math.min(...held.map((row) => log.time![row]))).toBeGreaterThanOrEqual(latest);
  });

  test('folds in time learn from all that was before, and need dates', () => {
    const reviews = reviewsOf(new Rng(8));
    const folds = temporalFolds(reviews, 3);
    expect(folds.map(({ train, test: held }) => [train.length, held.length])).toEqual([
      [10, 10],
      [20, 10],
      [30, 10],
    ]);
    const undated = { ...reviews.log, time: undefined };
    expect(() => temporalFolds({ ...reviews, log: undated }, 3)).toThrow(
      expect.objectContaining({ code: 'MISSING_COLUMN' }),
    );
  });

  test('earlier places are those of the same person, in order', () => {
    const lists = earlierPlaces(Int32Array.of(4, 4, 5, 4), Int32Array.of(3, 2, 0), new Uint8Array(6));
    expect([0, 1, 2].map((place) => [...lists.row(place)])).toEqual([[], [], [0]]);
  });
});

describe('the rows of an epoch', () => {
  const counts = Int32Array.of(6, 3, 1, 2, 0);
  const set = (rows: number): TrainingSet => {
    const items = Int32Array.from({ length: rows }, (_, row) => row % 4);
    return {
      states: {
        features: draws(rows, 6, new Rng(9)),
        written: new Matrix(rows, WIDTH),
        before: CsrMatrix.fromRows(new Array(rows).fill([]), rows),
        offsets: new Float32Array(rows).fill(4),
      },
      items,
      ratings: new Float32Array(rows).fill(5),
      products: draws(5, 4, new Rng(10)),
      vectors: new Matrix(rows, WIDTH),
      had: CsrMatrix.fromRows(
        Array.from(items, (item) => [item, 1]),
        5,
      ),
      counts,
      itemBias: Float64Array.of(0.5, 0, 0, 0, 0),
    };
  };

  test('bring three negatives each, none that the user has, rated in [0, 2]', () => {
    const rows = 100;
    const { count, inputs } = epochRows(set(rows), options, 'ranking', new Rng(11));
    expect(count).toBe(4 * rows);
    const all = Int32Array.from({ length: count }, (_, row) => row);
    const column = (name: string, dimensions = 1) => {
      const out = new Float32Array(count * dimensions);
      inputs[name].gather(all, count, out);
      return out;
    };
    const [rating, chosen, rated] = [column('rating'), column('chosen'), column('rated')];
    const products = column('item/product', 4);
    const itemOf = (row: number) =>
      [0, 1, 2, 3, 4].find((item) => set(1).products.row(item)[0] === products[4 * row])!;
    let mean = 0;
    for (let row = 0; row < count; row++) {
      expect(chosen[row]).toBe(row < rows ? 1 : 0);
      expect(rated[row]).toBe(chosen[row]);
      if (row < rows) continue;
      expect([...set(rows).had.row(row % rows)]).not.toContain(itemOf(row));
      expect(rating[row]).toBeGreaterThanOrEqual(0);
      expect(rating[row]).toBeLessThanOrEqual(2);
      mean += rating[row] / (3 * rows);
    }
    expect(Math.abs(mean - 1)).toBeLessThan(0.15);
  });

  test('are the reviews alone for ratings', () => {
    expect(epochRows(set(10), options, 'rating', new Rng(1)).count).toBe(10);
  });

  test('of the ranking network bring the products taken last, unless what was taken is hidden', () => {
    const given = set(8);
    const states = { ...given.states, before: CsrMatrix.fromRows([[], [], [], [], [0, 3], [], [], []], 8) };
    const wanted = { ...options, latest: 3, alsDropout: 0 };
    const read = (config: typeof options, mode: 'rating' | 'ranking') =>
      epochRows({ ...given, states }, config, mode, new Rng(13)).inputs['user/latest'];
    const { dimensions, gather } = read(wanted, 'ranking');
    expect(dimensions).toBe(3 * 4);
    const out = new Float32Array(3 * dimensions).fill(7);
    gather(Int32Array.of(4, 12, 1), 3, out); // 12: a negative of row 4
    const { products } = given;
    const last = [...products.row(given.items[3]), ...products.row(given.items[0]), 0, 0, 0, 0];
    expect([...out]).toEqual([...last, ...last, ...new Array(dimensions).fill(0)]);
    read({ ...wanted, alsDropout: 0.999999 }, 'ranking').gather(Int32Array.of(4, 12), 2, out);
    expect([...out.subarray(0, 2 * dimensions)]).toEqual(new Array(2 * dimensions).fill(0));
    expect(read(wanted, 'rating')).toBeUndefined();
  });

  test('see a share of the users without ALS', () => {
    const rows = 400;
    const { inputs, count } = epochRows(set(rows), { ...options, alsDropout: 0.5 }, 'rating', new Rng(12));
    const out = new Float32Array(count * 6);
    inputs['user/state'].gather(
      Int32Array.from({ length: count }, (_, row) => row),
      count,
      out,
    );
    let without = 0;
    for (let row = 0; row < count; row++) {
      const zero = out.subarray(row * 6, row * 6 + 4).every((value) => value === 0);
      if (zero) without++;
      expect(out[row * 6 + 4]).not.toBe(0);
    }
    expect(Math.abs(without / rows - 0.5)).toBeLessThan(0.1);
  });
});

test('the network of the defaults has 322,817 weights, and one more output 33', () => {
  const weights = (mode: 'rating' | 'ranking') =>
    Object.values(
      hybridModel(hybridSchema.parse({}), { user: 449, item: 448, text: 384 }, mode).init(new Rng(1)),
    ).reduce((sum, { data }) => sum + data.length, 0);
  expect(weights('rating')).toBe(322_817);
  expect(weights('ranking')).toBe(322_817 + 33);
});

describe('ranking', () => {
  const counts = [98, 1, 1];
  const score = rankingScore(counts, { power: 1, ratings: [0, 2] });

  test('by choice gives popularity back what the negatives took', () => {
    const out = new Float32Array(3);
    scoreRanking(score, { choice: Float32Array.of(0, 0, 1) }, new Float32Array(0), out);
    expect([...out].map((value) => value.toFixed(3))).toEqual(
      [98.5, 1.5, 1.5 * Math.E].map((count) => Math.log(count / 101.5).toFixed(3)),
    );
  });

  test('by a rating alone recovers the odds that the mixture of ratings hides', () => {
    // r = 4.5 where taken, m = 1 where drawn, k = 3: E = (p r + k q m) / (p + k q).
    const odds = [2, 0.5, 1];
    const liked = new Float32Array(3).fill(4.5);
    const expected = odds.map((ratio) => (ratio * 4.5 + 3) / (ratio + 3));
    const out = new Float32Array(3);
    scoreRanking(score, { rating: Float32Array.from(expected, (e) => e - 4.5) }, liked, out);
    const logs = odds.map((ratio, item) => Math.log(ratio / 3) + Math.log((counts[item] + 0.5) / 101.5));
    [...out].forEach((value, item) => expect(value).toBeCloseTo(logs[item], 4));
  });
});

describe('ratings remembered', () => {
  const texts = new Matrix(3, 2, Float32Array.of(1, 0, 1, 0, 0, 1));
  const before = [
    { item: 0, residual: 1 },
    { item: 2, residual: -1 },
  ];

  test('are a shrunk mean, in which like products weigh more', () => {
    const neighbors = new TextNeighbors(texts);
    expect(recalled([], 1, PLAIN_MEMORY, neighbors)).toBe(0);
    expect(recalled(before, 1, { regularization: 2, similarity: 0 }, neighbors)).toBe(0);
    expect(recalled(before, 1, { regularization: 2, similarity: 3 }, neighbors)).toBeCloseTo(3 / 7, 10);
    expect(recalled(before.slice(0, 1), 1, PLAIN_MEMORY, neighbors)).toBeCloseTo(1 / 16, 10);
    for (const weights of [PLAIN_MEMORY, { regularization: 2, similarity: 3 }])
      expect([...recalledOf(before, [2, 0, 1], weights, neighbors)]).toEqual(
        [2, 0, 1].map((item) => recalled(before, item, weights, neighbors)),
      );
  });
});

test('a review moves its user at once, and nobody in particular has the mean of all', () => {
  const memory = new UserMemory(2, Uint8Array.of(0, 0, 1));
  const add = (user: number, ...vector: number[]) =>
    memory.add(user, { item: 0, rating: 5, vector: Float32Array.from(vector) });
  add(0, 2, 0);
  add(0, 4, 2);
  add(1, 0, 1);
  const mean = (user: number) => [...memory.mean(user, new Float32Array(2))];
  expect(mean(0)).toEqual([3, 1]);
  expect(mean(2)).toEqual([2, 1]);
  add(2, 2, 1);
  expect(memory.of(2)).toEqual([]);
  expect(mean(1)).toEqual([0, 1]);
  expect(() => add(0, 1)).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
});

test('moments are places on circles: a day later the hour is the same, and devices are names', () => {
  const context = contextEncoding(['hour', 'device'], { dated: true, devices: ['phone', 'tablet'] });
  const noon = 1_700_000_000;
  const rows = context.encode([{ time: noon, device: 2 }, { time: noon + 86_400 }, {}]);
  expect(context.dimensions).toBe(4);
  expect(rows.row(0)[0]).toBeCloseTo(rows.row(1)[0], 6);
  expect([...rows.row(0).subarray(2)]).toEqual([0, 1]);
  expect([...rows.row(2)]).toEqual([0, 0, 0, 0]);
  expect(() => contextEncoding(['device'], { dated: true })).toThrow(
    expect.objectContaining({ code: 'MISSING_COLUMN' }),
  );
});
