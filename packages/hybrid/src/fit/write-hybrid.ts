import { writeMatrices } from '@towerkit/artifact';
import { Matrix } from '@towerkit/core';
import { writeParquet } from '@towerkit/data';
import { saveEncoders, type TextEncoding } from '@towerkit/features';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { REVIEW_TEXTS, type HybridFacts } from '../model/hybrid-files.js';
import type { HybridConfig } from '../schema.js';
import type { FittedHybrid } from './fit-hybrid.js';
import { saveNetwork } from './network-files.js';
import type { Reviews } from './read-reviews.js';

/** The facts of a fitted hybrid. */
export function hybridFacts(
  { recommender, networks, encoder, foundation }: FittedHybrid,
  reviews: Reviews,
  hybrid: HybridConfig,
): HybridFacts {
  const text: TextEncoding = {
    kind: 'text',
    columns: ['text'],
    encoder: hybrid.encoder,
    dimensions: encoder.dimensions,
    fingerprint: encoder.fingerprint,
  };
  return {
    version: 1,
    memory: recommender.parts.memoryWeights,
    mean: foundation.mean,
    dated: reviews.log.time !== undefined,
    ...(reviews.device && { devices: [...reviews.device.names] }),
    anonymous: Array.from(reviews.anonymous.keys()).filter((user) => reviews.anonymous[user] === 1),
    parameters: { rating: networks.rating.parameters, ranking: networks.ranking.parameters },
    encoder: text,
    options: hybrid,
  };
}

/**
 * Writes a hybrid's own files:
 *
 * - `rating/` and `ranking/`: `user.onnx`, `item.onnx`, `head.onnx` of each network, weights inside; `training.json`
 * - `als.safetensors`
 * - `hybrid.safetensors`: `products` [items, dimensions], `texts` [items, text], `item_bias` [items, 1],
 *   `reviews` [training rows, text]
 * - `reviews.parquet`: `user` and `item` (dense ids), `rating`, `text` of the training rows, from the earliest on
 * - `text/reviews/`: the encoder, where it was fitted
 */
export async function writeHybridFiles(into: string, fitted: FittedHybrid, reviews: Reviews): Promise<void> {
  const { networks, foundation, recommender, vectors, products, train, encoder } = fitted;
  for (const mode of ['rating', 'ranking'] as const) {
    await mkdir(join(into, mode));
    await saveNetwork(networks[mode], join(into, mode));
  }
  await foundation.als.save(into);
  const { productTexts } = recommender.parts;
  await writeMatrices(join(into, 'hybrid.safetensors'), {
    products,
    texts: productTexts,
    item_bias: new Matrix(foundation.itemBias.length, 1, Float32Array.from(foundation.itemBias)),
    reviews: vectors,
  });
  const { log, texts } = reviews;
  await writeParquet(join(into, 'reviews.parquet'), {
    user: { type: 'INTEGER', values: train.map((row) => log.user[row]) },
    item: { type: 'INTEGER', values: train.map((row) => log.item[row]) },
    rating: { type: 'FLOAT', values: Float32Array.from(train, (row) => log.rating[row]) },
    text: { type: 'VARCHAR', values: Array.from(train, (row) => texts[row]) },
  });
  if (encoder.fitted) await saveEncoders(into, { [REVIEW_TEXTS]: encoder.fitted });
}
