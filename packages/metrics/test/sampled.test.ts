import { describe, expect, test } from '@jest/globals';

import { evaluateFullRanking, evaluateSampled, type Scorer, summarizeRanks } from '../src/index.js';
import { sampleNegatives } from '../src/evaluation/sample-negatives.js';
import { below, coded, random } from './support.js';

const USERS = 80;
const ITEMS = 60;
const uniform = random(60);
const indptr = Int32Array.from({ length: USERS + 1 }, (_, user) => user * 5);
const histories = { indptr, indices: Int32Array.from({ length: USERS * 5 }, () => below(uniform, ITEMS)) };
const targets = Int32Array.from({ length: USERS }, () => below(uniform, ITEMS));
const scores = Float32Array.from({ length: USERS * ITEMS }, () => below(uniform, 20));
const scorer: Scorer = (users, out) =>
  users.forEach((user, i) => out.set(scores.subarray(user * ITEMS, (user + 1) * ITEMS), i * ITEMS));
const common = { items: ITEMS, histories, targets, scorer };

describe('sampled evaluation', () => {
  test('with every negative it is full ranking', async () => {
    const full = await evaluateFullRanking({ ...common, metrics: ['hr@5', 'ndcg', 'auc'] });
    const sampled = await evaluateSampled({
      ...common,
      metrics: ['hr@5', 'ndcg', 'auc'],
      negatives: 10_000,
    });
    expect(sampled).toEqual(full);
  });

  test('several targets: with every negative it is full ranking', async () => {
    const rows = { indptr, indices: Int32Array.from(histories.indices, (item) => (item * 7 + 3) % ITEMS) };
    const full = await evaluateFullRanking({ ...common, targets: rows, metrics: ['map', 'auc', 'recall@5'] });
    const sampled = await evaluateSampled({
      ...common,
      targets: rows,
      metrics: ['map', 'auc', 'recall@5'],
      negatives: ITEMS,
    });
    expect(sampled).toEqual(full);
  });

  test('the seed decides the negatives, the batches do not', async () => {
    const draw = (seed: number | (() => number), batchSize?: number) =>
      evaluateSampled({ ...common, negatives: 10, seed, batchSize });
    expect(await draw(1, 7)).toEqual(await draw(1));
    expect((await draw(1)).ranks).not.toEqual((await draw(2)).ranks);
    expect(await draw(random(3))).toEqual(await draw(random(3)));
    const { candidates, leftOut, users } = await draw(1);
    expect(candidates.every((count) => count === 11)).toBe(true);
    expect(users.length + leftOut.repeat).toBe(USERS);
    expect(leftOut.repeat).toBeGreaterThan(0);
  });

  test('the mean AUC over seeds is that of full ranking', async () => {
    const full = await evaluateFullRanking({ ...common, metrics: ['auc'] });
    let sum = 0;
    for (let seed = 0; seed < 100; seed++)
      sum += (await evaluateSampled({ ...common, metrics: ['auc'], negatives: 10, seed })).metrics.auc.value;
    expect(Math.abs(sum / 100 - full.metrics.auc.value)).toBeLessThan(0.005);
  });

  test('a constant scorer gets the worst rank', async () => {
    const { ranks, candidates } = await evaluateSampled({
      ...common,
      scorer: (_users, out) => void out.fill(1),
    });
    expect(ranks).toEqual(candidates);
  });

  test('errors', async () => {
    const bad: Scorer = async (users, out) => {
      await scorer(users, out);
      out[ITEMS + 4] = NaN;
    };
    const { users } = await evaluateSampled(common);
    await expect(evaluateSampled({ ...common, scorer: bad })).rejects.toMatchObject({
      code: 'NON_FINITE_SCORE',
      details: { user: users[1], item: 4 },
    });
    await expect(evaluateSampled({ ...common, negatives: 0 })).rejects.toThrow(coded('BAD_OPTION'));
    await expect(evaluateSampled({ ...common, seed: 1.5 })).rejects.toThrow(coded('BAD_SEED'));
    await expect(evaluateSampled({ ...common, users: [] })).rejects.toThrow(coded('NO_USERS'));
  });
});

describe('negatives', () => {
  test.each([3, 9])('%i of 12 plain items: distinct, plain, each equally often', (wanted) => {
    const roles = Uint8Array.from({ length: 20 }, (_, item) => (item % 5 < 2 ? 1 + (item % 2) : 0));
    const before = roles.slice();
    const draw = random(61);
    const out = new Int32Array(20);
    const times = new Array(20).fill(0);
    for (let round = 0; round < 4000; round++) {
      expect(sampleNegatives(roles, 12, wanted, draw, out)).toBe(wanted);
      const drawn = [...out.subarray(0, wanted)];
      expect(new Set(drawn).size).toBe(wanted);
      for (const item of drawn) times[item]++;
    }
    expect(roles).toEqual(before);
    const expected = (4000 * wanted) / 12;
    times.forEach((count, item) => {
      if (roles[item] !== 0) expect(count).toBe(0);
      else expect(Math.abs(count - expected)).toBeLessThan(4.5 * Math.sqrt(expected));
    });
  });
});

describe('summarizeRanks', () => {
  const one = (ranks: number[], relevant: number) => ({
    users: Int32Array.of(7),
    indptr: Int32Array.of(0, ranks.length),
    ranks: Int32Array.from(ranks),
    relevant: Int32Array.of(relevant),
    candidates: Int32Array.of(100),
  });

  test('ranks of one’s own: 2 and 12 of three targets', () => {
    const { perUser } = summarizeRanks(one([2, 12], 3), ['recall@10', 'cappedRecall@2', 'map@10', 'mrr@1']);
    expect(perUser['recall@10'][0]).toBeCloseTo(1 / 3, 14);
    expect(perUser['cappedRecall@2'][0]).toBe(0.5);
    expect(perUser['map@10'][0]).toBeCloseTo(0.5 / 3, 14);
    expect(perUser['mrr@1'][0]).toBe(0);
  });

  test('missing ranks that a metric needs are an error', () => {
    expect(() => summarizeRanks(one([2, 12], 3), ['recall@12'])).toThrow(coded('SHAPE_MISMATCH'));
    expect(() => summarizeRanks(one([2, 12], 3), ['auc'])).toThrow(coded('SHAPE_MISMATCH'));
    expect(() => summarizeRanks({ ...one([], 0), users: new Int32Array(0) }, ['hr@1'])).toThrow(
      coded('NO_USERS'),
    );
  });
});
