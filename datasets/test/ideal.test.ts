import { describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';

import { generateShop, idealScores } from '../src/index.js';

const shop = generateShop();
const n = shop.items.length;

type Scorer = (user: number, history: Int32Array) => ArrayLike<number>;

/** Mean NDCG@10 over every third user, of those whose last item is new to them, all items ranked, the history removed. */
function ndcg(scorer: Scorer): number {
  let [gain, users] = [0, 0];
  for (let user = 0; user < shop.users.size; user += 3) {
    const history = shop.histories.row(user).subarray(0, -1);
    const target = shop.histories.row(user).at(-1)!;
    if (history.includes(target)) continue;
    users++;
    const scores = scorer(user, history);
    const known = new Set(history);
    let rank = 0;
    for (let i = 0; i < n && rank < 10; i++)
      if (i !== target && scores[i] >= scores[target] && !known.has(i)) rank++;
    if (rank < 10) gain += 1 / Math.log2(rank + 2);
  }
  return gain / users;
}

const ideal: Scorer = (user, history) => idealScores(shop, user, history);

/** The scorer with every score multiplied by something between 1 / sqrt(spread) and sqrt(spread). */
function perturbed(scorer: Scorer, spread: number): Scorer {
  const rng = new Rng(1);
  return (user, history) =>
    Float64Array.from(scorer(user, history), (p) => p * spread ** (rng.uniform() - 0.5));
}

describe('idealScores', () => {
  test('are probabilities over all items', () => {
    for (const user of [0, 17, 3999]) {
      const row = shop.histories.row(user);
      for (const history of [row.subarray(0, 0), row.subarray(0, 3), row]) {
        const scores = idealScores(shop, user, history);
        expect(scores.reduce((a, b) => a + b)).toBeCloseTo(1, 4);
        expect(scores.every((p) => p >= 0)).toBe(true);
      }
    }
  });

  test('leave the repeats their share and nothing more', () => {
    const history = shop.histories.row(5).subarray(0, 4);
    const known = new Set(history);
    const scores = idealScores(shop, 5, history);
    const repeat = [...known].reduce((sum, item) => sum + scores[item], 0);
    expect(repeat).toBeCloseTo(0.01, 6);
  });

  test('depend on the order of the last purchases, and leave no trace between calls', () => {
    const row = shop.histories.row(2).subarray(0, 4);
    const first = idealScores(shop, 2, row);
    expect(idealScores(shop, 2, [...row].reverse())).not.toEqual(first);
    expect(idealScores(shop, 2, row)).toEqual(first);
    const out = new Float32Array(n);
    expect(idealScores(shop, 2, row, out)).toBe(out);
  });

  test('put the next part of a series first once the part before is bought', () => {
    const { previous } = shop.secrets.catalog;
    let [chosen, bought] = [0, 0];
    for (let user = 0; user < shop.users.size; user++) {
      const row = shop.histories.row(user);
      for (let k = 1; k < row.length; k++)
        if (previous[row[k]] >= 0) {
          chosen++;
          if (row.subarray(0, k).includes(previous[row[k]])) bought++;
        }
    }
    expect(bought / chosen).toBeGreaterThan(0.8);
  });

  test('are what the purchases were drawn from: calibrated from the rare to the likely', () => {
    // Ten bins of probability, each twice the one before: the sum over all (purchase, item) pairs in the bin
    // against how many of them were bought.
    const bins = 10;
    const expected = new Float64Array(bins);
    const variance = new Float64Array(bins);
    const bought = new Float64Array(bins);
    const place = (p: number) => {
      let bin = bins - 1;
      for (let edge = 0.5; p < edge && bin > 0; edge /= 2) bin--;
      return bin;
    };
    for (let user = 0; user < shop.users.size; user++) {
      const row = shop.histories.row(user);
      const history = row.subarray(0, -1);
      const scores = idealScores(shop, user, history);
      for (const p of scores) {
        const bin = place(p);
        expected[bin] += p;
        variance[bin] += p * (1 - p);
      }
      bought[place(scores[row.at(-1)!])]++;
    }
    for (let b = 0; b < bins; b++) {
      const z = (bought[b] - expected[b]) / Math.sqrt(variance[b]);
      expect(expected[b]).toBeGreaterThan(20);
      expect(Math.abs(z)).toBeLessThan(4);
    }
  });

  test('rank better than popularity, than the tastes of another, than themselves with noise', () => {
    const best = ndcg(ideal);
    const counts = new Int32Array(n);
    for (let user = 0; user < shop.users.size; user++)
      for (const item of shop.histories.row(user).subarray(0, -1)) counts[item]++;
    const popularity = ndcg(() => counts);
    expect(best).toBeGreaterThan(0.3);
    expect(best).toBeLessThan(0.5);
    expect(popularity).toBeGreaterThan(0.01);
    expect(popularity).toBeLessThan(best / 10);
    expect(ndcg((user, history) => idealScores(shop, (user + 1) % 4000, history))).toBeLessThan(0.8 * best);
    expect(ndcg((user) => idealScores(shop, user, []))).toBeLessThan(0.8 * best);
    expect(ndcg(perturbed(ideal, 8))).toBeLessThan(best);
    expect(ndcg(perturbed(ideal, 400))).toBeLessThan(0.9 * best);
  });

  test('have a higher likelihood than flatter and sharper versions of themselves', () => {
    const likelihood = (power: number) => {
      let total = 0;
      for (let user = 0; user < shop.users.size; user += 4) {
        const row = shop.histories.row(user);
        const weights = idealScores(shop, user, row.subarray(0, -1)).map((p) => p ** power);
        total += Math.log(weights[row.at(-1)!] / weights.reduce((a, b) => a + b));
      }
      return total;
    };
    expect(likelihood(1)).toBeGreaterThan(likelihood(0.8));
    expect(likelihood(1)).toBeGreaterThan(likelihood(1.25));
  });

  test('a stranger, an unknown item and a wrong size are refused', () => {
    const refuse = (code: string, call: () => unknown) =>
      expect(call).toThrow(expect.objectContaining({ code }));
    refuse('UNKNOWN_USER', () => idealScores(shop, 4000, []));
    refuse('UNKNOWN_USER', () => idealScores(shop, -1, []));
    refuse('UNKNOWN_ITEM', () => idealScores(shop, 0, [2000]));
    refuse('UNKNOWN_ITEM', () => idealScores(shop, 0, [0.5]));
    refuse('SHAPE_MISMATCH', () => idealScores(shop, 0, [], new Float32Array(3)));
  });
});
