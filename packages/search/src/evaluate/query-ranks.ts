/**
 * Ranks (from 1) of some items among all by their scores, the smaller id first among equal ones.
 *
 * @param scores of all items
 * @param wanted dense ids; -1 for an item that is not there, whose rank is infinite
 */
export function ranksOf(scores: Float32Array, wanted: ArrayLike<number>): Float64Array {
  const ranks = new Float64Array(wanted.length).fill(1);
  const own = Float64Array.from(wanted, (item) => (item < 0 ? NaN : scores[item]));
  for (let item = 0; item < scores.length; item++) {
    const score = scores[item];
    for (let at = 0; at < own.length; at++)
      if (score > own[at] || (score === own[at] && item < wanted[at])) ranks[at]++;
  }
  for (let at = 0; at < own.length; at++) if (wanted[at] < 0) ranks[at] = Infinity;
  return ranks;
}

/** What is measured of one query. NaN where it is undefined. */
export interface QueryMetrics {
  /** Over the judged products; undefined where none has a gain. */
  readonly 'ndcg@10': number;
  /** Over the catalog, by the relevant products; undefined where there is none. What nobody judged counts as irrelevant. */
  readonly 'recall@10': number;
  readonly 'recall@100': number;
  readonly 'mrr@10': number;
}

export const METRICS = ['ndcg@10', 'recall@10', 'recall@100', 'mrr@10'] as const;

/**
 * The metrics of a query.
 *
 *     NDCG@10 = sum over the first 10 judged products of gain / log2(rank + 1), by that of the best order
 *
 * @param ranks of the judged products in the catalog
 * @param gains of them
 * @param relevant gain from which on a product is relevant
 */
export function metricsOf(ranks: Float64Array, gains: ArrayLike<number>, relevant: number): QueryMetrics {
  const order = Array.from(ranks.keys()).sort((a, b) => ranks[a] - ranks[b] || a - b);
  const best = Array.from(gains).sort((a, b) => b - a);
  let [gained, ideal] = [0, 0];
  for (let place = 0; place < Math.min(10, order.length); place++) {
    const discount = 1 / Math.log2(place + 2);
    if (ranks[order[place]] < Infinity) gained += gains[order[place]] * discount;
    ideal += best[place] * discount;
  }
  const wanted = ranks.filter((_, at) => gains[at] >= relevant);
  const within = (k: number) => wanted.filter((rank) => rank <= k).length / wanted.length;
  const first = wanted.reduce((a, b) => Math.min(a, b), Infinity);
  return {
    'ndcg@10': ideal > 0 ? gained / ideal : NaN,
    'recall@10': within(10),
    'recall@100': within(100),
    'mrr@10': wanted.length === 0 ? NaN : first <= 10 ? 1 / first : 0,
  };
}
