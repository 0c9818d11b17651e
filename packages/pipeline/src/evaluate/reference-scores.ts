import { PersonalPopularity } from '@towerkit/baselines';
import type { CsrMatrix, Repeats } from '@towerkit/core';
import {
  evaluateFullRanking,
  isRatingMetric,
  type BlockScorer,
  type Estimate,
  type MetricKey,
  type RatingMetric,
  type Scorer,
} from '@towerkit/metrics';
import { idealScores } from '@towerkit/datasets';

import type { ResolvedConfig } from '../config/schema.js';
import type { Prepared } from '../data/prepare.js';
import { validationQuestions } from '../data/validation-questions.js';
import { popularityBlocks } from './ranking-blocks.js';
import { biasErrors, BIASES } from './rating-errors.js';

/** Metrics by name. */
export type Metrics = Readonly<Record<string, Estimate>>;

/** Scores every item by its number of training rows. */
export function popularityScorer(counts: ArrayLike<number>): Scorer {
  return (users, out) => users.forEach((_, row) => out.set(counts, row * counts.length));
}

/**
 * Scores every item by how often the user had it, then by its number of training rows, as `PersonalPopularity` does.
 *
 * @param histories rows as the scorer is asked for them
 */
export function personalPopularityScorer(histories: CsrMatrix, counts: ArrayLike<number>): Scorer {
  const model = PersonalPopularity.of(counts);
  return (users, out) =>
    model.score(
      Array.from(users, (user) => histories.row(user)),
      out,
    );
}

/** What a model is compared with where nothing else is: popularity and, where repeats count, the user's own. */
export const plainScorers = (
  repeats: Repeats,
  histories: CsrMatrix,
  counts: ArrayLike<number>,
): Readonly<Record<string, Scorer>> => ({
  popularity: popularityScorer(counts),
  ...(repeats !== 'exclude' && { 'personal-popularity': personalPopularityScorer(histories, counts) }),
});

/** The blocks of a scorer of {@link plainScorers}, where it has any. */
export const plainBlocks = (name: string, counts: ArrayLike<number>): { readonly blocks?: BlockScorer } =>
  name === 'popularity' ? { blocks: popularityBlocks(counts) } : {};

/** The metrics of a ranking among those of a config. */
export const rankingMetrics = (metrics: readonly (MetricKey | RatingMetric)[]): MetricKey[] =>
  metrics.filter((metric): metric is MetricKey => !isRatingMetric(metric));

/**
 * On the validation targets, asked as `validationQuestions` does: popularity, for repeats that of the user's own items, and
 * for a generated shop the ideal ranking; on the validation ratings, where ratings are measured, the biases of users and items alone.
 */
export async function referenceScores(
  prepared: Prepared,
  config: ResolvedConfig,
): Promise<Record<string, Metrics>> {
  const { counts, log, split } = prepared;
  const { histories, scope, targets, users } = validationQuestions(prepared, config);
  const metrics = rankingMetrics(config.metrics);
  const evaluate = async (scorer: Scorer, name: string) =>
    (
      await evaluateFullRanking<MetricKey>({
        items: log.items.size,
        ...scope,
        ...{ targets, scorer, metrics },
        ...plainBlocks(name, counts),
      })
    ).metrics;
  const ideal = await idealScorer(prepared, config, users);
  const scorers =
    metrics.length > 0 ? { ...plainScorers(config.repeats, histories, counts), ...(ideal && { ideal }) } : {};
  const scores: Record<string, Metrics> = {};
  for (const [name, scorer] of Object.entries(scorers)) scores[name] = await evaluate(scorer, name);
  const biases =
    metrics.length < config.metrics.length ? biasErrors(split.train, split.validation) : undefined;
  if (biases) scores[BIASES] = biases;
  return scores;
}

/**
 * The generator's own probabilities, where the data is a whole generated shop: they hold for full histories only.
 */
async function idealScorer(
  { dataset, log, histories, feedback }: Prepared,
  { data, split }: ResolvedConfig,
  users: Int32Array | undefined,
): Promise<Scorer | undefined> {
  const whole =
    (split?.kind ?? 'leave-last-out') === 'leave-last-out' &&
    !data.kCore &&
    !feedback &&
    Object.keys(data.clean).length === 0;
  const shop = whole && 'shop' in dataset ? await dataset.shop?.() : undefined;
  if (!shop || shop.items.some(({ id }, item) => log.items.nameOf(item) !== id)) return undefined;
  const items = shop.items.length;
  return (questions, out) =>
    questions.forEach((question, row) => {
      const user = users ? users[question] : question;
      const buyer = shop.users.indexOf(log.users.nameOf(user))!;
      idealScores(shop, buyer, histories.row(user), out.subarray(row * items, (row + 1) * items));
    });
}
