import { holdArtifact, saveArtifact } from '@towerkit/artifact';
import type { OnProgress } from '@towerkit/core';
import { splitBy } from '@towerkit/data';
import { createEngine } from '@towerkit/engine';
import { textPlaces } from '@towerkit/features';
import type { HybridConfig } from '@towerkit/hybrid';
import {
  evaluateHybrid,
  fitHybrid,
  holdBack,
  hybridFacts,
  readReviews,
  Stages,
  temporalFolds,
  writeHybridFiles,
  type FittedHybrid,
  type HybridEvaluation,
  type HybridOptions,
  type Reviews,
  type RowSplit,
  type StageReport,
} from '@towerkit/hybrid/fit';
import { join } from 'node:path';

import type { ResolvedConfig } from './config/schema.js';
import type { LocatedDataset } from './data/locate-dataset.js';
import { contentsOf } from './save/contents.js';

/** A config with the key `hybrid`. */
export type HybridRun = ResolvedConfig & { readonly hybrid: HybridConfig };

/** Options of {@link trainHybrid}. */
export interface TrainHybridOptions {
  /** Folder of local text models; the hub when absent. */
  readonly models?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  readonly onStage?: (report: StageReport) => void;
  /** Called once the reviews are read. */
  readonly onReviews?: (reviews: Reviews) => void;
}

/** A trained hybrid's figures; the model is in the artifact. */
export interface TrainedHybrid extends HybridEvaluation {
  readonly reviews: Reviews;
  /** Weights of the rating network. */
  readonly parameters: number;
  /** How much earlier ratings of a user count in the prediction. */
  readonly memory: FittedHybrid['recommender']['parts']['memoryWeights'];
  /** Evaluations of temporal cross-validation, where the config asks for it. */
  readonly folds?: readonly HybridEvaluation[];
  readonly stages: readonly StageReport[];
}

/**
 * Trains a hybrid: reads and cleans, encodes, fits, evaluates and saves. The result of every stage is kept in
 * `<artifact>.stages` for the next run.
 *
 * @param artifact the folder that the artifact is written to; no other process writes it or the stages meanwhile
 * @throws TowerkitError `LOCKED` while another process writes the artifact; `FOLDER_IN_USE` for a folder with other files than
 *   an artifact's; what reading and fitting throw; the signal's reason when it was stopped
 */
export function trainHybrid(
  dataset: LocatedDataset,
  config: HybridRun,
  artifact: string,
  options: TrainHybridOptions = {},
): Promise<TrainedHybrid> {
  return holdArtifact(artifact, () => train(dataset, config, artifact, options));
}

async function train(
  dataset: LocatedDataset,
  config: HybridRun,
  artifact: string,
  { models, signal, onProgress, onStage, onReviews }: TrainHybridOptions,
): Promise<TrainedHybrid> {
  const { hybrid, seed, threads } = config;
  const stages = new Stages(`${artifact}.stages`, onStage);
  let fitted: FittedHybrid | undefined;
  const engine = await createEngine({
    kind: config.engine,
    threads,
    executionProviders: config.executionProviders,
  });
  try {
    const reviews = await stages.run('reading and cleaning', () =>
      readReviews(dataset, hybrid, { onBadRow: config.data.onBadRow, seed }, onProgress),
    );
    onReviews?.(reviews);
    const options: HybridOptions = {
      ...{ hybrid, seed, threads, engine, stages, onProgress, signal },
      places: textPlaces(artifact, { models }),
    };
    const split = holdBack(reviews.order, hybrid.heldBack);
    fitted = await fitHybrid(reviews, split, options);
    const made = fitted;
    const evaluation = await stages.run('evaluating', () =>
      evaluateHybrid(reviews, split, made, { seed, sample: hybrid.ranked }),
    );
    await stages.run('saving', () => save(artifact, dataset, config, reviews, split, made, evaluation));
    const folds = hybrid.folds > 0 ? await crossValidate(reviews, options, artifact) : undefined;
    return {
      ...evaluation,
      reviews,
      parameters: made.networks.rating.parameters,
      memory: made.recommender.parts.memoryWeights,
      ...(folds && { folds }),
      stages: stages.reports,
    };
  } finally {
    await fitted?.recommender.dispose();
    await engine.dispose();
  }
}

/** The artifact: what every model has, and the hybrid's own files. */
async function save(
  artifact: string,
  dataset: LocatedDataset,
  config: HybridRun,
  reviews: Reviews,
  { test }: RowSplit,
  fitted: FittedHybrid,
  { ranking, ratings }: HybridEvaluation,
): Promise<void> {
  const { log, catalog, names, fingerprint } = reviews;
  const part = new Uint8Array(log.user.length);
  for (const row of test) part[row] = 1;
  const { hybrid: own, ...others } = ranking.groups.all ?? {};
  const metrics = (result: typeof own) => ({ ...result?.metrics });
  await saveArtifact(artifact, {
    ...contentsOf({ dataset, log, catalog, split: splitBy(log, part), fingerprint }, config),
    kind: 'hybrid',
    model: { ...hybridFacts(fitted, reviews, config.hybrid), ratings, refit: false },
    write: (into) => writeHybridFiles(into, fitted, reviews),
    metrics: metrics(own),
    baselines: Object.fromEntries(Object.entries(others).map(([name, result]) => [name, metrics(result)])),
    titles: names,
  });
}

/** Each fold fitted and evaluated in turn; their stages are kept apart from the model's own. */
async function crossValidate(
  reviews: Reviews,
  options: HybridOptions,
  artifact: string,
): Promise<HybridEvaluation[]> {
  const evaluations: HybridEvaluation[] = [];
  for (const [number, split] of temporalFolds(reviews, options.hybrid.folds).entries()) {
    const stages = new Stages(join(`${artifact}.stages`, `fold-${number + 1}`));
    const fitted = await options.stages.run(`fold ${number + 1}`, () =>
      fitHybrid(reviews, split, { ...options, stages }),
    );
    evaluations.push(
      await evaluateHybrid(reviews, split, fitted, { seed: options.seed, sample: options.hybrid.ranked }),
    );
    await fitted.recommender.dispose();
  }
  return evaluations;
}
