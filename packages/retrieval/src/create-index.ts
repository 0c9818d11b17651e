import type { ExactOptions } from './drivers/exact/driver.js';
import type { FaissOptions } from './drivers/faiss/options.js';
import type { IvfOptions } from './drivers/ivf/settings.js';
import type { HnswOptions } from './drivers/hnsw/settings.js';
import type { MilvusOptions } from './drivers/milvus/options.js';
import type { PgvectorOptions } from './drivers/pgvector/options.js';
import { driverNamed, type DriverName } from './drivers/registry.js';
import { openSaved, readManifest } from './files/saved-index.js';
import type { IndexOptions, VectorIndex } from './vector-index.js';

/** Of each driver, beside those that all have. */
export interface DriverOptions {
  exact: ExactOptions;
  ivf: IvfOptions;
  hnsw: HnswOptions;
  faiss: FaissOptions;
  milvus: MilvusOptions;
  pgvector: PgvectorOptions;
}

/**
 * An empty index of a driver.
 *
 * @throws TowerkitError `BAD_OPTION`; `MISSING_DRIVER` where its package is not installed; a database's `UNAVAILABLE`
 *
 * @example
 * ```ts
 * const index = await createIndex('hnsw', { dimensions: 64, metric: 'cosine', ef: 48 });
 * await index.build(vectors, { ids });
 * ```
 */
export async function createIndex<Name extends DriverName>(
  driver: Name,
  options: IndexOptions & DriverOptions[Name],
): Promise<VectorIndex> {
  return (await driverNamed(driver)).create(options);
}

/**
 * Opens what {@link VectorIndex.save} wrote: reads the driver from its manifest and verifies every file's checksum.
 *
 * @param options the driver's own, where they are not saved, such as threads or a connection
 * @throws TowerkitError `INDEX_NOT_FOUND`, `BAD_INDEX` for one that is cut off, corrupt or of another version,
 *   `MISSING_DRIVER`
 */
export async function loadIndex(
  path: string,
  options: Partial<DriverOptions[DriverName]> = {},
): Promise<VectorIndex> {
  const saved = await openSaved(path);
  return (await driverNamed(saved.manifest.driver)).load(saved, options);
}

/**
 * The name of a saved index's driver. It says whether opening the index takes a connection to a database.
 *
 * @param path the folder that `save` wrote
 * @throws TowerkitError `INDEX_NOT_FOUND`, `BAD_INDEX`
 */
export const savedDriver = async (path: string): Promise<string> => (await readManifest(path)).driver;
