import { TowerkitError, type CsrMatrix } from '@towerkit/core';
import type { Engine } from '@towerkit/engine';
import {
  evaluateFullRanking,
  isRatingMetric,
  type Estimate,
  type MetricKey,
  type RatingMetric,
} from '@towerkit/metrics';
import type { TwoTower } from '@towerkit/towers';

import { DotScores } from '../inference/dot-scores.js';
import { computeItemVectors } from '../inference/item-vectors.js';
import { UserVectors } from '../inference/user-vectors.js';
import type { Entities } from '../entities.js';
import type { InputRows } from '../tables/input-rows.js';
import { momentInputs, type ModelState } from '../tables/model-state.js';
import { ratingErrors } from './validation-ratings.js';

const BATCH = 128;

/** What can be measured after an epoch: metrics of the ranking, and of predicted ratings. */
export type ValidationMetric = MetricKey | RatingMetric;

/** What to evaluate on after an epoch. */
export interface ValidationOptions {
  /** Users x items: what each user went on to. */
  readonly targets: CsrMatrix;
  /**
   * Ratings that were held back, users x items, for the metrics `rmse` and `mae`: of people without a history too, who are no
   * targets of a ranking. Default: the values of the targets.
   */
  readonly ratings?: CsrMatrix;
  /** What is known of the moment at which each user is asked, [users] rows, for towers that read moments. Default: nothing. */
  readonly moments?: Entities;
  /** Default `hr@10`, `ndcg@10`, `hr@20`. */
  readonly metrics?: readonly ValidationMetric[];
  /** A seeded sample of so many users, for a quick look at the ranking. Default: all of them. */
  readonly sample?: { readonly users: number; readonly seed: number };
}

/** Full ranking of a model in training, over every item, histories removed; and errors of its ratings. */
export class Validation {
  private constructor(
    readonly model: TwoTower,
    readonly state: ModelState,
    readonly histories: CsrMatrix,
    readonly options: ValidationOptions,
    readonly engine: Engine,
    readonly ranks: { readonly users: UserVectors; readonly scores: DotScores } | undefined,
    readonly raters: UserVectors | undefined,
    readonly moments: Readonly<Record<string, InputRows>>,
  ) {}

  /** @throws TowerkitError `NO_RATINGS` for a metric of ratings of a model that predicts none */
  static async create(
    model: TwoTower,
    state: ModelState,
    histories: CsrMatrix,
    maxLength: number,
    options: ValidationOptions,
    engine: Engine,
  ): Promise<Validation> {
    const { metrics = DEFAULT_METRICS } = options;
    const rated = metrics.find(isRatingMetric);
    if (rated !== undefined && !model.rating)
      throw new TowerkitError('NO_RATINGS', `the model predicts no ratings, which "${rated}" measures`, {
        hint: 'choose the loss mse(), or give twoTower() a rating head and the loss rated()',
      });
    const ranks = metrics.some((metric) => !isRatingMetric(metric)) && {
      users: await UserVectors.create(model, state, BATCH, maxLength, engine),
      scores: await DotScores.create(BATCH, histories.cols, model.dimensions, engine),
    };
    const raters =
      rated !== undefined
        ? await UserVectors.create(model, state, BATCH, maxLength, engine, model.rating!.userVectors)
        : undefined;
    const moments = options.moments ? momentInputs(model, state, options.moments) : {};
    return new Validation(model, state, histories, options, engine, ranks || undefined, raters, moments);
  }

  /** Evaluates the model as it is now. @returns metrics in the order asked for */
  async run(onProgress?: (done: number, total: number) => void): Promise<Record<string, Estimate>> {
    const { histories, options, moments, model } = this;
    const { metrics = DEFAULT_METRICS, targets, ratings = targets } = options;
    const itemVectors = await computeItemVectors(model, this.state, histories.cols, this.engine);
    const found: Record<string, Estimate> = {};
    if (this.ranks) {
      const { users, scores } = this.ranks;
      const evaluation = await evaluateFullRanking<MetricKey>({
        items: histories.cols,
        histories,
        targets,
        metrics: metrics.filter((metric): metric is MetricKey => !isRatingMetric(metric)),
        sample: options.sample,
        batchSize: BATCH,
        onProgress: onProgress && (({ done, total }) => onProgress(done, total)),
        scorer: async (ids, out) => {
          const rows = Array.from(ids, (user) => histories.row(user));
          const vectors = await users.compute(rows, ids, itemVectors, moments);
          const all = await scores.compute(vectors, itemVectors);
          out.set(all.subarray(0, ids.length * histories.cols));
        },
      });
      Object.assign(found, evaluation.metrics);
    }
    if (this.raters) {
      const { scale } = model.rating!;
      Object.assign(
        found,
        await ratingErrors({ ratings, histories, users: this.raters, itemVectors, moments, scale }),
      );
    }
    return Object.fromEntries(metrics.map((metric) => [metric, found[metric]]));
  }

  async dispose(): Promise<void> {
    await this.ranks?.users.dispose();
    await this.ranks?.scores.dispose();
    await this.raters?.dispose();
  }
}

const DEFAULT_METRICS: readonly ValidationMetric[] = ['hr@10', 'ndcg@10', 'hr@20'];
