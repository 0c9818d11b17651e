import { Als } from '@towerkit/als';
import {
  badArtifact,
  readArtifactTable,
  readMatrices,
  verifyArtifact,
  type VerifiedArtifact,
} from '@towerkit/artifact';
import { reopenEncoder, textEncodingSchema, textPlaces } from '@towerkit/features';
import type { TextEncoder } from '@towerkit/text';
import { join } from 'node:path';
import { z } from 'zod';

import { hybridSchema, type HybridConfig } from '../schema.js';
import { contextEncoding } from './context.js';
import { scalesOf } from './foundation.js';
import { HybridRecommender } from './hybrid-recommender.js';
import { PairScorer } from './pair-scorer.js';
import { rankingScore } from './ranking-score.js';
import { UserMemory } from './user-memory.js';

/** Name of the text encoder in the artifact. */
export const REVIEW_TEXTS = 'reviews';

/** Schema of the facts of a hybrid, the `model` of its manifest. */
export const factsSchema = z.object({
  /** Version of these facts. Artifacts from before there was one have version 1. */
  version: z.literal(1).default(1),
  /** The part `hybrid` of the config; in artifacts from before the facts had it, of the recipe. */
  options: hybridSchema.optional(),
  memory: z.object({ regularization: z.number(), similarity: z.number() }),
  mean: z.number(),
  dated: z.boolean(),
  devices: z.array(z.string()).optional(),
  /** Dense ids of anonymous users. */
  anonymous: z.array(z.number().int()),
  parameters: z.object({ rating: z.number(), ranking: z.number() }),
  encoder: textEncodingSchema,
});

/** What the manifest of a hybrid says of the model. */
export type HybridFacts = z.output<typeof factsSchema>;

/**
 * Reads a hybrid back.
 *
 * @param source a folder, or an artifact that was verified already
 * @throws TowerkitError `ARTIFACT_NOT_FOUND`, `BAD_ARTIFACT`
 */
export async function loadHybrid(
  source: string | VerifiedArtifact,
  { threads = 1 }: { threads?: number } = {},
): Promise<HybridRecommender> {
  const artifact = await verifyArtifact(source, 'hybrid');
  const { folder, manifest } = artifact;
  const { memory, mean, dated, devices, anonymous, encoder, options: hybrid } = hybridFactsOf(artifact);
  const { matrices } = await readMatrices(join(folder, 'hybrid.safetensors'));
  const { columns } = await readArtifactTable(artifact, 'reviews.parquet');
  const { user, item, rating, text } = columns;
  const { products, texts, item_bias: bias, reviews } = matrices;
  const within = (ids: ArrayLike<unknown>, size: number): ids is Int32Array =>
    ids instanceof Int32Array && ids.every((id) => id >= 0 && id < size);
  if (
    [user, item, rating, text, products, texts, bias, reviews].includes(undefined as never) ||
    reviews.rows !== user.length ||
    texts.cols !== encoder.dimensions ||
    products.rows !== texts.rows ||
    bias.data.length !== texts.rows ||
    !within(user, manifest.dataset.users) ||
    !within(item, texts.rows)
  )
    throw badArtifact(folder, 'its files do not fit each other');
  const als = await Als.load(folder);
  const isAnonymous = new Uint8Array(manifest.dataset.users);
  for (const id of anonymous) isAnonymous[id] = 1;
  const remembered = new UserMemory(reviews.cols, isAnonymous);
  const counts = new Int32Array(texts.rows);
  user.forEach((who, row) => {
    counts[item[row]]++;
    remembered.add(who, {
      item: item[row],
      rating: (rating as Float32Array)[row],
      vector: reviews.row(row),
      text: (text as (string | null)[])[row] ?? undefined,
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
    foundation: { als, scales: scalesOf(als), mean, itemBias: Float64Array.from(bias.data), counts },
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
  artifact: VerifiedArtifact,
  { models, threads }: { models?: string; threads?: number } = {},
): Promise<TextEncoder> {
  const { folder } = artifact;
  const { encoder } = hybridFactsOf(artifact);
  return reopenEncoder(folder, REVIEW_TEXTS, encoder, textPlaces(folder, { models }), { threads });
}

/**
 * The facts of a hybrid, and the options it was fitted with.
 *
 * @throws TowerkitError `BAD_ARTIFACT`
 */
export function hybridFactsOf({
  folder,
  manifest,
}: VerifiedArtifact): HybridFacts & { readonly options: HybridConfig } {
  const facts = factsSchema.safeParse(manifest.model);
  if (!facts.success) throw badArtifact(folder, 'its manifest does not describe a hybrid');
  if (facts.data.options) return { ...facts.data, options: facts.data.options };
  const options = hybridSchema.safeParse(renamed(manifest.recipe.hybrid));
  if (!options.success) throw badArtifact(folder, 'its manifest does not describe a hybrid');
  return { ...facts.data, options: options.data };
}

/** Recipes of artifacts without options among their facts call the power of the negatives `alpha`. */
function renamed(hybrid: unknown): unknown {
  const { negatives, ...rest } = (hybrid ?? {}) as { negatives?: Record<string, unknown> };
  if (!negatives) return hybrid;
  const { alpha, ...other } = negatives;
  return { ...rest, negatives: { ...other, ...(alpha !== undefined && { power: alpha }) } };
}
