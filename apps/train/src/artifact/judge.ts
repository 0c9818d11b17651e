import type { OnProgress } from '@towerkit/core';
import { evaluateFullRanking, type MetricKey, type Scorer } from '@towerkit/metrics';

import { popularityScorer, type Metrics } from '../pipeline/baselines.js';
import type { OpenArtifact } from './open.js';
import type { Questions } from './questions.js';

/** How an artifact and the baselines did on the same questions. */
export interface Verdict {
  /** Users evaluated. */
  readonly users: number;
  readonly leftOut: { readonly repeat: number; readonly unknownUser: number; readonly unknownItem: number };
  readonly metrics: Metrics;
  readonly baselines: Readonly<Record<string, Metrics>>;
}

const SAMPLE_SEED = 1;

/** Ranks every item for every question, histories removed, by the model and by popularity. */
export async function judge(
  { model, counts, items, config }: OpenArtifact,
  { histories, targets, users, unknownUsers }: Questions,
  { sample, onProgress }: { sample?: number; onProgress?: OnProgress } = {},
): Promise<Verdict> {
  const rank = (scorer: Scorer) =>
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
  const tower = await rank((rows, out) =>
    model.score(
      Array.from(rows, (row) => histories.row(row)),
      out,
      rows.map((row) => users[row]),
    ),
  );
  const popularity = await rank(popularityScorer(counts));
  return {
    users: tower.users.length,
    leftOut: tower.leftOut,
    metrics: tower.metrics,
    baselines: { popularity: popularity.metrics },
  };
}
