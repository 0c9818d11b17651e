import { Matrix, Rng, type CsrMatrix, type OnProgress } from '@towerkit/core';
import type { Engine } from '@towerkit/engine';

import type { SearchConfig } from '../schema.js';
import type { FeatureTable } from '../words/feature-table.js';
import { BagTable, withoutSome, type BagRows } from './bag-table.js';
import { ContrastStep, type ContrastBatch } from './contrast-step.js';
import type { Examples } from './examples.js';
import { titleQueries } from './title-queries.js';

/** Logit of a pair that says nothing. */
const MASKED = -1e9;

/** What a tower is trained on. */
export interface TowerTraining {
  readonly features: FeatureTable;
  /** Bags of the queries and of the products. */
  readonly queries: CsrMatrix;
  readonly products: CsrMatrix;
  /** Tokens of the products. */
  readonly titles: readonly (readonly string[])[];
  readonly examples: Examples;
  /** Products that are meant by a query, by its row. */
  readonly meant: readonly ReadonlySet<number>[];
  /** Negatives of a query, by its row, to draw one from for each example. */
  readonly hard: readonly Int32Array[];
}

/** How it is trained. */
export interface TowerOptions extends Pick<
  SearchConfig,
  'epochs' | 'batchSize' | 'learningRate' | 'temperature' | 'titles' | 'dropout'
> {
  readonly dimensions: number;
  readonly seed: number;
  readonly engine: Engine;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  /** Told after every epoch, and of 0 before the first. @returns what counts, higher is better */
  readonly validate: (vectors: Matrix, epoch: number, loss: number) => Promise<number>;
}

/** The best of the epochs. */
export interface TrainedTower {
  /** Of the features, shape [features, dimensions]. */
  readonly vectors: Matrix;
  readonly epoch: number;
  readonly value: number;
}

/**
 * Trains the vectors of features by two kinds of batches in turn: examples of judgments, against the products of the batch and a
 * hard negative of each; and words of titles, against the titles of the batch. The learning rate falls to zero linearly. The
 * epoch that validates best is kept, which may be the state before any training.
 *
 * @param first vectors to start from, [features * dimensions]
 * @throws TowerkitError what the engine throws; the signal's reason
 */
export async function trainTower(
  data: TowerTraining,
  first: Float32Array,
  options: TowerOptions,
): Promise<TrainedTower> {
  const { dimensions, epochs, learningRate, temperature, engine, validate } = options;
  const rng = new Rng(options.seed).fork('tower');
  const table = new BagTable(data.features.size, dimensions, first);
  const current = () => new Matrix(data.features.size, dimensions, table.table.values.slice());
  let best: TrainedTower = { vectors: current(), epoch: 0, value: await validate(current(), 0, NaN) };
  const titled = Int32Array.from(data.titles.keys()).filter((product) => data.titles[product].length > 0);
  const judgedSize = Math.min(options.batchSize, data.examples.query.length);
  const titleSize = Math.min(options.batchSize, titled.length);
  const judgedSteps = judgedSize === 0 ? 0 : Math.floor(data.examples.query.length / judgedSize);
  const titleSteps = Math.round((options.titles * titled.length) / Math.max(1, titleSize));
  const size = { dimensions, temperature };
  const judgedStep = await ContrastStep.compile(engine, {
    ...size,
    batchSize: judgedSize,
    candidates: 2 * judgedSize,
  });
  const titleStep = await ContrastStep.compile(engine, {
    ...size,
    batchSize: titleSize,
    candidates: titleSize,
  });
  const total = epochs * (judgedSteps + titleSteps);
  let step = 0;
  try {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const order = rng.shuffle(Int32Array.from(data.examples.query.keys()));
      const titles = rng.shuffle(titled.slice());
      const kinds = rng.shuffle([
        ...new Array<boolean>(judgedSteps).fill(true),
        ...new Array<boolean>(titleSteps).fill(false),
      ]);
      let [judged, made, loss] = [0, 0, 0];
      for (const isJudged of kinds) {
        options.signal?.throwIfAborted();
        const learning = { learningRate: learningRate * (1 - step / total), dropout: options.dropout, rng };
        if (isJudged) {
          const rows = order.subarray(judged, (judged += judgedSize));
          loss += (await judgedBatch(data, table, judgedStep, rows, learning)) / judgedSteps;
        } else {
          const rows = Int32Array.from({ length: titleSize }, (_, k) => titles[(made + k) % titles.length]);
          made += titleSize;
          await titleBatch(data, table, titleStep, rows, learning);
        }
        options.onProgress?.({ stage: `epoch ${epoch}`, done: ++step, total, unit: 'steps' });
      }
      const value = await validate(current(), epoch, loss);
      if (value > best.value) best = { vectors: current(), epoch, value };
    }
  } finally {
    await judgedStep.dispose();
    await titleStep.dispose();
  }
  return best;
}

/** What a step goes by. */
interface Learning {
  readonly learningRate: number;
  readonly dropout: number;
  readonly rng: Rng;
}

/** A step on examples of judgments. @returns the loss */
async function judgedBatch(
  { queries, products, examples, meant, hard }: TowerTraining,
  table: BagTable,
  step: ContrastStep,
  rows: Int32Array,
  learning: Learning,
): Promise<number> {
  const { batchSize, candidates } = step;
  const asked = rows.map((row) => examples.query[row]);
  const given = new Int32Array(candidates);
  rows.forEach((row, at) => {
    const against = hard[asked[at]];
    given[at] = examples.product[row];
    given[batchSize + at] =
      against.length > 0
        ? against[learning.rng.integer(against.length)]
        : learning.rng.integer(products.rows);
  });
  const columns = new Map<number, number[]>();
  given.forEach((product, column) => {
    const same = columns.get(product);
    if (same) same.push(column);
    else columns.set(product, [column]);
  });
  const offsets = new Float32Array(batchSize * candidates);
  asked.forEach((query, at) => {
    for (const product of meant[query])
      for (const column of columns.get(product) ?? [])
        if (column !== at) offsets[at * candidates + column] = MASKED;
  });
  const weights = Float32Array.from(rows, (row) => examples.weight[row]);
  return learn(
    table,
    step,
    { bags: queries, rows: asked },
    { bags: products, rows: given },
    { offsets, weights },
    learning,
  );
}

/** A step on words of titles. @returns the loss */
function titleBatch(
  { products, titles, features }: TowerTraining,
  table: BagTable,
  step: ContrastStep,
  rows: Int32Array,
  learning: Learning,
): Promise<number> {
  const bags = titleQueries(
    Array.from(rows, (product) => titles[product]),
    features,
    learning.rng,
  );
  const { batchSize, candidates } = step;
  return learn(
    table,
    step,
    { bags, rows: Int32Array.from(rows.keys()) },
    { bags: products, rows },
    { offsets: new Float32Array(batchSize * candidates), weights: new Float32Array(batchSize).fill(1) },
    learning,
  );
}

async function learn(
  table: BagTable,
  step: ContrastStep,
  queries: BagRows,
  all: BagRows,
  rest: Pick<ContrastBatch, 'offsets' | 'weights'>,
  { learningRate, dropout, rng }: Learning,
): Promise<number> {
  const products = withoutSome(all, dropout, rng);
  const result = await step.run({ queries: table.sums(queries), products: table.sums(products), ...rest });
  if (!Number.isFinite(result.loss)) return result.loss; // nothing has changed
  table.update(
    [
      { ...queries, gradient: result.queries },
      { ...products, gradient: result.products },
    ],
    learningRate,
  );
  return result.loss;
}
