import type { VerifiedArtifact } from '@towerkit/artifact';
import { badArtifact } from '@towerkit/artifact';
import type { Matrix } from '@towerkit/core';
import {
  createIndex,
  loadIndex,
  savedDriver,
  type DriverOptions,
  type VectorIndex,
} from '@towerkit/retrieval';
import { join } from 'node:path';

/** What the drivers of databases need to connect, by the driver's name: addresses and passwords are not saved. */
export type IndexConnections = Readonly<{
  readonly [Name in 'pgvector' | 'milvus']?: Partial<DriverOptions[Name]>;
}>;

/** Whether an artifact has an index of its own. */
export const hasIndex = ({ manifest }: VerifiedArtifact): boolean => 'index/index.json' in manifest.files;

/**
 * Opens the index of an artifact, whatever its driver.
 *
 * @param vectors the vectors of the model's items, [items, dimensions], which it must hold
 * @param options.threads of an index in memory
 * @throws TowerkitError `BAD_ARTIFACT` for an index of other vectors; what `loadIndex` throws
 */
export async function openIndex(
  { folder }: VerifiedArtifact,
  { rows, cols }: Matrix,
  { threads, index: connections = {} }: { threads?: number; index?: IndexConnections },
): Promise<VectorIndex> {
  const path = join(folder, 'index');
  const driver = await savedDriver(path);
  const isDatabase = driver === 'pgvector' || driver === 'milvus';
  const index = await loadIndex(path, isDatabase ? (connections[driver] ?? {}) : { threads });
  const { size, dimensions, metric, largestId = -1 } = index;
  const fits = dimensions === cols && size === rows && metric === 'ip';
  if (fits && largestId < rows) return index;
  await index.close();
  if (fits)
    throw badArtifact(
      folder,
      `its index holds the item ${largestId}, the model ${rows} items: build it again`,
    );
  throw badArtifact(
    folder,
    `its index has ${size} vectors of ${dimensions} (${metric}), the model ${rows} of ${cols} (ip): build it again`,
  );
}

/** An index that compares every vector. */
export async function exactIndex(vectors: Matrix, threads?: number): Promise<VectorIndex> {
  const index = await createIndex('exact', { dimensions: vectors.cols, threads });
  await index.build(vectors);
  return index;
}
