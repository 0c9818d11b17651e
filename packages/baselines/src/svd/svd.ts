import { TowerkitError, type CsrMatrix, type FitOptions, type Recommender } from '@towerkit/core';
import { dot, KernelPool } from '@towerkit/kernels/internal';

import { checkPairs, clip, ratingData } from '../ratings/rating-data.js';
import type { RatingPredictor } from '../ratings/rating-predictor.js';
import { checkBatch, requireFitted } from '../recommender/check-batch.js';
import { pacer } from '../recommender/pace.js';
import { SavedModel, saveModel } from '../recommender/saved-model.js';
import { ScoringRecommender } from '../recommender/scoring-recommender.js';
import { svdSettings, type SvdOptions, type SvdSettings } from './svd-options.js';
import { SvdTraining, type SvdParameters } from './svd-training.js';

/** What is kept of a fit; users and items without ratings have zeros. */
interface Fitted extends SvdParameters {
  readonly users: number;
  readonly items: number;
  /** Mean rating, lowest and highest of the scale. */
  readonly level: Float32Array;
}

/** Users between two looks at the clock. */
const USERS_AT_ONCE = 256;

/**
 * Biased matrix factorization by stochastic gradient descent (Funk 2006; Koren, Bell and Volinsky 2009): the model and
 * the settings that Surprise ships as `SVD`. A rating is mean + b_u + b_i + q_i.p_u; ratings are learned user by user,
 * in the order of the matrix, a repeated pair as often as it stands. The vectors start from the normal distribution.
 *
 * As a `Recommender` it scores by what it would predict, unclipped, for the users it was told of; the rest, whose
 * history says nothing to it, get mean + b_i.
 *
 * @example
 * ```ts
 * const model = new Svd({ scale: [1, 5] });
 * await model.fit(ratings);
 * model.predict([0], [17]); // Float32Array of one rating
 * ```
 */
export class Svd extends ScoringRecommender implements Recommender, RatingPredictor {
  readonly kind = 'svd';
  readonly #settings: SvdSettings;
  #fitted: Fitted | undefined;

  /** @throws TowerkitError `BAD_OPTION` naming the option */
  constructor(options: SvdOptions = {}) {
    super();
    this.#settings = svdSettings(options);
  }

  get items(): number {
    return this.#fitted?.items ?? 0;
  }

  /**
   * @throws TowerkitError `EMPTY_DATA` without ratings, `BAD_VALUE` naming the row of one that is not finite, `DIVERGED`
   *   when the learning rate is too high
   */
  async fit(ratings: CsrMatrix, options: FitOptions = {}): Promise<void> {
    const { epochs } = this.#settings;
    const { rows, cols } = ratings;
    const pace = pacer(options, { total: epochs * rows, unit: 'users' });
    const { mean, scale } = ratingData(ratings, this.#settings.scale);
    const pool = new KernelPool({ threads: 1 }); // its worker never starts
    const training = new SvdTraining(pool, ratings, this.#settings, mean);
    for (let epoch = 0; epoch < epochs; epoch++)
      for (let from = 0; from < rows; from += USERS_AT_ONCE) {
        const to = Math.min(rows, from + USERS_AT_ONCE);
        training.step(from, to);
        const waiting = pace(epoch * rows + to);
        if (waiting) await waiting;
      }
    const learned = training.finish();
    if (!Object.values(learned).every((array: Float32Array) => array.every(Number.isFinite)))
      throw new TowerkitError(
        'DIVERGED',
        `the parameters grew without bound at a learning rate of ${this.#settings.learningRate}`,
        {
          hint: 'lower learningRate',
        },
      );
    this.#fitted = { users: rows, items: cols, ...learned, level: Float32Array.of(mean, ...scale) };
  }

  /** Unknown users and items have no bias and no product; not biased, such pairs get the mean of all ratings. */
  predict(users: ArrayLike<number>, items: ArrayLike<number>): Float32Array {
    requireFitted(this);
    const { users: rows, items: cols, userFactors, itemFactors, userBias, itemBias, level } = this.#fitted!;
    checkPairs(users, items, { rows, cols });
    const { factors, biased } = this.#settings;
    const [mean, least, most] = level;
    const out = new Float32Array(users.length);
    for (let pair = 0; pair < out.length; pair++) {
      const [user, item] = [users[pair], items[pair]];
      const known = user >= 0 && item >= 0;
      const product = known ? dot(userFactors, itemFactors, user * factors, item * factors, factors) : 0;
      const rating = biased
        ? mean + (user >= 0 ? userBias[user] : 0) + (item >= 0 ? itemBias[item] : 0) + product
        : product === 0
          ? mean
          : product;
      out[pair] = clip(rating, [least, most]);
    }
    return out;
  }

  score(histories: readonly ArrayLike<number>[], out: Float32Array, users?: ArrayLike<number>): void {
    checkBatch(this, histories, { out, users, rows: this.#fitted?.users });
    const { items, userFactors, itemFactors, userBias, itemBias, level } = this.#fitted!;
    const { factors, biased } = this.#settings;
    const mean = biased ? level[0] : 0;
    for (let row = 0; row < histories.length; row++) {
      const user = users ? users[row] : -1;
      const own = mean + (user >= 0 ? userBias[user] : 0);
      for (let item = 0, at = row * items; item < items; item++, at++)
        out[at] =
          own +
          itemBias[item] +
          (user >= 0 ? dot(userFactors, itemFactors, user * factors, item * factors, factors) : 0);
    }
  }

  async save(folder: string): Promise<void> {
    requireFitted(this);
    const { users, items, userBias, itemBias, userFactors, itemFactors, level } = this.#fitted!;
    const { factors } = this.#settings;
    await saveModel(folder, this.kind, this.#settings, {
      user_bias: { shape: [users], data: userBias },
      item_bias: { shape: [items], data: itemBias },
      user_factors: { shape: [users, factors], data: userFactors },
      item_factors: { shape: [items, factors], data: itemFactors },
      level: { shape: [3], data: level },
    });
  }

  /** @throws TowerkitError `MODEL_NOT_FOUND`, `BAD_MODEL` */
  static async load(folder: string): Promise<Svd> {
    const saved = await SavedModel.read(folder, 'svd');
    const model = saved.build((options: SvdOptions) => new Svd(options));
    const { factors } = model.#settings;
    const [[users], [items]] = [saved.shape('user_bias', 1), saved.shape('item_bias', 1)];
    if (items === 0) throw saved.bad('it has no items');
    model.#fitted = {
      users,
      items,
      userBias: saved.floats('user_bias', [users]),
      itemBias: saved.floats('item_bias', [items]),
      userFactors: saved.floats('user_factors', [users, factors]),
      itemFactors: saved.floats('item_factors', [items, factors]),
      level: saved.floats('level', [3]),
    };
    return model;
  }
}
