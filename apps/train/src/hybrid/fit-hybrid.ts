import { Als } from '@towerkit/als';
import { CsrMatrix, decodeSafetensors, encodeSafetensors, Matrix, type OnProgress } from '@towerkit/core';
import type { Engine } from '@towerkit/engine';
import { loadLsa, type LsaEncoder, type TextEncoder } from '@towerkit/text';
import { exportPairs, PairScorer, type ExportedPairs, type RowEpoch } from '@towerkit/training';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { fitEncoder } from '../text/open-encoder.js';
import type { TextPlaces } from '../text/text-encoding.js';
import { contextEncoding } from './context.js';
import { fitAls, itemFeatures, layFoundation, type Foundation } from './foundation.js';
import { HybridRecommender } from './hybrid-recommender.js';
import { trainNetwork, type Mode, type TrainingSet } from './network.js';
import { rankingScore } from './ranking-score.js';
import { PLAIN_MEMORY, TextNeighbours } from './rating-memory.js';
import type { Reviews } from './read-reviews.js';
import type { HybridConfig } from './schema.js';
import { ratingsOf, type RowSplit } from './split.js';
import type { Stages } from './stages.js';
import { listsOf, memoryOf, trainingStates } from './states.js';
import { UserMemory } from './user-memory.js';

