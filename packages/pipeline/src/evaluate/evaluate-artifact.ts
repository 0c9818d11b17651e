import type { Repeats } from '@towerkit/core';
import type { LeftOut, LeftOutTargets } from '@towerkit/metrics';
import type { OpenArtifact } from '@towerkit/recommend';

import { recipeOf } from '../config/recipe.js';
import type { UnknownTargets } from './file-targets.js';
import type { Questions } from './questions.js';
import { readQuestions, type QuestionOptions } from './read-questions.js';
import { heldBackErrors, type RatingErrors } from './rating-errors.js';
import { rankModel, rankQuestions, repeatsIn, unknownMoment, type RankOptions } from './rank-questions.js';
import { plainBlocks, plainScorers, rankingMetrics, type Metrics } from './reference-scores.js';
import { evaluateTargetRatings, type TargetRatings } from './target-ratings.js';
import { byTargetGroup, type ByGroup } from './target-groups.js';

/** Metrics of an artifact and of popularity on the same targets. */
export interface ArtifactEvaluation {
  /** Part that the targets are of. */
  readonly on: Questions['on'];
  /** Part that the model's epoch was chosen on, if any: metrics on the same targets are a little too high. */
  readonly chosenOn?: 'validation';
  /** What became of the items of the histories. */
  readonly repeats: Repeats;
  /** Users evaluated; where moments are known, targets, each of which is a question of its own: see {@link readQuestions}. */
  readonly users: number;
  /** Users who are not, by reason. */
  readonly leftOut: LeftOut;
  /** Targets that `repeats` leaves out, each item of a user once. */
  readonly leftOutTargets: LeftOutTargets;
  /** Rows of targets and histories whose item the artifact does not know: of a file that was given. */
  readonly unknownItems: Questions['unknownItems'];
  /** Users and items of a file of targets that the artifact does not know; absent for its own targets. */
  readonly unknown?: UnknownTargets;
  /**
   * Columns of the moment that the model reads and the targets do not say: they were not known when it was asked, and its figures
   * are those of such questions. Absent where all are said.
   */
  readonly unknownMoment?: readonly string[];
  /** Errors of predicted ratings, where a file of targets has ratings and the model predicts them. */
  readonly ratings?: TargetRatings;
  /** A user for whom a metric is undefined is left out of it and counted as its `undefinedFor`. */
  readonly metrics: Metrics;
  /** Popularity and, unless repeats are excluded, that of the user's own items, on the same targets. */
  readonly baselines: Readonly<Record<string, Metrics>>;
  /** The model's metrics by training rows of the targets. */
  readonly groups: ByGroup<Metrics>;
}

/**
 * Evaluates an artifact, and popularity beside it: every item is ranked for every user, the user's history removed unless
 * `repeats` says otherwise. Targets of a file are asked for after everything that is known of their users; an item of it
 * that the artifact does not know is a target that is missed. A model of ratings is also measured on the artifact's own ratings
 * that were held back, by `rmse` and `mae`; if the metrics of its recipe are of ratings alone, nothing is ranked.
 *
 * Where the artifact knows the moments of its targets, each target is asked for at its own moment, and metrics are means over
 * targets instead of users. Targets of a file, and ratings, are asked for at a moment of which nothing is known. With
 * `questions: 'rolling'` in the artifact's config each target is asked for after the user's targets before it, those of a file at
 * the moments of their rows.
 *
 * @throws TowerkitError `NO_TARGETS`, `NO_OVERLAP`; `BAD_OPTION`, `BAD_METRIC`; `NO_USERS` when no user has a target that is
 *   ranked; what reading targets throws
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
  const { file } = questions;
  const repeats = repeatsIn(artifact, options);
  const ratings = file && (await evaluateTargetRatings(artifact, file));
  const errors = await heldBackErrors(artifact, options);
  const wanted = [...recipeOf(artifact).metrics, ...(options.metrics ?? [])];
  if ((errors ?? ratings) && rankingMetrics(wanted).length === 0)
    return ofRatings({ errors, ratings }, questions, artifact, repeats);
  const unsaid = unknownMoment(artifact.model, questions);
  const own = await rankModel(artifact.model, artifact, questions, options);
  const baselines: Record<string, Metrics> = {};
  for (const [name, scorer] of Object.entries(plainScorers(repeats, questions.histories, artifact.counts)))
    baselines[name] = (
      await rankQuestions(scorer, artifact, questions, { ...options, ...plainBlocks(name, artifact.counts) })
    ).metrics;
  return {
    on: questions.on,
    ...(isChosen(artifact) && { chosenOn: 'validation' }),
    repeats,
    users: own.users.length,
    leftOut: own.leftOut,
    leftOutTargets: own.leftOutTargets,
    unknownItems: questions.unknownItems,
    ...(file && { unknown: file.unknown }),
    ...(unsaid && { unknownMoment: unsaid }),
    ...(ratings && { ratings }),
    metrics: { ...own.metrics, ...errors },
    baselines,
    groups: Object.fromEntries(
      Object.entries(byTargetGroup(own, artifact, questions)).map(([group, { metrics }]) => [group, metrics]),
    ),
  };
}

/** Of a model whose recipe measures ratings alone. */
const ofRatings = (
  { errors, ratings }: { readonly errors?: RatingErrors; readonly ratings?: TargetRatings },
  { on, unknownItems, users, file }: Questions,
  artifact: OpenArtifact,
  repeats: Repeats,
  unsaid = unknownMoment(artifact.model, {}), // ratings are asked for at no moment
): ArtifactEvaluation => ({
  on,
  ...(isChosen(artifact) && { chosenOn: 'validation' }),
  repeats,
  users: errors?.rmse.users ?? users.length,
  leftOut: { repeat: 0, newItem: 0, unknownUser: 0, unknownItem: 0, noTarget: 0 },
  leftOutTargets: { repeat: 0, newItem: 0 },
  unknownItems,
  ...(file && { unknown: file.unknown }),
  ...(unsaid && { unknownMoment: unsaid }),
  ...(ratings && { ratings }),
  metrics: { ...errors },
  baselines: {},
  groups: {},
});

/** Whether the epoch of the model was chosen on the validation targets. */
const isChosen = ({ manifest: { model, recipe } }: OpenArtifact): boolean =>
  model.epochs !== undefined && recipe.earlyStopping !== false;
