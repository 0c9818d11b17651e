import {
  badArtifact,
  readArtifactTable,
  readMatrices,
  verifyArtifact,
  writeMatrices,
  type VerifiedArtifact,
} from '@towerkit/artifact';
import type { Matrix } from '@towerkit/core';
import { textEncodingSchema } from '@towerkit/features';
import { writeFile } from 'node:fs/promises';
import { readRegular } from '@towerkit/core/files';
import { join } from 'node:path';
import { z } from 'zod';

import { productTexts } from '../data/product-texts.js';
import { USUAL_WEIGHT } from './hybrid-weight.js';
import { labelsSchema } from '../schema.js';
import { BagTower } from '../tower/bag-tower.js';
import { layerNames, SENTENCE, type DenseLayer, type HeadValues } from '../tower/dense-head.js';
import { SearchTower } from '../tower/search-tower.js';
import { FeatureTable } from '../words/feature-table.js';
import type { SearchParts } from './search-model.js';
import { StoredSentences, type SentenceOptions } from './sentences.js';

const FEATURES = 'features.json';
const TOWER = 'search.safetensors';
const VECTORS = 'item_vectors.safetensors';

/** Schema of the facts of a search, the `model` of its manifest. */
const factsSchema = z.object({
  version: z.literal(1),
  /** Columns of the catalog that are read as text. */
  text: z.array(z.string()).min(1),
  features: z.object({
    ngrams: z.array(z.int().min(1)),
    ngramWeight: z.number(),
    pairs: z.boolean(),
  }),
  /** Layers over the sums of features. */
  layers: z.array(z.object({ units: z.int().min(1), norm: z.enum(['none', 'layer', 'batch']) })).default([]),
  /** What the product tower reads beside the text; nothing in artifacts from before it was kept. */
  inputs: z
    .object({
      id: z.boolean(),
      categories: z.array(z.string()),
      numbers: z.record(z.string(), z.array(z.number())),
    })
    .default({ id: false, categories: [], numbers: {} }),
  /** The encoder whose frozen vectors stand beside the features, and their share of a cosine. */
  sentence: z.object({ encoding: textEncodingSchema, share: z.number().min(0).max(1) }).optional(),
  lexical: z.object({ k1: z.number(), b: z.number() }),
  /** What a cosine of the tower counts beside BM25, and at what scale that stands. */
  weight: z.number().min(0),
  /** Absent in artifacts from before, whose weight was one of deviations: they are searched with the usual one. */
  scale: z.literal('query-length').optional(),
  /** How judgments are read: a file of targets has the same columns. */
  judgments: z.object({
    columns: z.object({ query: z.string(), product: z.string(), label: z.string() }),
    labels: labelsSchema,
    relevant: z.number(),
  }),
  /** How products are read: a file of new ones has the same columns. Absent in artifacts from before it was kept. */
  products: z.object({ columns: z.object({ id: z.string() }).catchall(z.string()) }).optional(),
  best: z.int(),
  epochs: z.array(z.object({ epoch: z.int(), loss: z.number().nullable(), value: z.number() })),
  /** What held-back queries share with training. */
  leakage: z.record(z.string(), z.number()).optional(),
});

/** What the manifest of a search says of the model. */
export type SearchFacts = z.output<typeof factsSchema>;

/** The facts of a search. @throws TowerkitError `BAD_ARTIFACT` */
export function searchFactsOf({
  folder,
  manifest,
}: Pick<VerifiedArtifact, 'folder' | 'manifest'>): SearchFacts {
  const facts = factsSchema.safeParse(manifest.model);
  if (facts.success) return facts.data.scale ? facts.data : { ...facts.data, weight: USUAL_WEIGHT };
  throw badArtifact(folder, 'its manifest does not describe a search');
}

/**
 * Writes a search's own files: `features.json` (names of the features), `search.safetensors` (`vectors` [features, dimensions],
 * `products` of the same shape where these have their own, values of layers and of the projection of sentences) and `item_vectors.safetensors` (`vectors` [products, dimensions]). BM25 is
 * made anew from the catalog.
 */
