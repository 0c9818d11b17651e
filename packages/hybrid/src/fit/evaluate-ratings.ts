import { Bias, GlobalMean, ItemMean, Svd, type RatingPredictor } from '@towerkit/baselines';
import { comparePaired, evaluateRatings, type Comparison, type RatingEstimate } from '@towerkit/metrics';

import { groupRows, type Group } from './groups.js';
import type { Reviews } from './read-reviews.js';
import { ratingsOf, type RowSplit } from './split.js';

/** Errors of a model on some rows. */
export interface RatingErrors {
  readonly rmse: RatingEstimate;
  readonly mae: RatingEstimate;
  /** Squared errors of the hybrid minus those of this model, paired by row, clustered by user; absent for the hybrid. */
  readonly difference?: Comparison;
}

/** Errors by model, for all rows and for each group of them. */
export type RatingEvaluation = Readonly<
  Partial<Record<Group | 'all', Readonly<Record<string, RatingErrors>>>>
>;

/** Rating predictors without texts. */
export function ratingBaselines(
  scale: readonly [number, number],
  seed: number,
): Record<string, RatingPredictor> {
  return {
    'global mean': new GlobalMean({ scale }),
    'item mean': new ItemMean({ scale }),
    'user + item bias': new Bias({ scale }),
    svd: new Svd({ scale, seed }),
  };
}

/**
 * The hybrid's errors on the rows held back, beside those of predictors without texts.
 *
 * @param predicted the hybrid's ratings of the test rows, within the scale
 */
export async function evaluateRatingErrors(
  reviews: Reviews,
  { train, test }: RowSplit,
  predicted: Float32Array,
  baselines: Readonly<Record<string, RatingPredictor>>,
): Promise<RatingEvaluation> {
  const { log } = reviews;
  const ratings = ratingsOf(log, train);
  const users = test.map((row) => log.user[row]);
  const clusters = test.map((row) => (reviews.anonymous[log.user[row]] ? -1 : log.user[row]));
  const items = test.map((row) => log.item[row]);
  const actual = Float32Array.from(test, (row) => log.rating[row]);
  const predictions: Record<string, Float32Array> = { hybrid: predicted };
  for (const [name, model] of Object.entries(baselines)) {
    await model.fit(ratings);
    predictions[name] = model.predict(users, items);
  }
  const results: Partial<Record<Group | 'all', Record<string, RatingErrors>>> = {};
  for (const [group, places] of Object.entries(groupRows(reviews, ratings, test)) as [
    Group | 'all',
    Int32Array,
  ][]) {
    if (places.length < 2) continue;
    const of = (values: ArrayLike<number>) => Float64Array.from(places, (place) => values[place]);
    const squared = (name: string) =>
      Float64Array.from(places, (place) => (predictions[name][place] - actual[place]) ** 2);
    results[group] = Object.fromEntries(
      Object.entries(predictions).map(([name, values]) => [
        name,
        {
          ...evaluateRatings({ predicted: of(values), actual: of(actual), users: of(clusters) }),
          ...(name !== 'hybrid' && {
            difference: comparePaired(squared('hybrid'), squared(name), {
              method: 't',
              clusters: of(clusters),
            }),
          }),
        },
      ]),
    );
  }
  return results;
}
