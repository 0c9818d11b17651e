import type { OnProgress } from '@towerkit/core';
import {
  evaluateFullRanking,
  type FullRankingEvaluation,
  type MetricKey,
  type Scorer,
} from '@towerkit/metrics';
import type { OpenArtifact, SavedModel } from '@towerkit/recommend';

import { recipeOf } from '../config/recipe.js';
import { readQuestions, type QuestionOptions, type Questions } from './questions.js';
import { heldBackErrors, type RatingErrors } from './rating-errors.js';
import { popularityScorer, rankingMetrics, type Metrics } from './reference-scores.js';
import { byTargetGroup, type ByGroup } from './target-groups.js';

/** Metrics of an artifact and of popularity on the same targets. */
export interface ArtifactEvaluation {
  /** Part that the targets are of. */
  readonly on: Questions['on'];
  /** Part that the model's epoch was chosen on, if any: metrics on the same targets are a little too high. */
  readonly chosenOn?: 'validation';
  /** Users evaluated. */
  readonly users: number;
  readonly leftOut: { readonly repeat: number; readonly unknownUser: number; readonly unknownItem: number };
  /** Rows of targets and histories whose item the artifact does not know: of a file that was given. */
  readonly unknownItems: Questions['unknownItems'];
  /** A user for whom a metric is undefined is left out of it and counted as its `undefinedFor`. */
  readonly metrics: Metrics;
  readonly baselines: Readonly<Record<string, Metrics>>;
  /** The model's metrics by training rows of the targets. */
  readonly groups: ByGroup<Metrics>;
}

/** Options of a ranking. */
export interface RankOptions {
  /** Only so many of the users, the same ones for the same seed of the artifact's recipe. */
  readonly sample?: number;
  readonly onProgress?: OnProgress;
}

/**
 * Ranks every item for every question, histories removed.
 *
 * @param artifact that the questions are of: its item ids and metrics
 */
export function rankQuestions(
  scorer: Scorer,
  artifact: OpenArtifact,
  { histories, targets, users, unknownUsers }: Questions,
  { sample, onProgress }: RankOptions = {},
): Promise<FullRankingEvaluation> {
  const { metrics, seed } = recipeOf(artifact);
  const ranked = rankingMetrics(metrics);
  return evaluateFullRanking<MetricKey>({
    items: artifact.items.size,
    histories,
    targets,
    users: [...users.keys(), ...new Array<number>(unknownUsers).fill(-1)],
    scorer,
    ...(ranked.length > 0 && { metrics: ranked }),
    batchSize: 256,
    onProgress,
    ...(sample !== undefined && { sample: { users: sample, seed } }),
  });
}

/** A model's scores for questions. */
export const modelScorer =
  (model: SavedModel, { histories, users }: Questions): Scorer =>
  (rows, out) =>
    model.score(
      Array.from(rows, (row) => histories.row(row)),
      out,
      rows.map((row) => users[row]),
    );

/**
 * Evaluates an artifact, and popularity beside it: every item is ranked for every user, the user's history removed. A model of
 * ratings is also measured on the artifact's own ratings that were held back, by `rmse` and `mae`; if the metrics of its recipe are
 * of ratings alone, nothing is ranked.
 *
 * @throws TowerkitError `NO_TARGETS`; what reading targets throws
 * @example
 * ```ts
 * const artifact = await openArtifact('artifacts/shop');
 * const { metrics } = await evaluateArtifact(artifact, { on: 'validation' });
 * ```
 */
export async function evaluateArtifact(
  artifact: OpenArtifact,
  options: QuestionOptions & RankOptions = {},
): Promise<ArtifactEvaluation> {
  const questions = await readQuestions(artifact, options);
  const ratings = await heldBackErrors(artifact, options);
  const { metrics } = recipeOf(artifact);
  if (ratings && rankingMetrics(metrics).length === 0) return ofRatings(ratings, questions, artifact);
  const own = await rankQuestions(modelScorer(artifact.model, questions), artifact, questions, options);
  const popularity = await rankQuestions(popularityScorer(artifact.counts), artifact, questions, options);
  return {
    on: questions.on,
    ...(isChosen(artifact) && { chosenOn: 'validation' }),
    users: own.users.length,
    leftOut: own.leftOut,
    unknownItems: questions.unknownItems,
    metrics: { ...own.metrics, ...ratings },
    baselines: { popularity: popularity.metrics },
    groups: Object.fromEntries(
      Object.entries(byTargetGroup(own, artifact, questions)).map(([group, { metrics }]) => [group, metrics]),
    ),
  };
}

/** Of a model whose recipe measures ratings alone. */
const ofRatings = (
  metrics: RatingErrors,
  { on, unknownItems }: Questions,
  artifact: OpenArtifact,
): ArtifactEvaluation => ({
  on,
  ...(isChosen(artifact) && { chosenOn: 'validation' }),
  users: metrics.rmse.users,
  leftOut: { repeat: 0, unknownUser: 0, unknownItem: 0 },
  unknownItems,
  metrics,
  baselines: {},
  groups: {},
});

/** Whether the epoch of the model was chosen on the validation targets. */
const isChosen = ({ manifest: { model, recipe } }: OpenArtifact): boolean =>
  model.epochs !== undefined && recipe.earlyStopping !== false;
