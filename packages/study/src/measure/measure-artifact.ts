import type { OnProgress } from '@towerkit/core';
import {
  coverage,
  evaluateRatings,
  exposure,
  gini,
  novelty,
  type Estimate,
  type FullRankingEvaluation,
  type MetricKey,
  type RatingEstimate,
} from '@towerkit/metrics';
import {
  heldBackPredictions,
  modelScorer,
  rankQuestions,
  rankSampled,
  type CurvePoint,
  type GateSummary,
  type Questions,
} from '@towerkit/pipeline';
import type { OpenArtifact } from '@towerkit/recommend';

import { calibration, type CalibrationBin } from './calibration.js';
import { coldStart, type ColdStart, type ColdStartUsers } from './cold-start.js';
import { byHistoryLength, byItemRarity, type GroupFigures } from './groups.js';
import { itemMap, type ItemMap } from './item-map.js';
import { indexRecall, type IndexRecall } from './index-recall.js';

/** Items of a list whose coverage, Gini index and novelty are measured. */
export const LIST = 10;
/** What is measured of every artifact, beside the metrics of its config. */
export const METRICS = ['hr@10', 'ndcg@10', 'hr@20'] as const satisfies readonly MetricKey[];
/** Drawn for each user in the sampled ranking. */
export const NEGATIVES = 100;

/** What all artifacts of a report are asked. */
export interface Asked {
  /** The artifact that the questions are of. */
  readonly first: OpenArtifact;
  readonly questions: Questions;
  /** Users to ask. */
  readonly sample: number;
  readonly cold?: ColdStartUsers;
}

/** All that a report says of one artifact. */
export interface Measured {
  readonly folder: string;
  readonly kind: string;
  readonly seed: number;
  readonly evaluation: FullRankingEvaluation;
  /** By metric, each target among 100 negatives. */
  readonly sampled: Readonly<Record<string, Estimate>>;
  readonly byLength: readonly GroupFigures[];
  readonly byRarity: readonly GroupFigures[];
  /** Of the best ten of every user that was asked. */
  readonly lists: { readonly coverage: number; readonly gini: number; readonly novelty: number };
  readonly ratings?: {
    readonly rmse: RatingEstimate;
    readonly mae: RatingEstimate;
    readonly calibration: readonly CalibrationBin[];
  };
  readonly cold?: ColdStart;
  readonly gates?: GateSummary;
  readonly curve?: readonly CurvePoint[];
  readonly index: IndexRecall;
  readonly cost: Cost;
  readonly map?: ItemMap;
}

/** What an artifact took to make, and what it takes. */
export interface Cost {
  /** Absent for artifacts that do not say. */
  readonly fitSeconds?: number;
  readonly peakMemoryBytes?: number;
  /** Of all its files. */
  readonly bytes: number;
  /** Milliseconds to score every item for one user, in batches. */
  readonly scoreMs: number;
}

/**
 * Measures an artifact on the questions of a report.
 *
 * @throws TowerkitError what ranking throws
 */
export async function measureArtifact(
  artifact: OpenArtifact,
  { first, questions, sample, cold }: Asked,
  onProgress?: OnProgress,
): Promise<Measured> {
  const { folder, manifest, model, counts } = artifact;
  const metrics = metricsOf(first);
  const timed = timer(modelScorer(model, questions));
  const options = { metrics, sample, onProgress };
  const evaluation = await rankQuestions(timed.scorer, first, questions, { ...options, lists: LIST });
  const sampled = await rankSampled(timed.scorer, first, questions, { ...options, negatives: NEGATIVES });
  const lists = evaluation.lists!;
  const { fitSeconds, peakMemoryBytes, gates, curve } = manifest.model as Facts;
  return {
    folder,
    kind: model.kind,
    seed: Number(manifest.recipe.seed ?? 0),
    evaluation,
    sampled: sampled.metrics,
    byLength: byHistoryLength(evaluation, questions),
    byRarity: byItemRarity(evaluation, questions, first.counts),
    lists: {
      coverage: coverage(lists, first.items.size),
      gini: gini(exposure(lists, first.items.size)),
      novelty: novelty(
        lists,
        counts.map((count) => Math.min(count, first.users.size)),
        first.users.size,
      ),
    },
    ...(await ratingsOf(artifact, questions.on)),
    ...(cold && { cold: await coldStart(artifact, first, cold) }),
    ...(gates && { gates }),
    ...(curve && { curve }),
    index: await indexRecall(artifact, questions),
    cost: {
      ...(fitSeconds !== undefined && { fitSeconds }),
      ...(peakMemoryBytes !== undefined && { peakMemoryBytes }),
      bytes: Object.values(manifest.files).reduce((sum, { bytes }) => sum + bytes, 0),
      scoreMs: timed.milliseconds(),
    },
    ...mapOf(artifact),
  };
}

/** Facts of a manifest that a report shows; written by `@towerkit/pipeline`. */
interface Facts {
  readonly fitSeconds?: number;
  readonly peakMemoryBytes?: number;
  readonly gates?: GateSummary;
  readonly curve?: readonly CurvePoint[];
}

const metricsOf = ({ manifest }: OpenArtifact): MetricKey[] => {
  const own = (manifest.recipe.metrics ?? []) as readonly string[];
  const ranking = own.filter((metric): metric is MetricKey => metric !== 'rmse' && metric !== 'mae');
  return [...new Set<MetricKey>([...METRICS, ...ranking])];
};

function timer(scorer: ReturnType<typeof modelScorer>) {
  let [spent, users] = [0, 0];
  return {
    scorer: async (rows: Int32Array, out: Float32Array) => {
      const started = performance.now();
      await scorer(rows, out);
      spent += performance.now() - started;
      users += rows.length;
    },
    milliseconds: () => spent / users,
  };
}

async function ratingsOf(artifact: OpenArtifact, on: Questions['on']): Promise<Pick<Measured, 'ratings'>> {
  const found = on === 'file' ? undefined : await heldBackPredictions(artifact, { on });
  if (!found) return {};
  const { predicted, actual, users } = found;
  return {
    ratings: {
      ...evaluateRatings({ predicted, actual, users }),
      calibration: calibration(predicted, actual),
    },
  };
}

function mapOf(artifact: OpenArtifact): Pick<Measured, 'map'> {
  const map = itemMap(artifact);
  return map ? { map } : {};
}
