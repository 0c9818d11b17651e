import type { Engine } from '@towerkit/engine';
import type { OnProgress } from '@towerkit/core';
import {
  attentionTower,
  dotHead,
  fusionHead,
  mlpTower,
  pairModel,
  type PairModel,
  type TowerInput,
} from '@towerkit/towers';
import { pairTask, trainRows, type RowEpoch, type TrainedRows } from '@towerkit/training';

import { epochRows, type TrainingSet } from './epoch-rows.js';
import type { HybridConfig, Mode } from '../schema.js';

/** Widths of what the towers read. */
export interface Widths {
  readonly user: number;
  readonly item: number;
  /** Of a review's vector. */
  readonly text: number;
}

const HIDDEN = [256, 128];
const DIMENSION = 64;
const tower = {
  dimensions: DIMENSION,
  hidden: HIDDEN,
  dropout: [0, 0.3],
  activation: 'elu',
  output: 'elu',
} as const;

/**
 * Two towers (256, 128, dropout .3, 64; ELU, He normal) and the head: fusion (64, dropout .2, 32, 1 linear) or a dot
 * product. With 64 ALS factors, 384-d texts and the fusion head these are 322,817 weights.
 */
export function hybridModel(
  { head, choice, attention, latest }: Pick<HybridConfig, 'head' | 'choice' | 'attention' | 'latest'>,
  { user, item, text }: Widths,
  mode: Mode,
): PairModel {
  const outputs = mode === 'ranking' && choice ? ['rating', 'choice'] : ['rating'];
  const inputs: Record<string, TowerInput> = { state: { kind: 'feature', of: 'state', dimensions: user } };
  if (mode === 'ranking' && latest > 0)
    inputs.latest = { kind: 'feature', of: 'latest', dimensions: latest * item };
  return pairModel({
    user:
      attention > 0
        ? attentionTower({
            ...tower,
            inputs,
            set: { of: 'reviews', length: attention, dimensions: text },
          })
        : mlpTower({ ...tower, inputs }),
    item: mlpTower({ ...tower, inputs: { product: { kind: 'feature', of: 'product', dimensions: item } } }),
    head: head === 'dot' ? dotHead({ outputs }) : fusionHead({ outputs, fromZero: true }),
  });
}

/** How a network is trained. */
export interface NetworkOptions {
  readonly hybrid: HybridConfig;
  readonly mode: Mode;
  readonly seed: number;
  readonly engine: Engine;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  readonly onEpochEnd?: (epoch: RowEpoch) => void;
}

/** Trains one network. */
export async function trainNetwork(
  set: TrainingSet,
  { hybrid, mode, seed, engine, ...rest }: NetworkOptions,
): Promise<TrainedRows & { readonly model: PairModel }> {
  const widths = { user: set.states.features.cols, item: set.products.cols, text: set.vectors.cols };
  const model = hybridModel(hybrid, widths, mode);
  const { epochs, batchSize, learningRate, weightDecay } = hybrid[mode];
  const trained = await trainRows({
    task: pairTask(model),
    rows: (_, rng) => epochRows(set, hybrid, mode, rng),
    epochs,
    batchSize,
    optimizer: { learningRate, weightDecay },
    seed,
    engine,
    ...rest,
  });
  return { ...trained, model };
}
