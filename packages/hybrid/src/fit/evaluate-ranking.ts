import { ItemKnn } from '@towerkit/baselines';
import { CsrMatrix, type Matrix } from '@towerkit/core';
import {
  compareEvaluations,
  coverage,
  evaluateFullRanking,
  isTowerkitError,
  restrictEvaluation,
  type Comparison,
  type Estimate,
  type FullRankingEvaluation,
  type MetricKey,
  type Scorer,
} from '@towerkit/metrics';

import type { Foundation } from '../model/foundation.js';
import { groupRows, type Group } from './groups.js';
import type { Reviews } from './read-reviews.js';
import { ratingsOf, type RowSplit } from './split.js';
import type { States } from './states.js';

/** How a model ranked the products that were taken. */
export interface RankingResult {
  readonly metrics: Readonly<Record<string, Estimate>>;
  /** Of the hybrid against this model, paired by row; absent for the hybrid itself. */
  readonly difference?: Readonly<Record<string, Comparison>>;
}

/** Results by model, for all rows and for each group of them. */
export interface RankingEvaluation {
  readonly groups: Readonly<Partial<Record<Group | 'all', Readonly<Record<string, RankingResult>>>>>;
  /** Rows whose product the user had before, left out. */
  readonly repeats: number;
  /** Share of the products that are among any user's first ten, by model. */
  readonly coverage: Readonly<Record<string, number>>;
}

/** Rankings without a network; a user without a history gets popularity. */
export async function rankingBaselines(
  { log, anonymous }: Reviews,
  train: Int32Array,
  histories: CsrMatrix,
  states: States,
  { als, counts }: Foundation,
  productTexts: Matrix,
): Promise<Record<string, Scorer>> {
  const known = ratingsOf(
    log,
    train.filter((row) => !anonymous[log.user[row]]),
  );
  const knn = new ItemKnn();
  await knn.fit(new CsrMatrix(known.rows, known.cols, known.indptr, known.indices));
  const items = counts.length;
  const orPopular =
    (score: (rows: Int32Array, out: Float32Array) => Promise<void> | void): Scorer =>
    async (rows, out) => {
      await score(rows, out);
      rows.forEach((row, place) => {
        if (histories.row(row).length === 0) out.set(counts, place * items);
      });
    };
  const listsOf = (rows: Int32Array) => Array.from(rows, (row) => histories.row(row));
  return {
    popularity: (rows, out) => rows.forEach((_, place) => out.set(counts, place * items)),
    als: orPopular((rows, out) => als.score(listsOf(rows), out)),
    'text similarity': orPopular((rows, out) => {
      rows.forEach((row, place) => {
        const mean = states.written.row(row);
        for (let item = 0; item < items; item++) {
          const text = productTexts.row(item);
          let dot = 0;
          for (let c = 0; c < mean.length; c++) dot += mean[c] * text[c];
          out[place * items + item] = dot;
        }
      });
    }),
    'item-knn': orPopular((rows, out) => knn.score(listsOf(rows), out)),
  };
}

/** Ranks every product for every row held back, the user's own removed. Paired tests allow for several rows of one user. */
export async function evaluateRanking(
  reviews: Reviews,
  { train, test }: RowSplit,
  histories: CsrMatrix,
  scorers: Readonly<Record<string, Scorer>>,
  { sample = Infinity, seed = 0 }: { sample?: number; seed?: number } = {},
): Promise<RankingEvaluation> {
  const { log } = reviews;
  const targets = test.map((row) => log.item[row]);
  const evaluations: Record<string, FullRankingEvaluation> = {};
  for (const [name, scorer] of Object.entries(scorers))
    evaluations[name] = await evaluateFullRanking<MetricKey>({
      items: log.items.size,
      histories,
      targets,
      scorer,
      metrics: ['ndcg@10', 'hr@10'],
      batchSize: 256,
      lists: 10,
      ...(sample < test.length && { sample: { users: sample, seed } }),
    });
  // Rows of one user are not independent; each row of an anonymous user stands alone.
  const clusterOf = test.map((row) => (reviews.anonymous[log.user[row]] ? -1 : log.user[row]));
  const groups: Partial<Record<Group | 'all', Record<string, RankingResult>>> = {};
  const members = groupRows(reviews, ratingsOf(log, train), test);
  for (const [group, places] of Object.entries(members) as [Group | 'all', Int32Array][]) {
    const within = new Set(places);
    try {
      const parts = Object.entries(evaluations).map(
        ([name, evaluation]) =>
          [name, restrictEvaluation<string>(evaluation, (row) => within.has(row))] as const,
      );
      const [[, own]] = parts;
      const clusters = own.users.map((row) => clusterOf[row]);
      groups[group] = Object.fromEntries(
        parts.map(([name, part], place) => [
          name,
          {
            metrics: part.metrics,
            ...(place > 0 && { difference: compareEvaluations(own, part, { clusters }) }),
          },
        ]),
      );
    } catch (error) {
      if (!isTowerkitError(error, 'NO_USERS')) throw error;
    }
  }
  const all = Object.values(evaluations)[0];
  return {
    groups,
    repeats: all.leftOut.repeat,
    coverage: Object.fromEntries(
      Object.entries(evaluations).map(([name, { lists }]) => [name, coverage(lists!, log.items.size)]),
    ),
  };
}
