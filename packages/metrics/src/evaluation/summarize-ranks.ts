import { TowerkitError } from '../errors.js';
import { estimateDefined, type Estimate, type EstimateOptions } from '../statistics/estimate.js';
import { rankMetric, type MetricKey } from './metric-key.js';
import type { RankTable } from './rank-table.js';

/** What an evaluation reports when no metrics are named. */
export const DEFAULT_METRICS = ['hr@10', 'ndcg@10', 'hr@20'] as const;

/** Each metric's mean with its interval, and its value for each user. */
export interface RankSummary<K extends string = MetricKey> {
  readonly metrics: Record<K, Estimate>;
  /** Values aligned with the table's users, shape [n]; NaN for a user for whom the metric is undefined. */
  readonly perUser: Record<K, Float64Array>;
}

/** The rank below which nothing changes any of these metrics; with no metrics the ranks themselves are wanted, all. */
export function deepest(metrics: readonly string[]): number {
  return metrics.length === 0 ? Infinity : Math.max(...metrics.map((key) => rankMetric(key).depth));
}

/**
 * Metrics of a table of ranks: the mean over users (each user counts once, however many targets), with intervals. A user
 * for whom a metric is undefined, as AUC is where nothing but targets is ranked, is left out of that one and counted.
 *
 * @param table where each user's targets landed
 * @param metrics keys such as `hr@10`
 * @param options see {@link estimate}
 * @throws TowerkitError `NO_USERS`, `BAD_METRIC`, `BAD_K`, `BAD_OPTION`, `BAD_SEED`; `SHAPE_MISMATCH` when the table
 * lacks ranks that a metric needs; `NO_NEGATIVES` for a metric that is undefined for every user
 */
export function summarizeRanks<K extends MetricKey>(
  table: RankTable,
  metrics: readonly K[],
  options: EstimateOptions = {},
): RankSummary<K> {
  const { indptr, ranks, relevant, candidates, missed } = table;
  const n = table.users.length;
  const summary = { metrics: {} as Record<K, Estimate>, perUser: {} as Record<K, Float64Array> };
  for (const key of metrics) {
    const metric = rankMetric(key);
    const values = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const own = ranks.subarray(indptr[i], indptr[i + 1]);
      if (
        own.length + (missed?.[i] ?? 0) < relevant[i] &&
        !(own.length > 0 && own[own.length - 1] > metric.depth)
      )
        throw new TowerkitError(
          'SHAPE_MISMATCH',
          `user ${table.users[i]}: ranks that ${key} needs are missing`,
        );
      values[i] = metric.of(own, relevant[i], candidates[i]);
    }
    summary.perUser[key] = values;
    const estimate = estimateDefined(values, options);
    if (n > 0 && estimate.users === 0)
      throw new TowerkitError('NO_NEGATIVES', `${key} is undefined for each of the ${n} users`, {
        hint: `nothing is left to rank beside their targets; leave ${key} out of the metrics`,
        details: { metric: key },
      });
    summary.metrics[key] = estimate;
  }
  return summary;
}
