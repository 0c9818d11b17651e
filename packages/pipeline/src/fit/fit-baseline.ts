import type { FitOptions, Recommender } from '@towerkit/core';
import { evaluateFullRanking, evaluateRatings, type MetricKey, type RatingEstimate } from '@towerkit/metrics';

import type { BaselineName } from '../config/baseline-options.js';
import type { ResolvedConfig } from '../config/schema.js';
import { BASELINES, createBaseline } from './baseline-models.js';
import { rankingMetrics, type Metrics } from '../evaluate/reference-scores.js';
import type { Prepared } from '../data/prepare.js';
import { withoutRatings } from '../data/without-ratings.js';

/** Fits a baseline on the training rows. */
export async function fitBaseline(
  name: BaselineName,
  { log, split, histories }: Prepared,
  config: ResolvedConfig,
  options: FitOptions,
): Promise<Recommender> {
  const model = createBaseline(name, config);
  // Those that ask for no times pass them over.
  const times = log.time && split.rows && timesOf(log.time, split.rows.train);
  await model.fit(BASELINES[name].rated ? histories : withoutRatings(histories), {
    ...options,
    times,
  } as FitOptions);
  return model;
}

const timesOf = (time: Float64Array, rows: Int32Array) => Float64Array.from(rows, (row) => time[row]);

const BATCH = 256;

/** Ranks every item for every validation target, histories removed. */
export async function evaluateOnValidation(
  model: Pick<Recommender, 'score'>,
  { log, histories, targets }: Prepared,
  { metrics }: ResolvedConfig,
  onProgress?: FitOptions['onProgress'],
): Promise<Metrics> {
  const ranked = rankingMetrics(metrics);
  if (ranked.length === 0) return {};
  const evaluation = await evaluateFullRanking<MetricKey>({
    items: log.items.size,
    histories,
    targets,
    scorer: (users, out) =>
      model.score(
        Array.from(users, (user) => histories.row(user)),
        out,
        users,
      ),
    metrics: ranked,
    batchSize: BATCH,
    onProgress,
  });
  return evaluation.metrics;
}

/** Errors on the validation ratings, for a model that predicts ratings; the intervals allow for users. */
export function evaluateOnRatings(
  model: Recommender,
  { split: { validation } }: Prepared,
): { rmse: RatingEstimate; mae: RatingEstimate } | undefined {
  if (!('predict' in model) || !validation.values) return undefined;
  const users = new Int32Array(validation.entries);
  for (let user = 0; user < validation.rows; user++)
    users.fill(user, validation.indptr[user], validation.indptr[user + 1]);
  const predict = model.predict as (users: Int32Array, items: Int32Array) => Float32Array;
  const predicted = predict.call(model, users, validation.indices);
  return evaluateRatings({ predicted, actual: validation.values, users });
}
