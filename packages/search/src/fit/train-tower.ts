import { Rng, type Matrix, type OnProgress } from '@towerkit/core';
import type { Engine } from '@towerkit/engine';

import type { SearchConfig } from '../schema.js';
import type { HeadValues } from '../tower/dense-head.js';
import { BagTable, withoutSome } from './bag-table.js';
import { judgedBatch, titleBatch, type Batch, type Negatives, type TowerTraining } from './batches.js';
import { ContrastStep } from './contrast-step.js';
import { HeadParameters, type HeadShape } from './head-parameters.js';
import { isSearched, ownNegativesOf } from './own-negatives.js';

/** How towers are trained. */
export interface TowerOptions {
  readonly search: SearchConfig;
  readonly head: HeadShape;
  readonly seed: number;
  readonly engine: Engine;
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  /** Told after every epoch, and of 0 before the first. @returns what counts, higher is better */
  readonly validate: (state: TowerState, epoch: number, loss: number) => Promise<number>;
  /** What examples are told apart from. @param state to look for near products with; absent where only words count */
  readonly negatives: (state: TowerState | undefined) => Promise<Negatives>;
}

/** The towers at a moment. */
export interface TowerState {
  /** Of the features, shape [features, dimensions]; those of queries after those of products where they have their own. */
  readonly vectors: Matrix;
  /** Of the layers and the projection of sentences. */
  readonly values: HeadValues;
  /** Sums of the features of all products, [products, dimensions]. */
  readonly products: Matrix;
}

/** The best of the epochs. */
export interface TrainedTower extends TowerState {
  readonly epoch: number;
}

/** Learning rate of dense weights beside that of the vectors of features, which see few batches each. */
const DENSE_RATE = 0.05;

/**
 * Trains towers by two kinds of batches in turn: examples of judgments, and words of titles. The learning rate falls to zero
 * linearly. The epoch that validates best is kept, which may be the state before any training.
 *
 * @param first vectors of features to start from, [rows * dimensions]
 * @throws TowerkitError what the engine throws; the signal's reason
 */
export async function trainTower(
  data: TowerTraining,
  first: Float32Array,
  { search, head: shape, engine, seed, threads, signal, ...told }: TowerOptions,
): Promise<TrainedTower> {
  const rng = new Rng(seed).fork('tower');
  const head = new HeadParameters(shape, search.temperature === 'learned' ? START_TEMPERATURE : undefined);
  const table = new BagTable(first.length / shape.dimensions, shape.dimensions, first, { threads });
  const titled = Int32Array.from(data.titles.keys()).filter((product) => data.titles[product].length > 0);
  const sizes = {
    judged: Math.min(search.batchSize, data.examples.query.length),
    titles: Math.min(search.batchSize, titled.length),
  };
  const steps = {
    judged: sizes.judged === 0 ? 0 : Math.floor(data.examples.query.length / sizes.judged),
    titles: sizes.titles === 0 ? 0 : Math.round((search.titles * titled.length) / sizes.titles),
  };
  const compiled = {
    judged: await stepOf(search, shape, engine, head, sizes.judged, 3 * sizes.judged),
    titles: await stepOf(search, shape, engine, head, sizes.titles, sizes.titles),
  };
  const total = search.epochs * (steps.judged + steps.titles);
  let done = 0;
  const learn = async (batch: Batch, step: ContrastStep) => {
    const rate = search.learningRate * (1 - done / total);
    const loss = await learnFrom(batch, data, table, step, { rate, dropout: search.dropout, rng });
    done++;
    return loss;
  };
  const state = async (): Promise<TowerState> => ({
    vectors: table.vectors(),
    values: head.snapshot(),
    products: await table.allSums(data.products),
  });
  try {
    let now = await state();
    let best = { ...now, epoch: 0, value: await told.validate(now, 0, NaN) };
    let negatives = await told.negatives(undefined);
    const own = ownNegativesOf(search);
    for (let epoch = 1; epoch <= search.epochs; epoch++) {
      const order = rng.shuffle(Int32Array.from(data.examples.query.keys()));
      const titles = rng.shuffle(titled.slice());
      const kinds = rng.shuffle([
        ...new Array<boolean>(steps.judged).fill(true),
        ...new Array<boolean>(steps.titles).fill(false),
      ]);
      let [judged, made, loss] = [0, 0, 0];
      for (const [at, isJudged] of kinds.entries()) {
        signal?.throwIfAborted();
        if (isSearched(own, { step: done, epoch, isFirst: at === 0 }))
          negatives = await told.negatives(at === 0 ? now : await state());
        if (isJudged) {
          const rows = order.subarray(judged, (judged += sizes.judged));
          loss += (await learn(judgedBatch(data, negatives, rows, rng), compiled.judged)) / steps.judged;
        } else {
          const rows = Int32Array.from(
            { length: sizes.titles },
            (_, k) => titles[(made + k) % titles.length],
          );
          made += sizes.titles;
          await learn(titleBatch(data, rows, rng), compiled.titles);
        }
        told.onProgress?.({ stage: `epoch ${epoch}`, done, total, unit: 'steps' });
      }
      now = await state();
      const value = await told.validate(now, epoch, loss);
      if (value > best.value) best = { ...now, epoch, value };
    }
    return best;
  } finally {
    await compiled.judged.dispose();
    await compiled.titles.dispose();
    await table.close();
  }
}

