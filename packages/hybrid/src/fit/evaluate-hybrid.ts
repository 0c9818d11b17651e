import type { Scorer } from '@towerkit/metrics';

import type { FittedHybrid } from './fit-hybrid.js';
import type { UserQuery } from '../model/hybrid-recommender.js';
import { evaluateRanking, rankingBaselines, type RankingEvaluation } from './evaluate-ranking.js';
import { evaluateRatingErrors, ratingBaselines, type RatingEvaluation } from './evaluate-ratings.js';
import type { Reviews } from './read-reviews.js';
import type { RowSplit } from './split.js';
import { historiesOf, momentsOf, statesAfter } from './states.js';

/** What a hybrid and its baselines are worth on the rows held back. */
export interface HybridEvaluation {
  readonly ratings: RatingEvaluation;
  readonly ranking: RankingEvaluation;
}

/** How a hybrid is judged. */
export interface EvaluateHybridOptions {
  readonly seed: number;
  /** Rank for so many of the rows, always the same ones. */
  readonly sample?: number;
  /** Whether to rank by foretold ratings too. */
  readonly alsoByRating?: boolean;
}

const BATCH = 256;

/** Judges both networks of a hybrid: errors of foretold ratings, and where the products that were taken rank. */
export async function evaluateHybrid(
  reviews: Reviews,
  split: RowSplit,
  fitted: FittedHybrid,
  { seed, sample, alsoByRating = false }: EvaluateHybridOptions,
): Promise<HybridEvaluation> {
  const { recommender, vectors, train } = fitted;
  const { log } = reviews;
  const { test } = split;
  const { parts, neighbors } = recommender;
  const states = await statesAfter(
    { ...parts, reviews, train, vectors, memory: parts.memoryWeights, neighbors },
    test,
  );
  const histories = historiesOf(
    states.before,
    train.map((row) => log.item[row]),
    log.items.size,
  );
  const moments = momentsOf(reviews, test);
  const query = (place: number): UserQuery => ({
    user: log.user[test[place]],
    history: histories.row(place),
    moment: moments[place],
  });
  const predicted = new Float32Array(test.length);
  for (const [item, places] of byItem(test.map((row) => log.item[row])))
    for (let from = 0; from < places.length; from += BATCH) {
      const part = places.slice(from, from + BATCH);
      (await recommender.rate(part.map(query), [item])).forEach((rating, k) => (predicted[part[k]] = rating));
    }
  const ratings = await evaluateRatingErrors(reviews, split, predicted, ratingBaselines(parts.scale, seed));
  const hybrid: Scorer = async (rows, out) => out.set(await recommender.rank(Array.from(rows, query)));
  const scorers = {
    hybrid,
    ...(await rankingBaselines(reviews, train, histories, states, parts.foundation, parts.productTexts)),
    ...(alsoByRating && {
      'hybrid, by rating': (async (rows, out) =>
        out.set(await recommender.rate(Array.from(rows, query)))) satisfies Scorer,
    }),
  };
  const ranking = await evaluateRanking(reviews, split, histories, scorers, { sample, seed });
  return { ratings, ranking };
}

/** Places by the item they hold. */
function byItem(items: Int32Array): Map<number, number[]> {
  const places = new Map<number, number[]>();
  items.forEach((item, place) => {
    const own = places.get(item);
    if (own) own.push(place);
    else places.set(item, [place]);
  });
  return places;
}
