import { requireRepeats, type OnProgress, type Repeats } from '@towerkit/core';
import { takeColumns } from '@towerkit/data';
import {
  evaluateFullRanking,
  evaluateSampled,
  type BlockScorer,
  type Evaluation,
  type FullRankingEvaluation,
  type MetricKey,
  type Scorer,
} from '@towerkit/metrics';
import type { OpenArtifact, SavedModel } from '@towerkit/recommend';

import { recipeOf } from '../config/recipe.js';
import { rankingScope } from '../data/ranking-scope.js';
import type { Questions } from './questions.js';
import { withVectorBlocks } from './ranking-blocks.js';
import { rankingMetrics } from './reference-scores.js';

/** Options of a ranking. */
export interface RankOptions {
  /**
   * What becomes of the items of a history: left out (`exclude`), ranked among all others (`allow`), or all that is ranked
   * (`only`). Default: the key `repeats` of the artifact's config, `exclude` if it has none.
   */
  readonly repeats?: Repeats;
  /** Only so many of the users, the same ones for the same seed of the artifact's recipe. */
  readonly sample?: number;
  /** Metrics to measure beside those of the artifact's config. */
  readonly metrics?: readonly MetricKey[];
  /** Also return the best so many items of each question, see `evaluateFullRanking`. Default: none. */
  readonly lists?: number;
  readonly onProgress?: OnProgress;
}

/**
 * Ranks every item for every question, histories removed, or what else is not ranked, unless `repeats` says otherwise.
 *
 * @param artifact that the questions are of: its item ids and metrics
 * @throws TowerkitError `BAD_OPTION`, `BAD_METRIC`, `BAD_K`; `NO_USERS` when no user has a target that is ranked
 */
export function rankQuestions(
  scorer: Scorer,
  artifact: OpenArtifact,
  questions: Questions,
  options: RankOptions & { readonly blocks?: BlockScorer } = {},
): Promise<FullRankingEvaluation> {
  const { lists, blocks } = options;
  return evaluateFullRanking<MetricKey>({
    ...asked(scorer, artifact, questions, options),
    ...(lists !== undefined && { lists }),
    ...(blocks && { blocks }),
  });
}

/**
 * {@link rankQuestions} by a model: a block of items at a time where its scores are products of vectors, which takes a fraction of
 * the time and gives the same metrics.
 *
 * @param model whose items are those of the artifact
 */
export function rankModel(
  model: SavedModel,
  artifact: OpenArtifact,
  questions: Questions,
  options: RankOptions = {},
): Promise<FullRankingEvaluation> {
  const scorer = modelScorer(model, questions);
  const { vectorScores: vectors } = model;
  if (!vectors) return rankQuestions(scorer, artifact, questions, options);
  const vectorsOf = async (rows: Int32Array) => vectors.users(...(await askedOf(model, questions, rows)));
  return withVectorBlocks(vectors.items, vectorsOf, artifact.counts, (blocks) =>
    rankQuestions(scorer, artifact, questions, { ...options, blocks }),
  );
}

/**
 * Ranks the targets of every question among a few items drawn uniformly, as papers of the field often do; see `evaluateSampled` of
 * `@towerkit/metrics` for what is wrong with it. The same questions get the same negatives, whatever the model.
 *
 * @param artifact that the questions are of: its item ids, metrics, and the seed of the negatives
 * @param negatives drawn for each question. Default 100
 * @throws TowerkitError as {@link rankQuestions}
 */
export function rankSampled(
  scorer: Scorer,
  artifact: OpenArtifact,
  questions: Questions,
  { negatives = 100, ...options }: RankOptions & { readonly negatives?: number } = {},
): Promise<Evaluation> {
  const { seed } = recipeOf(artifact);
  return evaluateSampled<MetricKey>({ ...asked(scorer, artifact, questions, options), negatives, seed });
}

/** What both ways of ranking are told. */
function asked(
  scorer: Scorer,
  artifact: OpenArtifact,
  questions: Questions,
  { sample, onProgress, metrics: more = [], ...options }: RankOptions,
) {
  const { metrics, seed } = recipeOf(artifact);
  const { targets, users, unknownUsers, on } = questions;
  const ranked = rankingMetrics([...new Set([...metrics, ...more])]);
  return {
    items: artifact.items.size,
    ...rankingScope(repeatsIn(artifact, options), questions),
    targets,
    users: [...users.keys(), ...new Array<number>(unknownUsers).fill(-1)],
    scorer,
    ...(ranked.length > 0 && { metrics: ranked }),
    unknownItems: on === 'file' ? ('miss' as const) : ('leave-out' as const),
    batchSize: 256,
    onProgress,
    ...(sample !== undefined && { sample: { users: sample, seed } }),
  };
}

/** What becomes of the items of the histories: as the options say, else as the artifact does. */
export const repeatsIn = (
  artifact: Pick<OpenArtifact, 'folder' | 'manifest'>,
  { repeats }: Pick<RankOptions, 'repeats'>,
): Repeats => requireRepeats(repeats ?? recipeOf(artifact).repeats);

/**
 * A model's scores for questions, each at its own moment where the model reads moments; what a question does not say of it is
 * not known: see {@link unknownMoment}.
 */
export function modelScorer(model: SavedModel, questions: Questions): Scorer {
  return async (rows, out) => {
    const [histories, users, said] = await askedOf(model, questions, rows);
    return model.score(histories, out, users, said);
  };
}

/** The histories and users of some questions, and what is said of their moments. */
async function askedOf(model: SavedModel, { histories, users, moments }: Questions, rows: Int32Array) {
  return [
    Array.from(rows, (row) => histories.row(row)),
    rows.map((row) => users[row]),
    moments && model.moments && (await model.moments.rows(takeColumns(moments, rows))),
  ] as const;
}

/**
 * The columns of the moment that a model reads and questions do not say: targets of a file say nothing of moments, and a
 * comparison asks at those that the first artifact knows. `undefined` where there are none.
 */
export function unknownMoment(
  { moments: reader }: SavedModel,
  { moments = {} }: Pick<Questions, 'moments'>,
): readonly string[] | undefined {
  const columns = Object.keys(reader?.columns ?? {}).filter((column) => !Object.hasOwn(moments, column));
  return columns.length > 0 ? columns : undefined;
}
