import { Als } from '@towerkit/als';
import { CsrMatrix, type Matrix } from '@towerkit/core';
import type { LsaEncoder } from '@towerkit/text';
import { exportPairs } from '@towerkit/training';
import { PairScorer } from '../model/pair-scorer.js';
import { createHash } from 'node:crypto';

import { contextEncoding } from '../model/context.js';
import { encodeReviews } from './encode-reviews.js';
import type { TrainingSet } from './epoch-rows.js';
import { itemFeatures, type Foundation } from '../model/foundation.js';
import { fitAls, fitFoundation } from './fit-foundation.js';
import { HybridRecommender } from '../model/hybrid-recommender.js';
import type { HybridOptions } from './hybrid-options.js';
import { loadNetwork, saveNetwork, type FittedNetwork } from './network-files.js';
import { trainNetwork } from './network.js';
import { rankingScore } from '../model/ranking-score.js';
import { PLAIN_MEMORY, TextNeighbors } from '../model/rating-memory.js';
import type { Reviews } from './read-reviews.js';
import type { Mode } from '../schema.js';
import { ratingsOf, type RowSplit } from './split.js';
import { memoryOf, trainingStates } from './states.js';
import { UserMemory } from '../model/user-memory.js';

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

/**
 * Fits a hybrid: text vectors, ALS and biases, the states of users at the time of each row, the two networks. Results of
 * stages that an earlier run made from the same input are reused.
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
  const texts = await encodeReviews(reviews, train, options, data);
  const { vectors, productTexts } = texts;

  const als = await stages.cached(
    'als',
    { data, als: hybrid.als, anonymous: hybrid.anonymous },
    {
      make: () => fitAls(reviews, train, hybrid.als, { seed, threads, onProgress, signal }),
      save: (als, folder) => als.save(folder),
      load: (folder) => Als.load(folder),
    },
  );
  const foundation = await fitFoundation(reviews, train, hybrid, { seed, threads, als });
  const neighbors = new TextNeighbors(productTexts);
  const products = itemFeatures(foundation, productTexts);
  const { set, memory } = await stages.run('states of users', async () => {
    const given = { reviews, foundation, context, train, vectors, neighbors };
    const memory = hybrid.offset === 'memory' ? memoryOf(given, neighbors) : PLAIN_MEMORY;
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
      had: CsrMatrix.fromRows(
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
    stages.cached(
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
