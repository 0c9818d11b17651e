import type { OnProgress } from '@towerkit/core';
import {
  evaluateFullRanking,
  type FullRankingEvaluation,
  type MetricKey,
  type Scorer,
} from '@towerkit/metrics';

import { popularityScorer, type Metrics } from '../pipeline/baselines.js';
import type { OpenArtifact, SavedModel } from './open.js';
import type { Questions } from './questions.js';
import { byTargetGroup, type ByGroup } from './target-groups.js';

/** How an artifact and the baselines did on the same questions. */
export interface Verdict {
  /** Users evaluated. */
  readonly users: number;
  readonly leftOut: { readonly repeat: number; readonly unknownUser: number; readonly unknownItem: number };
  readonly metrics: Metrics;
  readonly baselines: Readonly<Record<string, Metrics>>;
  /** The model's metrics by how often the targets stand in training. */
  readonly groups: ByGroup<Metrics>;
}

const SAMPLE_SEED = 1;

/** How a ranking is made. */
export interface JudgeOptions {
  /** Only so many of the users, always the same ones. */
  readonly sample?: number;
  readonly onProgress?: OnProgress;
}

/**
 * Ranks every item for every question, histories removed.
 *
 * @param artifact whose questions they are: its item ids and metrics
 */
export const rank = (
  scorer: Scorer,
  { items, config }: Pick<OpenArtifact, 'items' | 'config'>,
  { histories, targets, users, unknownUsers }: Questions,
  { sample, onProgress }: JudgeOptions = {},
): Promise<FullRankingEvaluation> =>
  evaluateFullRanking<MetricKey>({
    items: items.size,
    histories,
    targets,
    users: [...users.keys(), ...new Array<number>(unknownUsers).fill(-1)],
    scorer,
    metrics: config.metrics,
    batchSize: 256,
    onProgress,
    ...(sample !== undefined && { sample: { users: sample, seed: SAMPLE_SEED } }),
  });

/** A model's scores for questions. */
export const modelScorer =
  (model: SavedModel, { histories, users }: Questions): Scorer =>
  (rows, out) =>
    model.score(
      Array.from(rows, (row) => histories.row(row)),
      out,
      rows.map((row) => users[row]),
    );

/** Judges an artifact, and popularity beside it. */
export async function judge(
  artifact: OpenArtifact,
  questions: Questions,
  options: JudgeOptions = {},
): Promise<Verdict> {
  const own = await rank(modelScorer(artifact.model, questions), artifact, questions, options);
  const popularity = await rank(popularityScorer(artifact.counts), artifact, questions, options);
  return {
    users: own.users.length,
    leftOut: own.leftOut,
    metrics: own.metrics,
    baselines: { popularity: popularity.metrics },
    groups: Object.fromEntries(
      Object.entries(byTargetGroup(own, artifact, questions)).map(([group, { metrics }]) => [group, metrics]),
    ),
  };
}
