import { readArtifactFile, type Artifact } from '@towerkit/artifact';
import { decodeSafetensors, isTowerkitError, type OnProgress } from '@towerkit/core';
import type { Engine } from '@towerkit/engine';
import type { TwoTowerFacts } from '@towerkit/recommend';
import type { TwoTower } from '@towerkit/towers';
import { progress, readMoments, train, type TrainResult } from '@towerkit/training';

import type { ModelShapes } from '../config/model-shapes.js';
import type { ResolvedConfig } from '../config/schema.js';
import { TowerkitError } from '../errors.js';
import { buildModel, shapesFrom } from '../fit/build-model.js';
import { negativesOf } from '../fit/negatives.js';
import { readsMore } from '../fit/training-examples.js';
import { runFolder } from '../fit/run-folder.js';
import { grownFeatures, sizesFrom, type GrownColumns, type GrownSide } from './grown-features.js';
import { updateExamples, type MergedRows } from './merge-rows.js';

/** How a training goes on. */
export interface ContinueOptions {
  readonly model?: (shapes: ModelShapes) => TwoTower;
  readonly epochs: number;
  readonly replay: number;
  readonly learningRate?: number;
  readonly seed: number;
  readonly models?: string;
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** A model that was trained further. */
export interface Continued {
  readonly trained: TrainResult;
  readonly replayed: number;
  readonly optimizer: 'checkpoint' | 'fresh';
}

/** What training goes on from, and what it learns. */
export interface Continuation {
  readonly artifact: Artifact;
  readonly facts: TwoTowerFacts;
  /** That the artifact was trained with. */
  readonly config: ResolvedConfig;
  readonly merged: MergedRows;
  /** Columns of items and of users, those that are new included. */
  readonly columns: { readonly items: GrownColumns; readonly users: GrownColumns };
  readonly engine: Engine;
}

/**
 * Trains an artifact's two-tower on the new rows, and on old ones drawn at random.
 *
 * @throws TowerkitError `OTHER_MODEL` for a model that is not the artifact's; `NO_RATINGS`; what training throws
 */
export async function continueTraining(
  { artifact, facts, config, merged, columns, engine }: Continuation,
  options: ContinueOptions,
): Promise<Continued> {
  const { folder } = artifact;
  const { seed, epochs, replay, signal, onProgress } = options;
  const { tensors: weights } = decodeSafetensors(await readArtifactFile(artifact, 'weights.safetensors'));
  const counts = { users: merged.users.size, items: merged.items.size };
  const { features, itemInputs, userFeatures, userRows } = facts;
  const featuresOf = (side: GrownSide) =>
    grownFeatures(artifact, side, (input) => weights[`${side.what}/${input}`]?.shape[0], options);
  const items = await featuresOf({
    ...{ what: 'item', encodings: features, inputs: itemInputs },
    ...{ count: counts.items, columns: columns.items },
  });
  const users = await featuresOf({
    ...{ what: 'user', encodings: userFeatures, inputs: userRows },
    ...{ count: counts.users, columns: columns.users },
  });
  const shapes = shapesFrom(counts, sizesFrom(features, items), sizesFrom(userFeatures, users));
  const model = buildModel({ model: options.model }, shapes);
  requireSameModel(model, artifact);
  const moments = await optimizerMoments(folder, weights);
  const { replayed, ...examples } = updateExamples(merged, { replay, seed, first: readsMore(model) });
  const trained = await train({
    ...{ model, engine, seed, epochs, signal, hardNegatives: config.hardNegatives },
    earlier: { weights, ...(moments && { moments }) },
    optimizer: optimizerOf(config, options.learningRate),
    data: { histories: merged.histories, items, users, examples },
    batches: {
      ...{ maxLength: facts.maxLength, windows: config.windows, batchSize: config.batchSize },
      negatives: negativesOf(config, counts.items, columns.items),
    },
    callbacks: onProgress ? [progress(onProgress)] : [],
  }).catch((error: unknown) => {
    if (isTowerkitError(error, 'SHAPE_MISMATCH')) throw otherModel(folder, error.message, error);
    throw error;
  });
  return { trained, replayed, optimizer: moments ? 'checkpoint' : 'fresh' };
}

/** Moments of the optimizer at the end of the artifact's run, if it is still beside it. */
async function optimizerMoments(folder: string, weights: Parameters<typeof readMoments>[1]) {
  const { checkpoints, refit } = runFolder(folder);
  return (await readMoments(refit, weights)) ?? (await readMoments(checkpoints, weights));
}

/** The artifact's own optimizer at half its rates: what was learned is to be moved, not replaced. */
function optimizerOf({ optimizer }: ResolvedConfig, learningRate?: number): ResolvedConfig['optimizer'] {
  const { tables, ...rest } = optimizer;
  const dense = learningRate ?? optimizer.learningRate / 2;
  const scale = dense / optimizer.learningRate;
  return {
    ...rest,
    warmup: 0,
    learningRate: dense,
    ...(tables && {
      tables: { ...tables, ...(tables.learningRate && { learningRate: tables.learningRate * scale }) },
    }),
  };
}

/** @throws TowerkitError `OTHER_MODEL`, `NO_RATINGS` */
function requireSameModel(model: TwoTower, { folder, manifest }: Artifact): void {
  if (model.loss.ratings)
    throw new TowerkitError('NO_RATINGS', `${folder} learned from ratings, and artifacts hold none`, {
      hint: 'train it again on all rows',
    });
  const { towers, loss, dimensions } = manifest.model as {
    readonly towers?: { readonly item?: string; readonly user?: string };
    readonly loss?: string;
    readonly dimensions?: number;
  };
  const told = { item: towers?.item, user: towers?.user, loss, dimensions };
  const built = {
    item: model.item.name,
    user: model.user.name,
    loss: model.loss.name,
    dimensions: model.dimensions,
  };
  for (const [what, was] of Object.entries(told)) {
    const is = built[what as keyof typeof built];
    if (was !== undefined && was !== is) throw otherModel(folder, `${what}: ${was} then, ${is} now`);
  }
}

const otherModel = (folder: string, what: string, cause?: unknown) =>
  new TowerkitError('OTHER_MODEL', `${folder} was trained with another model: ${what}`, {
    hint: 'give the model of the config that it was trained with: --config FILE',
    cause,
  });
