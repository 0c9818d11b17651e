import {
  evaluateFullRanking,
  isRatingMetric,
  type Estimate,
  type MetricKey,
  type RatingMetric,
  type Scorer,
} from '@towerkit/metrics';
import { idealScores } from '@towerkit/datasets';

import type { ResolvedConfig } from '../config/schema.js';
import type { Prepared } from '../data/prepare.js';
import { biasErrors, BIASES } from './rating-errors.js';

/** Metrics by name. */
export type Metrics = Readonly<Record<string, Estimate>>;

/** Scores every item by its number of training rows. */
export function popularityScorer(counts: ArrayLike<number>): Scorer {
  return (users, out) => users.forEach((_, row) => out.set(counts, row * counts.length));
}

/** The metrics of a ranking among those of a config. */
export const rankingMetrics = (metrics: readonly (MetricKey | RatingMetric)[]): MetricKey[] =>
  metrics.filter((metric): metric is MetricKey => !isRatingMetric(metric));

/**
 * On the validation targets: popularity and, for a generated shop, the ideal ranking; on the validation ratings, where ratings are
 * measured, the biases of users and items alone.
 */
export async function referenceScores(
  prepared: Prepared,
  config: ResolvedConfig,
): Promise<Record<string, Metrics>> {
  const { counts, histories, targets, log, split } = prepared;
  const ranked = rankingMetrics(config.metrics);
  const evaluate = async (scorer: Scorer) =>
    (
      await evaluateFullRanking<MetricKey>({
        items: log.items.size,
        histories,
        targets,
        scorer,
        metrics: ranked,
      })
    ).metrics;
  const ideal = idealScorer(prepared, config);
  return {
    ...(ranked.length > 0 && { popularity: await evaluate(popularityScorer(counts)) }),
    ...(ranked.length > 0 && ideal && { ideal: await evaluate(ideal) }),
    ...(ranked.length < config.metrics.length && {
      [BIASES]: biasErrors(histories, split.validation),
    }),
  };
}

/**
 * The generator's own probabilities, where the data is a whole generated shop: they hold for full histories only.
 */
function idealScorer(
  { dataset, log, histories }: Prepared,
  { data, split }: ResolvedConfig,
): Scorer | undefined {
  const shop = 'shop' in dataset ? dataset.shop : undefined;
  const whole =
    (split?.kind ?? 'leave-last-out') === 'leave-last-out' &&
    !data.kCore &&
    Object.keys(data.clean).length === 0;
  if (!shop || !whole || shop.items.some(({ id }, item) => log.items.nameOf(item) !== id)) return undefined;
  const items = shop.items.length;
  return (users, out) =>
    users.forEach((user, row) => {
      const buyer = shop.users.indexOf(log.users.nameOf(user))!;
      idealScores(shop, buyer, histories.row(user), out.subarray(row * items, (row + 1) * items));
    });
}
