import { evaluateRatings, type RatingEstimate } from '@towerkit/metrics';
import type { OpenArtifact } from '@towerkit/recommend';

import type { AskedPairs } from './file-targets.js';

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

/** Predicted ratings of items for one user. */
type Predict = (history: readonly number[], user: number, items: readonly number[]) => Promise<Float32Array>;

/** Losses under which the score of a two-tower is a rating. */
const RATING_LOSSES: readonly unknown[] = ['mse'];

/** How a model predicts ratings; `undefined` for one that does not. */
function predictorOf({ engine: { ranker }, manifest }: OpenArtifact): Predict | undefined {
  const { model } = ranker;
  if (ranker.ratings) return (history, user, items) => ranker.ratings!(history, user, items);
  if ('predict' in model) {
    const predict = model.predict as (users: Int32Array, items: Int32Array) => Float32Array;
    return async (_, user, items) =>
      predict.call(model, new Int32Array(items.length).fill(user), Int32Array.from(items));
  }
  if (!RATING_LOSSES.includes(manifest.model.loss)) return undefined;
  return (history, user, items) => ranker.score(history, user, items);
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
  const predict = rating && predictorOf(artifact);
  if (!predict) return undefined;
  const pairsOf = new Map<number, number[]>();
  user.forEach((row, pair) => {
    if (row < 0 || item[pair] < 0) return;
    const own = pairsOf.get(row);
    if (own) own.push(pair);
    else pairsOf.set(row, [pair]);
  });
  const predicted = new Float32Array(user.length);
  const isKnown = new Uint8Array(user.length);
  for (const [row, pairs] of pairsOf) {
    const asked = pairs.map((pair) => item[pair]);
    const ratings = await predict(Array.from(histories.row(row)), ids[row], asked);
    pairs.forEach((pair, place) => {
      predicted[pair] = ratings[place];
      isKnown[pair] = 1;
    });
  }
  const known = isKnown.filter(Boolean).length;
  const errorsOf = (places: Int32Array): RatingErrors =>
    evaluateRatings({
      predicted: Float32Array.from(places, (pair) => predicted[pair]),
      actual: Float32Array.from(places, (pair) => rating[pair]),
      users: Int32Array.from(places, (pair) => user[pair]),
    });
  const everything = Int32Array.from(user.keys());
  const mean = meanRatingOf(artifact);
  const isPartial = known < user.length && mean !== undefined;
  const errors = known > 0 ? errorsOf(everything.filter((pair) => isKnown[pair] === 1)) : undefined;
  if (isPartial) everything.forEach((pair) => isKnown[pair] === 0 && (predicted[pair] = mean));
  return {
    known,
    unknown: { users: unknownUsers, items: user.length - known - unknownUsers },
    ...(errors && { errors }),
    ...(isPartial && { all: { ...errorsOf(everything), mean } }),
  };
}

/** The mean of the ratings that a model was trained on, as its manifest notes it. */
function meanRatingOf({ manifest: { model } }: OpenArtifact): number | undefined {
  const mean = model.meanRating ?? model.mean;
  return typeof mean === 'number' && Number.isFinite(mean) ? mean : undefined;
}
