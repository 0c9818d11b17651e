import { evaluateFullRanking, type Estimate, type MetricKey, type Scorer } from '@towerkit/metrics';
import { idealScores } from '@towerkit/datasets';

import type { ResolvedConfig } from '../config/schema.js';
import type { Prepared } from '../data/prepare.js';
import { validationQuestions } from '../data/validation-questions.js';

/** Metrics by name. */
export type Metrics = Readonly<Record<string, Estimate>>;

/** Scores every item by its number of training rows. */
export function popularityScorer(counts: ArrayLike<number>): Scorer {
  return (users, out) => users.forEach((_, row) => out.set(counts, row * counts.length));
}

/** Popularity, and for a generated shop the ideal ranking, on the validation targets, asked as {@link validationQuestions} does. */
export async function referenceScores(
  prepared: Prepared,
  config: ResolvedConfig,
): Promise<Record<string, Metrics>> {
  const { counts, log } = prepared;
  const { leftOut, targets, users } = validationQuestions(prepared);
  const evaluate = async (scorer: Scorer) =>
    (
      await evaluateFullRanking<MetricKey>({
        items: log.items.size,
        histories: leftOut,
        targets,
        scorer,
        metrics: config.metrics,
      })
    ).metrics;
  const ideal = idealScorer(prepared, config, users);
  return {
    popularity: await evaluate(popularityScorer(counts)),
    ...(ideal && { ideal: await evaluate(ideal) }),
  };
}

/**
 * The generator's own probabilities, where the data is a whole generated shop: they hold for full histories only.
 */
function idealScorer(
  { dataset, log, histories, feedback }: Prepared,
  { data, split }: ResolvedConfig,
  users: Int32Array | undefined,
): Scorer | undefined {
  const shop = 'shop' in dataset ? dataset.shop : undefined;
  const whole =
    (split?.kind ?? 'leave-last-out') === 'leave-last-out' &&
    !data.kCore &&
    !feedback &&
    Object.keys(data.clean).length === 0;
  if (!shop || !whole || shop.items.some(({ id }, item) => log.items.nameOf(item) !== id)) return undefined;
  const items = shop.items.length;
  return (questions, out) =>
    questions.forEach((question, row) => {
      const user = users ? users[question] : question;
      const buyer = shop.users.indexOf(log.users.nameOf(user))!;
      idealScores(shop, buyer, histories.row(user), out.subarray(row * items, (row + 1) * items));
    });
}
