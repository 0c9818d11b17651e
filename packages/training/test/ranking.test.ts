import { describe, expect, test } from '@jest/globals';
import { CsrMatrix } from '@towerkit/core';
import { createEngine } from '@towerkit/engine';
import { evaluateFullRanking, type MetricKey } from '@towerkit/metrics';

import { BlockScores } from '../src/inference/block-scores.js';
import { computeItemVectors } from '../src/inference/item-vectors.js';
import { UserVectorsByLength } from '../src/inference/user-vectors-by-length.js';
import { UserVectors } from '../src/inference/user-vectors.js';
import { train } from '../src/index.js';
import { base, histories, targets } from './toy.js';

const LONGEST = 8;
const METRICS: MetricKey[] = ['hr@3', 'ndcg@3'];

describe('ranking in training', () => {
  test('graphs for short histories give the vectors of the longest one', async () => {
    const { model, state } = await train({ ...base, epochs: 1 });
    const engine = await createEngine({ threads: 1 });
    const itemVectors = await computeItemVectors(model, state, histories.cols, engine);
    const long = await UserVectors.create(model, state, 4, LONGEST, engine);
    const byLength = await UserVectorsByLength.create(
      ...([model, state, 4, LONGEST, engine] as const),
      10_000,
    );
    expect(byLength.graphs.map(({ steps }) => steps)).toEqual([2, 4, 8]);
    const few = await UserVectorsByLength.create(...([model, state, 4, LONGEST, engine] as const), 100);
    expect(few.graphs.map(({ steps }) => steps)).toEqual([8]);
    const items = Int32Array.from({ length: 12 }, (_, item) => item);
    for (const lengths of [[1], [2, 1], [3, 1, 4], [5, 2], [8], [12, 0]]) {
      const rows = lengths.map((length) => items.subarray(0, length));
      const users = Int32Array.from(rows.keys());
      const expected = await long.compute(rows, users, itemVectors);
      const got = await byLength.compute(rows, users, itemVectors);
      for (let i = 0; i < rows.length * model.dimensions; i++) expect(got[i]).toBeCloseTo(expected[i], 5);
    }
    await Promise.all([long, byLength, few, engine].map((one) => one.dispose()));
  });

  test('blocks rank as whole rows do, for several targets and without cutoff, too', async () => {
    const { model, state } = await train({ ...base, epochs: 2 });
    const engine = await createEngine({ threads: 1 });
    const itemVectors = await computeItemVectors(model, state, histories.cols, engine);
    const users = await UserVectors.create(model, state, 16, LONGEST, engine);
    const vectorsOf = (asked: Int32Array) =>
      users.compute(
        Array.from(asked, (user) => histories.row(user)),
        asked,
        itemVectors,
      );
    const scores = await BlockScores.create(histories.columnCounts(), model.dimensions, engine);
    const lengthOf = (user: number) => histories.row(user).length;
    const { blocks, scorer } = scores.scorers(itemVectors, vectorsOf, { batch: 16, lengthOf });
    // One product after the other, in double precision.
    const oracle = async (asked: Int32Array, out: Float32Array) => {
      for (let from = 0; from < asked.length; from += 16) {
        const some = asked.subarray(from, from + 16);
        const vectors = await vectorsOf(some);
        some.forEach((_, row) => {
          for (let item = 0; item < itemVectors.rows; item++)
            out[(from + row) * itemVectors.rows + item] = itemVectors
              .row(item)
              .reduce((sum, value, i) => sum + value * vectors[row * model.dimensions + i], 0);
        });
      }
    };
    const options = { items: histories.cols, histories, targets };
    const expected = await evaluateFullRanking({ ...options, scorer: oracle, metrics: METRICS });
    for (const given of [{ scorer, blocks }, { scorer }]) {
      const { perUser } = await evaluateFullRanking({ ...options, ...given, metrics: METRICS });
      expect(perUser).toEqual(expected.perUser);
    }
    const several = CsrMatrix.fromRows(
      Array.from({ length: targets.rows }, (_, user) => [...targets.row(user), (user * 7) % histories.cols]),
      histories.cols,
    );
    for (const [of, metrics] of [
      [several, METRICS],
      [targets, ['mrr', 'auc']],
    ] as [CsrMatrix, MetricKey[]][]) {
      const asked = { ...options, targets: of, metrics };
      const { perUser } = await evaluateFullRanking({ ...asked, scorer, blocks });
      expect(perUser).toEqual((await evaluateFullRanking({ ...asked, scorer: oracle })).perUser);
    }
    await Promise.all([users, scores, engine].map((one) => one.dispose()));
  });
});
