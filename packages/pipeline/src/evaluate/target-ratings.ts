import { evaluateRatings, type RatingEstimate } from '@towerkit/metrics';
import type { OpenArtifact } from '@towerkit/recommend';

import type { AskedPairs } from './file-targets.js';
import { predictedRatings } from './predicted-ratings.js';

/** Errors of predicted ratings. */
interface RatingErrors {
  readonly rmse: RatingEstimate;
  readonly mae: RatingEstimate;
}

/** How far predicted ratings are from those of a file. The intervals allow for several ratings of one user. */
export interface TargetRatings {
  /** Pairs whose user and item are known. */
  readonly known: number;
  /** Pairs whose user, or whose item (and not the user), the artifact does not know. */
  readonly unknown: { readonly users: number; readonly items: number };
  /** Of the known pairs; absent where there are none. */
  readonly errors?: RatingErrors;
  /**
   * Of all pairs, with the mean of the training ratings for those that are not known; absent where all are known, or where the
   * artifact does not note that mean.
   */
  readonly all?: RatingErrors & { readonly mean: number };
}

/**
 * Compares the ratings of a file with those that a model predicts for them, after everything it knows of each user.
 *
 * @returns nothing for a file without ratings, or a model that predicts none
 */
export async function evaluateTargetRatings(
  artifact: OpenArtifact,
  { pairs: { user, item, rating, unknownUsers }, histories, ids }: AskedPairs,
): Promise<TargetRatings | undefined> {
  if (!rating) return undefined;
  const asked = Int32Array.from(user.keys()).filter((pair) => user[pair] >= 0 && item[pair] >= 0);
  const at = (values: Int32Array) => asked.map((pair) => values[pair]);
  const found = await predictedRatings(artifact, { histories, ids }, { rows: at(user), items: at(item) });
  if (!found) return undefined;
  const mean = meanRatingOf(artifact);
  const known = asked.length;
  const predicted = new Float32Array(user.length).fill(mean ?? NaN);
  asked.forEach((pair, place) => (predicted[pair] = found[place]));
  const errorsOf = (places: Int32Array): RatingErrors =>
    evaluateRatings({
      predicted: Float32Array.from(places, (pair) => predicted[pair]),
      actual: Float32Array.from(places, (pair) => rating[pair]),
      users: Int32Array.from(places, (pair) => user[pair]),
    });
  const isPartial = known < user.length && mean !== undefined;
  return {
    known,
    unknown: { users: unknownUsers, items: user.length - known - unknownUsers },
    ...(known > 0 && { errors: errorsOf(asked) }),
    ...(isPartial && { all: { ...errorsOf(Int32Array.from(user.keys())), mean } }),
  };
}

/** The mean of the ratings that a model was trained on, as its manifest notes it. */
function meanRatingOf({ manifest: { model } }: OpenArtifact): number | undefined {
  const mean = model.meanRating ?? model.mean;
  return typeof mean === 'number' && Number.isFinite(mean) ? mean : undefined;
}
