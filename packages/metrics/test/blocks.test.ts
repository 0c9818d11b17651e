import { describe, expect, test } from '@jest/globals';

import { evaluateFullRanking, type BlockScorer, type MetricKey } from '../src/index.js';
import { below, coded, random } from './support.js';

const METRICS: MetricKey[] = ['hr@1', 'hr@5', 'ndcg@5', 'mrr@3'];

/** Users with histories, one target each, and scores of few different values, so that ties abound. */
function drawn(seed: number) {
  const uniform = random(seed);
  const [users, items] = [1 + below(uniform, 30), 2 + below(uniform, 40)];
  const rows = Array.from({ length: users }, () =>
    Array.from({ length: below(uniform, 6) }, () => below(uniform, items)),
  );
  const indptr = Int32Array.from([0, ...rows.map((_, i) => rows.slice(0, i + 1).flat().length)]);
  const scores = Array.from({ length: users }, () =>
    Float32Array.from({ length: items }, () => below(uniform, 12) / 7),
  );
  const targets = Int32Array.from({ length: users }, () => below(uniform, items));
  return { items, histories: { indptr, indices: Int32Array.from(rows.flat()) }, scores, targets, uniform };
}

/** The same scores by blocks of some width, items in a drawn order. */
function inBlocks({ items, scores, uniform }: ReturnType<typeof drawn>, asked: number[] = []): BlockScorer {
  const order = Array.from({ length: items }, (_, item) => item);
  for (let i = items - 1; i > 0; i--) {
    const other = below(uniform, i + 1);
    [order[i], order[other]] = [order[other], order[i]];
  }
  const width = 1 + below(uniform, items);
  const blocks = Array.from({ length: Math.ceil(items / width) }, (_, b) =>
    Int32Array.from(order.slice(b * width, (b + 1) * width)),
  );
  let held = new Int32Array(0);
  return {
    blocks,
    users: 1 + below(uniform, 30),
    rows: 1 + below(uniform, 8),
    hold: (users) => void (held = users.slice()),
    score(places, block) {
      asked.push(places.length);
      const out = new Float32Array(places.length * (width + 2)).fill(NaN);
      places.forEach((place, row) =>
        blocks[block].forEach(
          (item, column) => (out[row * (width + 2) + column] = scores[held[place]][item]),
        ),
      );
      return Promise.resolve({ scores: out, stride: width + 2 });
    },
  };
}

describe('ranking in blocks', () => {
  test.each(['exclude', 'allow'] as const)('gives the metrics of whole rows, repeats %s', async (repeats) => {
    for (let seed = 0; seed < 80; seed++) {
      const given = drawn(seed);
      const { items, histories, scores, targets } = given;
      const options = {
        ...{ items, histories, targets, metrics: METRICS, repeats },
        scorer: (users: Int32Array, out: Float32Array) =>
          users.forEach((user, row) => out.set(scores[user], row * items)),
      };
      const whole = await evaluateFullRanking(options).catch((error: unknown) => error);
      const blocks = await evaluateFullRanking({ ...options, blocks: inBlocks(given) }).catch(
        (error: unknown) => error,
      );
      if (whole instanceof Error || blocks instanceof Error) {
        expect(String(blocks)).toBe(String(whole)); // nobody to evaluate
        continue;
      }
      const { perUser, metrics, candidates, ranks } = whole as Awaited<
        ReturnType<typeof evaluateFullRanking<MetricKey>>
      >;
      expect(blocks).toMatchObject({ perUser, metrics, candidates });
      const shown = (all: Int32Array) => Array.from(all, (rank) => Math.min(rank, 6));
      expect(shown((blocks as { ranks: Int32Array }).ranks)).toEqual(shown(ranks));
    }
  });

  test('stops where more items are ahead than the metrics look at', async () => {
    const [users, items] = [50, 400];
    const asked: number[] = [];
    const order = Int32Array.from({ length: items }, (_, item) => item);
    const scores = Float32Array.from(order, (item) => -item);
    await evaluateFullRanking({
      items,
      histories: { indptr: new Int32Array(users + 1), indices: new Int32Array(0) },
      targets: Int32Array.from({ length: users }, (_, user) => (user === 0 ? 3 : 380)),
      metrics: ['hr@10'],
      scorer: () => {
        throw new Error('not asked');
      },
      blocks: {
        blocks: Array.from({ length: 20 }, (_, b) => order.subarray(b * 20, b * 20 + 20)),
        ...{ users, rows: users },
        hold: () => {},
        score(places, block) {
          asked.push(places.length);
          const stride = 20;
          const out = new Float32Array(places.length * stride);
          places.forEach((_, row) =>
            out.set(scores.subarray(block * stride, (block + 1) * stride), row * stride),
          );
          return Promise.resolve({ scores: out, stride });
        },
      },
    });
    // The block of each target, the first block for the others, and all other blocks for the one whose target is in the list.
    expect(asked).toEqual([1, 49, 49, ...Array<number>(19).fill(1)]);
  });

  test('whole rows where a metric has no cutoff, and refused blocks and scores', async () => {
    const given = drawn(7);
    const { items, histories, scores, targets } = given;
    const scorer = (users: Int32Array, out: Float32Array) =>
      users.forEach((user, row) => out.set(scores[user], row * items));
    const asked: number[] = [];
    await evaluateFullRanking({
      ...{ items, histories, targets, scorer, metrics: ['mrr'], repeats: 'allow' },
      blocks: inBlocks(given, asked),
    });
    expect(asked).toEqual([]);
    const twice = { ...inBlocks(given), blocks: [Int32Array.of(0, 0)] };
    await expect(
      evaluateFullRanking({ items, histories, targets, scorer, repeats: 'allow', blocks: twice }),
    ).rejects.toEqual(coded('SHAPE_MISMATCH'));
    scores[0][2 % items] = NaN;
    await expect(
      evaluateFullRanking({ items, histories, targets, scorer, repeats: 'allow', blocks: inBlocks(given) }),
    ).rejects.toEqual(coded('NON_FINITE_SCORE'));
  });
});