/** What fitting needs beside the reviews. */
export interface HybridOptions {
  readonly hybrid: HybridConfig;
  readonly seed: number;
  readonly threads?: number;
  readonly engine: Engine;
  readonly places: TextPlaces;
  readonly stages: Stages;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** A network with what its training reported. */
export interface FittedNetwork {
  readonly exported: ExportedPairs;
  readonly epochs: readonly RowEpoch[];
  readonly parameters: number;
}

/** A fitted hybrid with the parts that an artifact keeps. */
export interface FittedHybrid {
  readonly recommender: HybridRecommender;
  readonly networks: Readonly<Record<Mode, FittedNetwork>>;
  readonly encoder: {
    readonly dimensions: number;
    readonly fingerprint: string;
    readonly fitted?: LsaEncoder;
  };
  readonly foundation: Foundation;
  readonly train: Int32Array;
  /** Vectors of the training reviews, [training rows, text]. */
  readonly vectors: Matrix;
  readonly products: Matrix;
}

/** Texts that a fitted encoder learns from, at most: more change nothing that shows. */
const TEXTS_TO_FIT = 8_000;

/**
 * From reviews to a model that answers: texts to vectors, ALS and biases, the states of users as they were, the two
 * networks. Whatever an earlier run made of the same input is taken from there.
 */
export async function fitHybrid(
  reviews: Reviews,
  { train }: Pick<RowSplit, 'train'>,
  options: HybridOptions,
): Promise<FittedHybrid> {
  const { hybrid, seed, threads, stages, engine, onProgress, signal } = options;
  const { log } = reviews;
  const context = contextEncoding(hybrid.context, {
    dated: log.time !== undefined,
    devices: reviews.device?.names,
  });
  const rows = createHash('sha256').update(train).digest('hex');
  const data = { fingerprint: reviews.fingerprint, rows, seed };
  const texts = await encodeTexts(reviews, train, options, data);
  const { vectors, productTexts } = texts;

  const als = await stages.once(
    'als',
    { data, als: hybrid.als, anonymous: hybrid.anonymous },
    {
      make: () => fitAls(reviews, train, hybrid.als, { seed, threads, onProgress, signal }),
      save: (als, folder) => als.save(folder),
      load: (folder) => Als.load(folder),
    },
  );
  const foundation = await layFoundation(reviews, train, hybrid, { seed, threads, als });
  const neighbours = new TextNeighbours(productTexts);
  const products = itemFeatures(foundation, productTexts);
  const { set, memory } = await stages.always('states of users', async () => {
    const given = { reviews, foundation, context, train, vectors, neighbours };
    const memory = hybrid.offset === 'memory' ? memoryOf(given, neighbours) : PLAIN_MEMORY;
    const states = await trainingStates({ ...given, memory });
    if (hybrid.offset === 'mean') states.offsets.fill(foundation.mean);
    const items = train.map((row) => log.item[row]);
    const owned = ratingsOf(log, train);
    const set: TrainingSet = {
      states,
      items,
      ratings: Float32Array.from(train, (row) => log.rating[row]),
      products,
      vectors,
      had: listsOf(
        Array.from(train, (row, place) =>
          reviews.anonymous[log.user[row]] ? [items[place]] : owned.row(log.user[row]),
        ),
        log.items.size,
      ),
      counts: foundation.counts,
      itemBias: hybrid.offset === 'mean' ? new Float64Array(log.items.size) : foundation.itemBias,
    };
    return { set, memory };
  });
  await als.dispose(); // its threads are for folding in; they start again when they are needed
  const network = (mode: Mode) =>
    stages.once(
      `${mode} network`,
      {
        data,
        hybrid: { ...hybrid, folds: 0, heldBack: 0 },
        mode,
        text: texts.fingerprint,
        engine: engine.kind,
      },
      {
        make: async (): Promise<FittedNetwork> => {
          const { model, parameters, epochs } = await trainNetwork(set, {
            hybrid,
            mode,
            seed,
            engine,
            onProgress: onProgress && ((event) => onProgress({ ...event, stage: `${mode} network` })),
            signal,
          });
          signal?.throwIfAborted();
          const count = Object.values(parameters).reduce((sum, { data }) => sum + data.length, 0);
          return { exported: exportPairs(model, parameters), epochs, parameters: count };
        },
        save: saveNetwork,
        load: loadNetwork,
      },
    );
  const networks = { rating: await network('rating'), ranking: await network('ranking') };
  const scorers = {
    rating: await scorerOf(networks.rating, products),
    ranking: await scorerOf(networks.ranking, products),
  };
  const remembered = new UserMemory(vectors.cols, reviews.anonymous);
  train.forEach((row, place) =>
    remembered.add(log.user[row], {
      item: log.item[row],
      rating: log.rating[row],
      vector: vectors.row(place),
      text: reviews.texts[row],
    }),
  );
  const recommender = new HybridRecommender({
    foundation,
    memoryWeights: memory,
    offset: hybrid.offset,
    scale: hybrid.scale,
    context,
    attention: hybrid.attention,
    latest: hybrid.latest,
    ranking: rankingScore(foundation.counts, hybrid.negatives),
    productTexts,
    products,
    networks: scorers,
    memory: remembered,
  });
  return { recommender, networks, encoder: texts, foundation, train, vectors, products };
}

async function scorerOf({ exported }: FittedNetwork, products: Matrix): Promise<PairScorer> {
  const scorer = await PairScorer.open(exported, { threads: 1 });
  await scorer.setItems({ product: products });
  return scorer;
}

/** Vectors of the training reviews and of the products. */
async function encodeTexts(
  { texts, productTexts }: Reviews,
  train: Int32Array,
  { hybrid, seed, threads, places, stages, onProgress }: HybridOptions,
  data: unknown,
) {
  const written = Array.from(train, (row) => texts[row]);
  const encode = async (encoder: TextEncoder | LsaEncoder) => ({
    vectors: await encoder.encode(written, { onProgress }),
    productTexts: await encoder.encode(productTexts, { onProgress }),
    dimensions: encoder.dimensions,
    fingerprint: encoder.fingerprint,
    ...('save' in encoder && { fitted: encoder }),
  });
  type Texts = Awaited<ReturnType<typeof encode>>;
  return stages.once<Texts>(
    'texts',
    { data, encoder: hybrid.encoder, placeholders: hybrid.placeholders },
    {
      async make() {
        const step = Math.max(1, Math.ceil(written.length / TEXTS_TO_FIT));
        const sample = [...written.filter((_, place) => place % step === 0), ...productTexts];
        const encoder = await fitEncoder(hybrid.encoder, sample, places, { seed, threads, onProgress });
        try {
          return await encode(encoder);
        } finally {
          await encoder.dispose?.();
        }
      },
      async save({ vectors, productTexts, fitted, dimensions, fingerprint }, folder) {
        await writeMatrices(
          join(folder, 'vectors.safetensors'),
          { vectors, productTexts },
          { fingerprint, dimensions: String(dimensions) },
        );
        await fitted?.save(folder);
      },
      async load(folder) {
        const { matrices, metadata } = await readMatrices(join(folder, 'vectors.safetensors'));
        return {
          vectors: matrices.vectors,
          productTexts: matrices.productTexts,
          dimensions: Number(metadata.dimensions),
          fingerprint: metadata.fingerprint,
          ...(hybrid.encoder.kind === 'lsa' && { fitted: await loadLsa(folder) }),
        };
      },
    },
  );
}

const PARTS = ['user', 'item', 'head'] as const;

/** Files of a network: `user.onnx`, `item.onnx`, `head.onnx`, `training.json`. */
export async function saveNetwork(
  { exported, epochs, parameters }: FittedNetwork,
  folder: string,
): Promise<void> {
  for (const part of PARTS) await writeFile(join(folder, `${part}.onnx`), exported[part]);
  await writeFile(join(folder, 'training.json'), `${JSON.stringify({ parameters, epochs })}\n`);
}

export async function loadNetwork(folder: string): Promise<FittedNetwork> {
  const [user, item, head] = await Promise.all(PARTS.map((part) => readFile(join(folder, `${part}.onnx`))));
  const { epochs, parameters } = JSON.parse(
    await readFile(join(folder, 'training.json'), 'utf8'),
  ) as FittedNetwork;
  return { exported: { user, item, head }, epochs, parameters };
}

export async function writeMatrices(
  path: string,
  matrices: Readonly<Record<string, Matrix>>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const tensors = Object.entries(matrices).map(([name, { rows, cols, data }]) => [
    name,
    { shape: [rows, cols], data },
  ]);
  await writeFile(path, encodeSafetensors(Object.fromEntries(tensors), metadata));
}

export async function readMatrices(path: string) {
  const { tensors, metadata } = decodeSafetensors(await readFile(path));
  const matrices = Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [
      name,
      new Matrix(shape[0], shape[1], data as Float32Array),
    ]),
  );
  return { matrices, metadata };
}

/** Items that the users of some rows had, as places in training say. */
export const historiesOf = (before: CsrMatrix, items: Int32Array, universe: number): CsrMatrix =>
  new CsrMatrix(
    before.rows,
    universe,
    before.indptr,
    before.indices.map((place) => items[place]),
  );
