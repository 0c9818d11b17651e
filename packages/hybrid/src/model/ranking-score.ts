import { TowerkitError } from '@towerkit/core';
import type { PairOutputs } from './pair-scorer.js';

/**
 * How well products rank for a user.
 *
 * Negatives were drawn with q(i) ~ popularity^power, so the network learnt how much likelier than by q a product is taken;
 * it has unlearnt popularity itself. The odds of taking it are those of the network times q (Gutmann and Hyvarinen 2010):
 *
 * - with a `choice` output: log q(i) + choice;
 * - from a rating alone, which the negatives pull from r (the rating it would get) down to m (their mean rating): of k
 *   negatives a positive, the expected rating is (p r + k q m) / (p + k q), so p / q = k (E - m) / (r - E).
 */
export interface RankingScore {
  /** log of (training rows + .5)^power, [items]. */
  readonly logQ: Float64Array;
  /** Mean rating of the negatives. */
  readonly negative: number;
}

/** Popularity, with half a row for every item so that none is out of reach. */
export function rankingScore(
  counts: ArrayLike<number>,
  { power, ratings: [low, high] }: { readonly power: number; readonly ratings: readonly [number, number] },
): RankingScore {
  const total = Array.from(counts).reduce((sum, count) => sum + count + 0.5, 0);
  return {
    logQ: Float64Array.from(counts, (count) => power * Math.log((count + 0.5) / total)),
    negative: (low + high) / 2,
  };
}

/** Keeps the odds finite where a prediction is beyond the ratings of both kinds. */
const LEAST = 0.002;

/**
 * Scores of all products for some users.
 *
 * @param outputs of the ranking network, [users, items]
 * @param liked what each product would be rated, [users, items]: the offsets that the network's rating is added to
 * @param out [users, items]
 */
export function scoreRanking(
  { logQ, negative }: RankingScore,
  outputs: PairOutputs,
  liked: Float32Array,
  out: Float32Array,
): void {
  const items = logQ.length;
  const { choice, rating } = outputs;
  if (!choice && !rating) throw new TowerkitError('BAD_ARTIFACT', 'the ranking network says nothing');
  for (let at = 0; at < out.length; at++) {
    if (choice) {
      out[at] = choice[at] + logQ[at % items];
      continue;
    }
    const top = Math.max(negative + 1, liked[at]);
    const share = (rating[at] + liked[at] - negative) / (top - negative);
    const p = Math.min(1 - LEAST, Math.max(LEAST, share));
    out[at] = Math.log(p / (1 - p)) + logQ[at % items];
  }
}