export async function writeSearchFiles(
  into: string,
  { tower: { parts }, vectors }: Pick<SearchParts, 'tower' | 'vectors'>,
): Promise<void> {
  await writeFile(join(into, FEATURES), `${JSON.stringify(parts.bag.features.names)}\n`);
  await writeMatrices(join(into, TOWER), {
    vectors: parts.bag.vectors,
    ...(parts.products && { products: parts.products }),
    ...parts.values,
  });
  await writeMatrices(join(into, VECTORS), { vectors });
}

/**
 * Reads the parts of a search back.
 *
 * @param source a folder, or an artifact that was verified already
 * @param sentences where the encoder is that the towers read sentences with, if they do; it is opened by the first text
 * @throws TowerkitError `ARTIFACT_NOT_FOUND`, `BAD_ARTIFACT`
 */
export async function readSearchParts(
  source: string | VerifiedArtifact,
  sentences: SentenceOptions = {},
): Promise<SearchParts> {
  const artifact = await verifyArtifact(source, 'search');
  const { folder } = artifact;
  const { text, features, layers, sentence, lexical, weight } = searchFactsOf(artifact);
  const { columns, rows } = await readArtifactTable(artifact, 'items.parquet');
  const names = namesIn(await readRegular(join(folder, FEATURES)));
  const { vectors: table, products: own, ...values } = await matricesIn(folder, TOWER);
  const products: Matrix | undefined = own;
  const { vectors } = await matricesIn(folder, VECTORS);
  if (
    !names ||
    names.length !== table.rows ||
    (products && (products.rows !== table.rows || products.cols !== table.cols)) ||
    vectors.rows !== rows ||
    !fits(table.cols, layers, sentence, values)
  )
    throw badArtifact(folder, 'its files do not fit each other');
  if (
    ![table, vectors, ...(products ? [products] : []), ...Object.values(values)].every(({ data }) =>
      data.every(Number.isFinite),
    )
  )
    throw badArtifact(folder, 'its vectors are not finite');
  const tower = new SearchTower({
    bag: new BagTower(new FeatureTable(names, features), table),
    ...(products && { products }),
    ...{ layers, values },
    ...(sentence && {
      sentence: {
        encoder: new StoredSentences(folder, sentence.encoding, sentences),
        share: sentence.share,
      },
    }),
  });
  if (vectors.cols !== tower.dimensions) throw badArtifact(folder, 'its files do not fit each other');
  const texts = productTexts(text, (name) => columns[name], rows);
  return { texts, tower, vectors, lexical, weight };
}

/** Whether the values of a head have the shapes that its layers need. */
function fits(
  dimensions: number,
  layers: readonly DenseLayer[],
  sentence: SearchFacts['sentence'],
  values: HeadValues,
): boolean {
  const widths = [dimensions, ...layers.map(({ units }) => units)];
  return (
    layers.every(({ units, norm }, layer) => {
      const { weights, bias, gain, shift, mean, variance } = layerNames(layer);
      const vectors = [
        bias,
        ...(norm === 'none' ? [] : [gain, shift]),
        ...(norm === 'batch' ? [mean, variance] : []),
      ];
      return (
        values[weights]?.rows === widths[layer] &&
        values[weights].cols === units &&
        vectors.every((name) => values[name]?.data.length === units)
      );
    }) &&
    (!sentence || values[SENTENCE]?.rows === sentence.encoding.dimensions)
  );
}

async function matricesIn(
  folder: string,
  file: string,
): Promise<Record<string, Matrix> & { vectors: Matrix }> {
  const { matrices } = await readMatrices(join(folder, file));
  const { vectors } = matrices;
  if (vectors) return { ...matrices, vectors };
  throw badArtifact(folder, `${file} has no vectors`);
}

function namesIn(bytes: Uint8Array): string[] | undefined {
  try {
    const names: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : undefined;
  } catch {
    return undefined;
  }
}
