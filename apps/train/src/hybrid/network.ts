import { CsrMatrix, type Matrix, type OnProgress, type Rng } from '@towerkit/core';
import type { Engine } from '@towerkit/engine';
import { popularity, sampleNegatives } from '@towerkit/sampling';
import {
  attentionTower,
  dotHead,
  fusionHead,
  mlpTower,
  pairModel,
  type PairModel,
  type TowerInput,
} from '@towerkit/towers';
import {
  indexedRows,
  numberRows,
  pairTask,
  setRows,
  trainRows,
  type RowEpoch,
  type RowInput,
  type Rows,
  type TrainedRows,
} from '@towerkit/training';

import type { HybridConfig } from './schema.js';
import type { States } from './states.js';
import { latestRows } from './latest.js';

/** The two networks: one of ratings alone, one that has seen what was not taken. */
export type Mode = 'rating' | 'ranking';

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
  dimension: DIMENSION,
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
  const inputs: Record<string, TowerInput> = { state: { kind: 'feature', of: 'state', dimension: user } };
  if (mode === 'ranking' && latest > 0)
    inputs.latest = { kind: 'feature', of: 'latest', dimension: latest * item };
  return pairModel({
    user:
      attention > 0
        ? attentionTower({
            ...tower,
            inputs,
            set: { of: 'reviews', length: attention, dimension: text },
          })
        : mlpTower({ ...tower, inputs }),
    item: mlpTower({ ...tower, inputs: { product: { kind: 'feature', of: 'product', dimension: item } } }),
    head: head === 'dot' ? dotHead({ outputs }) : fusionHead({ outputs, fromZero: true }),
  });
}

/** Rows of the log as a network reads them. */
export interface RatedRows {
  readonly states: States;
  /** Item and rating of each, [rows]. */
  readonly items: Int32Array;
  readonly ratings: Float32Array;
}

/** All that the rows of an epoch are made of. */
export interface TrainingSet extends RatedRows {
  /** [items, width] */
  readonly products: Matrix;
  /** Vectors of the training reviews, [training rows, text]. */
  readonly vectors: Matrix;
  /** Items that each row's user has, the row's own among them. */
  readonly had: CsrMatrix;
  /** Training rows of each item. */
  readonly counts: Int32Array;
  readonly itemBias: Float64Array;
}

/**
 * What a network learns from in one epoch. For ranking each row brings `negatives.count` products that its user has not,
 * drawn with popularity^alpha, with a rating drawn from `negatives.ratings`.
 */
export function epochRows(
  set: TrainingSet,
  { negatives, attention, choice, als, latest, alsDropout }: HybridConfig,
  mode: Mode,
  rng: Rng,
): Rows {
  const { states, items, ratings, products, vectors } = set;
  const positives = items.length;
  const k = mode === 'ranking' ? negatives.count : 0;
  const count = positives * (1 + k);
  const row = Int32Array.from({ length: count }, (_, n) => n % positives);
  const item = new Int32Array(count);
  const rating = new Float32Array(count);
  const offset = new Float32Array(count);
  const chosen = new Float32Array(count).fill(1, 0, positives);
  item.set(items);
  rating.set(ratings);
  offset.set(states.offsets);
  if (k > 0) {
    const proposal = popularity(set.counts, { alpha: negatives.alpha });
    const [low, high] = negatives.ratings;
    const drawn = rng.fork('negatives');
    for (let place = 0; place < positives; place++) {
      const { items: others } = sampleNegatives({
        proposal,
        history: set.had.row(place),
        rng: drawn,
        count: k,
      });
      for (let n = 0; n < k; n++) {
        const at = (n + 1) * positives + place;
        item[at] = others[n];
        rating[at] = low + (high - low) * drawn.uniform();
        offset[at] = states.offsets[place] + set.itemBias[others[n]] - set.itemBias[items[place]];
      }
    }
  }
  const hidden = rng.fork('als dropout');
  const unseen = Uint8Array.from({ length: count }, () => (hidden.uniform() < alsDropout ? 1 : 0));
  const inputs: Record<string, RowInput> = {
    'user/state': withoutFirst(indexedRows(states.features, row), als.factors, unseen),
    'item/product': indexedRows(products, item),
    rating: numberRows(rating),
    // With a choice output to say so, what was not taken says nothing of its rating.
    rated: numberRows(choice ? chosen : new Float32Array(count).fill(1)),
    offset: numberRows(offset),
    chosen: numberRows(chosen),
  };
  if (mode === 'ranking' && latest > 0) {
    const { rows, indptr, indices } = states.before;
    const taken = new CsrMatrix(
      rows,
      products.rows,
      indptr,
      indices.map((place) => items[place]),
    );
    const read = latestRows(products, taken, latest);
    inputs['user/latest'] = withoutFirst(through(read, row), read.width, unseen);
  }
  if (attention > 0) {
    const { values, present } = setRows(vectors, states.before, attention);
    inputs['user/reviews'] = through(values, row);
    inputs['user/reviewsMask'] = through(present, row);
  }
  return { count, inputs };
}

/** An input whose first values are zeros for some rows: users of whom nothing is known that they took. */
function withoutFirst({ width, gather }: RowInput, first: number, unseen: Uint8Array): RowInput {
  return {
    width,
    gather(rows, asked, out) {
      gather(rows, asked, out);
      for (let place = 0; place < asked; place++)
        if (unseen[rows[place]]) out.fill(0, place * width, place * width + first);
    },
  };
}

/** An input of other rows: row r reads row `index[r]`. */
const through = ({ width, gather }: RowInput, index: Int32Array): RowInput => ({
  width,
  gather: (rows, count, out) =>
    gather(
      rows.map((row) => index[row]),
      count,
      out,
    ),
});

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
