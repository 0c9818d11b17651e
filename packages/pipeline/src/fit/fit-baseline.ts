import { Matrix, type FitOptions, type Recommender } from '@towerkit/core';
import { catalogRows } from '@towerkit/features';
import {
  evaluateFullRanking,
  evaluateRatings,
  type BlockScorer,
  type MetricKey,
  type RatingEstimate,
} from '@towerkit/metrics';

import { ItemPlaces } from '@towerkit/recommend';

import { TowerkitError } from '../errors.js';
import type { BaselineName } from '../config/baseline-options.js';
import type { ResolvedConfig } from '../config/schema.js';
import { BASELINES, createBaseline } from './baseline-models.js';
import { predictsRatings } from '../evaluate/predicted-ratings.js';
import { withVectorBlocks } from '../evaluate/ranking-blocks.js';
import { ratingRows } from '../evaluate/rating-errors.js';
import { rankingMetrics, type Metrics } from '../evaluate/reference-scores.js';
import type { Prepared } from '../data/prepare.js';
import { validationQuestions } from '../data/validation-questions.js';
import { ratedEntries, withoutRatings } from '../data/ratings.js';

/** Fits a baseline on the training rows: those that enter histories or are targets, with their weights where they have any. */
export async function fitBaseline(
  name: BaselineName,
  prepared: Prepared,
  config: ResolvedConfig,
  options: FitOptions,
): Promise<Recommender> {
  const { log, split, histories, feedback } = prepared;
  const model = createBaseline(name, config, Math.min(histories.rows, histories.cols));
  // Those that ask for no times pass them over.
  const times = log.time && split.rows && timesOf(log.time, split.rows.train);
  const rows = feedback?.learning.interactions ?? withoutRatings(histories);
  await model.fit(BASELINES[name].rated ? ratedEntries(split.train) : rows, {
    ...options,
    times,
    ...(BASELINES[name].placed && { positions: positionsOf(prepared) }),
  } as FitOptions);
  return model;
}

/** Where the items are, NaN where it is not known: [items, 3]. @throws TowerkitError `NO_PLACES` */
function positionsOf({ log, catalog }: Prepared): Matrix {
  const names = catalog?.table.columnNames() ?? [];
  const places =
    catalog &&
    ItemPlaces.of(Object.fromEntries(names.map((name) => [name, catalog.table.array(name) as unknown[]])));
  if (!catalog || !places)
    throw new TowerkitError('NO_PLACES', 'the catalog does not say where the items are', {
      hint: 'name its columns latitude and longitude among those of the catalog',
    });
  const rows = catalogRows(log, catalog);
  const out = new Matrix(rows.length, 3, new Float32Array(3 * rows.length).fill(NaN));
  rows.forEach((row, item) => {
    if (row >= 0) out.row(item).set(places.positions.subarray(3 * row, 3 * row + 3));
  });
  return out;
}

const timesOf = (time: Float64Array, rows: Int32Array) => Float64Array.from(rows, (row) => time[row]);

const BATCH = 256;

/**
 * Ranks every item for every validation target, histories removed unless the config says otherwise, asked as
 * `validationQuestions` does.
 */
export async function evaluateOnValidation(
  model: Pick<Recommender, 'score' | 'vectorScores'>,
  prepared: Prepared,
  { metrics, ...rest }: Pick<ResolvedConfig, 'metrics' | 'repeats' | 'questions'>,
  onProgress?: FitOptions['onProgress'],
): Promise<Metrics> {
  const wanted = rankingMetrics(metrics);
  if (wanted.length === 0) return {};
  const { histories, scope, targets, users } = validationQuestions(prepared, rest);
  const asked = (questions: Int32Array) =>
    [
      Array.from(questions, (question) => histories.row(question)),
      users ? questions.map((question) => users[question]) : questions,
    ] as const;
  const rank = async (blocks?: BlockScorer) => {
    const { metrics } = await evaluateFullRanking<MetricKey>({
      items: prepared.log.items.size,
      ...scope,
      targets,
      scorer: (questions, out) => {
        const [rows, who] = asked(questions);
        return model.score(rows, out, who);
      },
      ...(blocks && { blocks }),
      metrics: wanted,
      batchSize: BATCH,
      onProgress,
    });
    return metrics;
  };
  const { vectorScores: vectors } = model;
  if (!vectors) return rank();
  const vectorsOf = (questions: Int32Array) => vectors.users(...asked(questions));
  return withVectorBlocks(vectors.items, vectorsOf, prepared.counts, rank);
}

/** Errors on the validation ratings, for a model that predicts ratings; the intervals allow for users. */
export function evaluateOnRatings(
  model: Recommender,
  { split: { validation } }: Prepared,
): { rmse: RatingEstimate; mae: RatingEstimate } | undefined {
  const rated = ratingRows(validation);
  if (!predictsRatings(model) || !rated) return undefined;
  const { users, items, actual } = rated;
  return evaluateRatings({ predicted: model.predict(users, items), actual, users });
}
