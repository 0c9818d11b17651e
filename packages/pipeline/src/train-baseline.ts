import { saveArtifact, type ArtifactManifest } from '@towerkit/artifact';
import type { FitOptions, Recommender } from '@towerkit/core';
import type { RatingEstimate } from '@towerkit/metrics';

import type { BaselineName } from './config/baseline-options.js';
import type { ResolvedConfig } from './config/schema.js';
import type { Prepared } from './data/prepare.js';
import { referenceScores, type Metrics } from './evaluate/reference-scores.js';
import { BASELINES } from './fit/baseline-models.js';
import { evaluateOnRatings, evaluateOnValidation, fitBaseline } from './fit/fit-baseline.js';
import { contentsOf } from './save/contents.js';
import { costOf } from './save/cost.js';
import { meanRating } from './data/ratings.js';

/** A fitted baseline with its figures, ready to be saved. */
export interface TrainedBaseline {
  /** The caller's to dispose of: some kinds hold threads. */
  readonly model: Recommender;
  /** Seconds of the fit. */
  readonly seconds: number;
  /** On the validation targets. */
  readonly metrics: Metrics;
  /** On the validation ratings, for a model that predicts ratings. */
  readonly ratings?: { readonly rmse: RatingEstimate; readonly mae: RatingEstimate };
  /** Popularity, and for a generated shop the ideal ranking, on the same targets. */
  readonly baselines: Readonly<Record<string, Metrics>>;
  /** Writes the artifact, whole or not at all. @throws TowerkitError `UNWRITABLE` */
  save(folder: string): Promise<ArtifactManifest>;
}

/**
 * Fits a baseline on the training rows of prepared data and evaluates it on the validation targets.
 *
 * @throws TowerkitError what the model throws
 */
export async function trainBaseline(
  name: BaselineName,
  prepared: Prepared,
  config: ResolvedConfig,
  options: FitOptions = {},
): Promise<TrainedBaseline> {
  const started = performance.now();
  const model = await fitBaseline(name, prepared, config, options);
  const seconds = (performance.now() - started) / 1000;
  const measured = await measure(model, prepared, config, options).catch(async (error: unknown) => {
    await model.dispose?.();
    throw error;
  });
  const { metrics, baselines } = measured;
  return {
    ...{ model, seconds, ...measured },
    save: (folder) =>
      saveArtifact(folder, {
        ...contentsOf(prepared, config),
        kind: model.kind,
        model: {
          options: config.baselines[name],
          ...costOf(seconds),
          refit: false,
          ...(BASELINES[name].rated && meanRating(prepared.split.train.values)),
        },
        metrics: { ...metrics },
        baselines: { ...baselines },
        write: (into) => model.save(into),
      }),
  };
}

async function measure(
  model: Recommender,
  prepared: Prepared,
  config: ResolvedConfig,
  { onProgress }: FitOptions,
): Promise<Pick<TrainedBaseline, 'metrics' | 'ratings' | 'baselines'>> {
  const metrics = await evaluateOnValidation(model, prepared, config, onProgress);
  const ratings = evaluateOnRatings(model, prepared);
  return { metrics, ...(ratings && { ratings }), baselines: await referenceScores(prepared, config) };
}
