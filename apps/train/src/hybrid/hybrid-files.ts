import { Als } from '@towerkit/als';
import { Matrix, TowerkitError } from '@towerkit/core';
import { readTable, writeParquet } from '@towerkit/data';
import type { TextEncoder } from '@towerkit/text';
import { PairScorer, readManifest, type ArtifactManifest } from '@towerkit/training';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

import { reopenEncoder, saveEncoders } from '../text/open-encoder.js';
import { textEncoderSchema, textPlaces, type TextEncoding } from '../text/text-encoding.js';
import { contextEncoding } from './context.js';
import type { FittedHybrid } from './fit-hybrid.js';
import { layScales } from './foundation.js';
import { HybridRecommender } from './hybrid-recommender.js';
import { readMatrices, writeMatrices } from './matrix-files.js';
import { saveNetwork } from './network-files.js';
import { rankingScore } from './ranking-score.js';
import type { Reviews } from './read-reviews.js';
import { hybridSchema, type HybridConfig } from './schema.js';
import { UserMemory } from './user-memory.js';

/** Name under which the encoder of the texts lies in the artifact. */
const REVIEW_TEXTS = 'reviews';

/** What a manifest says of a hybrid. */
export const factsSchema = z.object({
  memory: z.object({ regularization: z.number(), similarity: z.number() }),
  mean: z.number(),
  dated: z.boolean(),
  devices: z.array(z.string()).optional(),
  /** Dense ids of users who are nobody in particular. */
  anonymous: z.array(z.number().int()),
  parameters: z.object({ rating: z.number(), ranking: z.number() }),
  encoder: z.object({
    kind: z.literal('text'),
    columns: z.array(z.string()),
    encoder: textEncoderSchema,
    dimensions: z.number(),
    fingerprint: z.string(),
  }),
});

export type HybridFacts = z.output<typeof factsSchema>;

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
    memory: recommender.parts.memoryWeights,
    mean: foundation.mean,
    dated: reviews.log.time !== undefined,
    ...(reviews.device && { devices: [...reviews.device.names] }),
    anonymous: Array.from(reviews.anonymous.keys()).filter((user) => reviews.anonymous[user] === 1),
    parameters: { rating: networks.rating.parameters, ranking: networks.ranking.parameters },
    encoder: { ...text, columns: [...text.columns] },
  };
}

/**
 * Writes a hybrid's own files:
 *
 * - `rating/` and `ranking/`: `user.onnx`, `item.onnx`, `head.onnx` of each network, weights inside; `training.json`
 * - `als.safetensors`
 * - `hybrid.safetensors`: `products` [items, width], `texts` [items, text], `item_bias` [items, 1],
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

/**
 * Reads a hybrid back.
 *
 * @throws TowerkitError `ARTIFACT_NOT_FOUND`, `BAD_ARTIFACT`
 */
export async function loadHybrid(
  folder: string,
  { threads = 1 }: { threads?: number } = {},
): Promise<HybridRecommender> {
  const manifest = await readManifest(folder, 'hybrid');
  const facts = factsSchema.safeParse(manifest.model);
  const config = hybridSchema.safeParse(manifest.config.hybrid);
  if (!facts.success || !config.success) throw bad(folder, 'its manifest does not describe a hybrid');
  const { memory, mean, dated, devices, anonymous, encoder } = facts.data;
  const hybrid = config.data;
  const { matrices } = await readMatrices(join(folder, 'hybrid.safetensors'));
  const { columns } = await readTable(join(folder, 'reviews.parquet'));
  const [user, item] = [columns.user as Int32Array, columns.item as Int32Array];
  const { products, texts, item_bias: bias, reviews } = matrices;
  if (reviews.rows !== user.length || texts.cols !== encoder.dimensions || products.rows !== texts.rows)
    throw bad(folder, 'its files do not fit each other');
  const als = await Als.load(folder);
  const nobody = new Uint8Array(manifest.dataset.users);
  for (const id of anonymous) nobody[id] = 1;
  const remembered = new UserMemory(reviews.cols, nobody);
  const counts = new Int32Array(texts.rows);
  user.forEach((who, row) => {
    counts[item[row]]++;
    remembered.add(who, {
      item: item[row],
      rating: (columns.rating as Float32Array)[row],
      vector: reviews.row(row),
      text: (columns.text as (string | null)[])[row] ?? undefined,
    });
  });
  const scorer = async (mode: string) => {
    const at = (part: string) => join(folder, mode, `${part}.onnx`);
    const opened = await PairScorer.open(
      { user: at('user'), item: at('item'), head: at('head') },
      { threads },
    );
    await opened.setItems({ product: products });
    return opened;
  };
  return new HybridRecommender({
    foundation: { als, scales: layScales(als), mean, itemBias: Float64Array.from(bias.data), counts },
    memoryWeights: memory,
    offset: hybrid.offset,
    scale: hybrid.scale,
    context: contextEncoding(hybrid.context, { dated, devices }),
    attention: hybrid.attention,
    latest: hybrid.latest,
    ranking: rankingScore(counts, hybrid.negatives),
    productTexts: texts,
    products,
    networks: { rating: await scorer('rating'), ranking: await scorer('ranking') },
    memory: remembered,
  });
}

/**
 * The encoder that a hybrid's texts went through.
 *
 * @param options.models folder of text models, for MiniLM; the hub when absent
 * @throws TowerkitError `BAD_ARTIFACT`, `OTHER_ENCODER`
 */
export function openReviewEncoder(
  folder: string,
  manifest: ArtifactManifest,
  { models, threads }: { models?: string; threads?: number } = {},
): Promise<TextEncoder> {
  const facts = factsSchema.safeParse(manifest.model);
  if (!facts.success) throw bad(folder, 'its manifest does not describe a hybrid');
  const places = textPlaces(folder, { models });
  return reopenEncoder(folder, REVIEW_TEXTS, facts.data.encoder, places, { threads });
}

const bad = (folder: string, what: string) =>
  new TowerkitError('BAD_ARTIFACT', `${folder} is not a whole artifact: ${what}`, {
    hint: 'train again, or copy the folder again from where it came',
    details: { folder },
  });
