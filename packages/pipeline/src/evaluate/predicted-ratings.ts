import type { RatingPredictor } from '@towerkit/baselines';
import type { CsrMatrix } from '@towerkit/core';
import type { OpenArtifact } from '@towerkit/recommend';

/** Pairs of users and items: [pairs] each. */
export interface RatingPairs {
  /** Row of the histories of each. */
  readonly rows: ArrayLike<number>;
  readonly items: ArrayLike<number>;
}

/** Who is asked about: what is known of each, users x items, and their ids in the artifact, -1 for one it does not know. */
export interface Raters {
  readonly histories: CsrMatrix;
  readonly ids: ArrayLike<number>;
}

/** Predicted ratings of items for one user. */
type Predict = (history: number[], user: number, items: number[]) => Promise<ArrayLike<number>>;

/** How an artifact's model predicts ratings; `undefined` for one that does not. */
function predictorOf({ engine: { ranker }, model }: OpenArtifact): Predict | undefined {
  if (ranker.ratings) return (history, user, items) => ranker.ratings!(history, user, items);
  if (!predictsRatings(model)) return undefined;
  return async (_, user, items) => model.predict(new Int32Array(items.length).fill(user), items);
}

/** Whether a model is a baseline that predicts ratings, for which users are their ids alone. */
export const predictsRatings = <Model extends object>(
  model: Model,
): model is Model & Pick<RatingPredictor, 'predict'> => 'predict' in model;

/**
 * Ratings that an artifact's model predicts, at moments of which nothing is known; each user is asked once.
 *
 * @returns in the order of the pairs: [pairs]; `undefined` for a model that predicts none
 */
export async function predictedRatings(
  artifact: OpenArtifact,
  { histories, ids }: Raters,
  { rows, items }: RatingPairs,
): Promise<Float32Array | undefined> {
  const predict = predictorOf(artifact);
  if (!predict) return undefined;
  const pairsOf = new Map<number, number[]>();
  for (let pair = 0; pair < rows.length; pair++) {
    const own = pairsOf.get(rows[pair]);
    if (own) own.push(pair);
    else pairsOf.set(rows[pair], [pair]);
  }
  const predicted = new Float32Array(rows.length);
  for (const [row, pairs] of pairsOf) {
    const asked = pairs.map((pair) => items[pair]);
    const ratings = await predict(Array.from(histories.row(row)), ids[row], asked);
    pairs.forEach((pair, place) => (predicted[pair] = ratings[place]));
  }
  return predicted;
}
