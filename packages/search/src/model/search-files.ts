import {
  badArtifact,
  readArtifactTable,
  readMatrices,
  verifyArtifact,
  writeMatrices,
  type VerifiedArtifact,
} from '@towerkit/artifact';
import type { Matrix } from '@towerkit/core';
import { writeFile } from 'node:fs/promises';
import { readRegular } from '@towerkit/core/files';
import { join } from 'node:path';
import { z } from 'zod';

import { productTexts } from '../data/product-texts.js';
import { labelsSchema } from '../schema.js';
import { BagTower } from '../tower/bag-tower.js';
import { FeatureTable } from '../words/feature-table.js';
import type { SearchParts } from './search-model.js';

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
  lexical: z.object({ k1: z.number(), b: z.number() }),
  /** What the tower counts beside BM25. */
  weight: z.number().min(0),
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
  if (facts.success) return facts.data;
  throw badArtifact(folder, 'its manifest does not describe a search');
}

/**
 * Writes a search's own files: `features.json` (names of the features), `search.safetensors` (`vectors` [features, dimensions])
 * and `item_vectors.safetensors` (`vectors` [products, dimensions]). BM25 is made anew from the catalog.
 */
export async function writeSearchFiles(into: string, { tower, vectors }: SearchParts): Promise<void> {
  await writeFile(join(into, FEATURES), `${JSON.stringify(tower.features.names)}\n`);
  await writeMatrices(join(into, TOWER), { vectors: tower.vectors });
  await writeMatrices(join(into, VECTORS), { vectors });
}

/**
 * Reads the parts of a search back.
 *
 * @param source a folder, or an artifact that was verified already
 * @throws TowerkitError `ARTIFACT_NOT_FOUND`, `BAD_ARTIFACT`
 */
export async function readSearchParts(source: string | VerifiedArtifact): Promise<SearchParts> {
  const artifact = await verifyArtifact(source, 'search');
  const { folder } = artifact;
  const { text, features, lexical, weight } = searchFactsOf(artifact);
  const { columns, rows } = await readArtifactTable(artifact, 'items.parquet');
  const names = namesIn(await readRegular(join(folder, FEATURES)));
  const tower = await matrixIn(folder, TOWER);
  const vectors = await matrixIn(folder, VECTORS);
  if (!names || names.length !== tower.rows || vectors.rows !== rows || vectors.cols !== tower.cols)
    throw badArtifact(folder, 'its files do not fit each other');
  if (!tower.data.every(Number.isFinite) || !vectors.data.every(Number.isFinite))
    throw badArtifact(folder, 'its vectors are not finite');
  return {
    texts: productTexts(text, (name) => columns[name], rows),
    tower: new BagTower(new FeatureTable(names, features), tower),
    vectors,
    lexical,
    weight,
  };
}

async function matrixIn(folder: string, file: string): Promise<Matrix> {
  const { matrices } = await readMatrices(join(folder, file));
  if (matrices.vectors) return matrices.vectors;
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
