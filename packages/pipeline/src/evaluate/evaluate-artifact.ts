import type { OnProgress } from '@towerkit/core';
import { takeColumns } from '@towerkit/data';
import {
  evaluateFullRanking,
  type FullRankingEvaluation,
  type MetricKey,
  type Scorer,
} from '@towerkit/metrics';
import type { OpenArtifact, SavedModel } from '@towerkit/recommend';

import { recipeOf } from '../config/recipe.js';
import { TowerkitError } from '../errors.js';
import { readQuestions, type QuestionOptions, type Questions } from './questions.js';
import { popularityScorer, type Metrics } from './reference-scores.js';
import { byTargetGroup, type ByGroup } from './target-groups.js';

/** Metrics of an artifact and of popularity on the same targets. */
export interface ArtifactEvaluation {
  /** Part that the targets are of. */
  readonly on: Questions['on'];
  /** Part that the model's epoch was chosen on, if any: metrics on the same targets are a little too high. */
  readonly chosenOn?: 'validation';
  /** Users evaluated; where moments are known, targets, each of which is a question of its own: see {@link readQuestions}. */
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
 * Ranks every item for every question, histories removed, or what else is not ranked.
 *
 * @param artifact that the questions are of: its item ids and metrics
 */
export function rankQuestions(
  scorer: Scorer,
  artifact: OpenArtifact,
  { histories, leftOut = histories, targets, users, unknownUsers }: Questions,
  { sample, onProgress }: RankOptions = {},
): Promise<FullRankingEvaluation> {
  const { metrics, seed } = recipeOf(artifact);
  return evaluateFullRanking<MetricKey>({
    items: artifact.items.size,
    histories: leftOut,
    targets,
    users: [...users.keys(), ...new Array<number>(unknownUsers).fill(-1)],
    scorer,
    metrics,
    batchSize: 256,
    onProgress,
    ...(sample !== undefined && { sample: { users: sample, seed } }),
  });
}

/**
 * A model's scores for questions, each at its own moment where the model reads moments.
 *
 * @throws TowerkitError `MISSING_CONTEXT` for a model that reads moments, and questions that say none
 */
export function modelScorer(model: SavedModel, { on, histories, users, moments }: Questions): Scorer {
  if (model.moments && !moments)
    throw new TowerkitError(
      'MISSING_CONTEXT',
      `the model reads ${Object.keys(model.moments.columns).join(', ')} of the moment, which the ${on === 'file' ? 'targets of the file' : `${on} targets`} do not say`,
      { hint: 'evaluate it on its own targets; compare it as the first of the artifacts' },
    );
  return async (rows, out) =>
    model.score(
      Array.from(rows, (row) => histories.row(row)),
      out,
      rows.map((row) => users[row]),
      model.moments && (await model.moments.rows(takeColumns(moments!, rows))),
    );
}

/**
 * Evaluates an artifact, and popularity beside it: every item is ranked for every user, the user's history removed.
 *
 * Where the artifact knows the moments of its targets, each target is asked for at its own moment, and metrics are means over
 * targets instead of users.
 *
 * @throws TowerkitError `NO_TARGETS`; `MISSING_CONTEXT` for a model that reads moments and targets of a file; what reading
 *   targets throws
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
  const own = await rankQuestions(modelScorer(artifact.model, questions), artifact, questions, options);
  const popularity = await rankQuestions(popularityScorer(artifact.counts), artifact, questions, options);
  return {
    on: questions.on,
    ...(isChosen(artifact) && { chosenOn: 'validation' }),
    users: own.users.length,
    leftOut: own.leftOut,
    unknownItems: questions.unknownItems,
    metrics: own.metrics,
    baselines: { popularity: popularity.metrics },
    groups: Object.fromEntries(
      Object.entries(byTargetGroup(own, artifact, questions)).map(([group, { metrics }]) => [group, metrics]),
    ),
  };
}

/** Whether the epoch of the model was chosen on the validation targets. */
const isChosen = ({ manifest: { model, recipe } }: OpenArtifact): boolean =>
  model.epochs !== undefined && recipe.earlyStopping !== false;