/** What a learned temperature starts from. */
const START_TEMPERATURE = 0.05;

const stepOf = (
  { temperature, loss, margin, headDropout }: SearchConfig,
  head: HeadShape,
  engine: Engine,
  values: HeadParameters,
  batchSize: number,
  candidates: number,
) =>
  ContrastStep.compile(
    engine,
    {
      ...{ batchSize, candidates, head, dropout: headDropout },
      temperature: temperature === 'learned' ? START_TEMPERATURE : temperature,
      ...(loss === 'margin' && { margin }),
    },
    values,
  );

/** One step. @returns the loss */
async function learnFrom(
  { bags, queries, products, ...asked }: Batch,
  data: TowerTraining,
  table: BagTable,
  step: ContrastStep,
  { rate, dropout, rng }: { rate: number; dropout: number; rng: Rng },
): Promise<number> {
  const { dimensions } = table;
  const given = withoutSome({ bags: data.products, rows: products }, dropout, rng);
  const sums = new Float32Array((queries.length + products.length) * dimensions);
  sums.set(await table.sums({ bags, rows: queries }));
  sums.set(await table.sums(given), queries.length * dimensions);
  const { sentences: frozen } = data;
  // Words of titles were never encoded as sentences: there the features learn alone.
  const sentences =
    frozen && sentencesOf(frozen, bags === data.queries ? queries : undefined, queries.length, products);
  const result = await step.run({ sums, sentences, ...asked }, rng);
  if (!Number.isFinite(result.loss)) return result.loss; // nothing has changed
  await table.update(
    [
      { bags, rows: queries, gradient: result.sums.subarray(0, queries.length * dimensions) },
      { ...given, gradient: result.sums.subarray(queries.length * dimensions) },
    ],
    rate,
  );
  step.head.update(result.head, rate * DENSE_RATE);
  step.head.follow(result.moments);
  return result.loss;
}

function sentencesOf(
  frozen: NonNullable<TowerTraining['sentences']>,
  queries: Int32Array | undefined,
  count: number,
  products: Int32Array,
): Float32Array {
  const { cols } = frozen.products;
  const out = new Float32Array((count + products.length) * cols);
  queries?.forEach((row, at) => out.set(frozen.queries.row(row), at * cols));
  products.forEach((row, at) => out.set(frozen.products.row(row), (count + at) * cols));
  return out;
}
