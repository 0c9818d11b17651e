import type { CsrMatrix, FitOptions, Recommender } from '@towerkit/core';

import { checkBatch, requireFitted } from '../recommender/check-batch.js';
import { SavedModel, saveModel } from '../recommender/saved-model.js';
import { ScoringRecommender } from '../recommender/scoring-recommender.js';
import { ItemKnnRatings, UserKnnRatings, type KnnRatingsOptions } from './knn-ratings.js';
import { ItemMean } from './means.js';
import type { RatingPredictor } from './rating-predictor.js';

/** Options of {@link KnnRatingModel}. */
export interface KnnRatingModelOptions extends KnnRatingsOptions {
  /** Whether neighbors are users or items. */
  readonly by: 'user' | 'item';
}

/**
 * {@link UserKnnRatings} or {@link ItemKnnRatings} as a model that scores and is saved: of the kind `user-knn-ratings` or
 * `item-knn-ratings`. It scores by the ratings that it predicts for the users it was told of, and by the mean rating of each item for
 * the rest, of whom it knows no ratings. Its file holds the ratings, which `load` fits again.
 *
 * @example
 * ```ts
 * const model = new KnnRatingModel({ by: 'item', variant: 'means' });
 * model.fit(ratings);
 * model.predict([0], [17]); // Float32Array of one rating
 * ```
 */
export class KnnRatingModel extends ScoringRecommender implements Recommender, RatingPredictor {
  readonly #options: KnnRatingModelOptions;
  #fitted:
    | { readonly ratings: CsrMatrix; readonly predictor: RatingPredictor; readonly means: ItemMean }
    | undefined;

  /** @throws TowerkitError `BAD_OPTION` naming the option */
  constructor(options: KnnRatingModelOptions) {
    super();
    this.#options = options;
    predictorOf(options); // refuses options without sense now
  }

  get kind(): string {
    return `${this.#options.by}-knn-ratings`;
  }

  get items(): number {
    return this.#fitted?.ratings.cols ?? 0;
  }

  /** @throws TowerkitError `EMPTY_DATA` without ratings, `BAD_VALUE` naming the row of one that is not finite */
  fit(ratings: CsrMatrix, { signal }: FitOptions = {}): void {
    signal?.throwIfAborted();
    const predictor = predictorOf(this.#options);
    void predictor.fit(ratings);
    const means = new ItemMean();
    means.fit(ratings);
    this.#fitted = { ratings, predictor, means };
  }

  predict(users: ArrayLike<number>, items: ArrayLike<number>): Float32Array {
    requireFitted(this);
    return this.#fitted!.predictor.predict(users, items);
  }

  score(histories: readonly ArrayLike<number>[], out: Float32Array, users?: ArrayLike<number>): void {
    checkBatch(this, histories, { out, users, rows: this.#fitted?.ratings.rows });
    const { items } = this;
    const { predictor, means } = this.#fitted!;
    const place = Int32Array.from({ length: out.length }, (_, at) => at);
    const userAt = (at: number) => (users ? users[Math.floor(at / items)] : -1);
    // All at once: neighbors of an item are looked for once for all users.
    for (const [model, own] of [
      [predictor, place.filter((at) => userAt(at) >= 0)],
      [means, place.filter((at) => userAt(at) < 0)],
    ] as const) {
      const ratings = model.predict(
        own.map(userAt),
        own.map((at) => at % items),
      );
      own.forEach((at, i) => (out[at] = ratings[i]));
    }
  }

  async save(folder: string): Promise<void> {
    requireFitted(this);
    const { indptr, indices, values, cols } = this.#fitted!.ratings;
    await saveModel(folder, this.kind, this.#options, {
      indptr: { shape: [indptr.length], data: indptr },
      indices: { shape: [indices.length], data: indices },
      values: { shape: [indices.length], data: Float32Array.from(values!) },
      items: { shape: [1], data: Int32Array.of(cols) },
    });
  }

  /** @throws TowerkitError `MODEL_NOT_FOUND`, `BAD_MODEL` */
  static async load(folder: string, by: 'user' | 'item'): Promise<KnnRatingModel> {
    const saved = await SavedModel.read(folder, `${by}-knn-ratings`);
    const model = saved.build((options: KnnRatingModelOptions) => new KnnRatingModel({ ...options, by }));
    const [items] = saved.ints('items', [1], 1);
    const ratings = saved.csr({ indptr: 'indptr', indices: 'indices', values: 'values' }, items);
    saved.build(() => model.fit(ratings));
    return model;
  }
}

function predictorOf({ by, ...options }: KnnRatingModelOptions): RatingPredictor {
  return by === 'user' ? new UserKnnRatings(options) : new ItemKnnRatings(options);
}
