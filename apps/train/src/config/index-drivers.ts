import { TowerkitError } from '@towerkit/core';
import type { DriverName, DriverOptions } from '@towerkit/retrieval';

/** Drivers of `towerkit index`, by name: known without loading what they are made of. */
export const driverNames: readonly DriverName[] = ['exact', 'ivf', 'hnsw', 'faiss', 'pgvector', 'milvus'];

/** What the command is told of a driver. */
export interface DriverFlags {
  readonly driver: DriverName;
  readonly factory?: string;
  readonly url?: string;
  readonly name?: string;
  readonly threads?: number;
}

/**
 * A driver's own options from the flags.
 *
 * @param artifact name of the artifact, which names a table where the flags do not
 * @throws TowerkitError `BAD_USAGE` for a flag that the driver has no use for
 */
export function driverOptions(flags: DriverFlags, artifact: string): DriverOptions[DriverName] {
  const { driver, factory, url, name, threads } = flags;
  const isDatabase = driver === 'pgvector' || driver === 'milvus';
  for (const [flag, value, fits] of [
    ['--factory', factory, driver === 'faiss'],
    ['--url', url, isDatabase],
    ['--name', name, isDatabase],
  ] as const)
    if (value !== undefined && !fits)
      throw new TowerkitError('BAD_USAGE', `the driver ${driver} has no use for ${flag}`);
  const named = name ?? `towerkit_${artifact.toLowerCase().replace(/[^a-z0-9]+/g, '_')}`.slice(0, 40);
  switch (driver) {
    case 'faiss':
      return { factory: factory ?? 'HNSW32', ...(threads !== undefined && { threads }) };
    case 'pgvector':
      return { table: named, ...(url !== undefined && { connection: url }) };
    case 'milvus':
      return { collection: named, ...(url !== undefined && { address: url }) };
    default:
      return threads === undefined ? {} : { threads };
  }
}
