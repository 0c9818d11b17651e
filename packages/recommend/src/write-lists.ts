import { holdPath } from '@towerkit/core/files';
import { writeTable } from '@towerkit/data';

import type { OpenArtifact } from './open-artifact.js';
import type { RecommendAllOptions } from './recommend-all.js';
import { requireShard, shardFile, type Shard } from './shards.js';

/** Options of {@link writeLists}. */
export interface WriteListsOptions extends RecommendAllOptions {
  /** `.csv`, `.csv.gz`, `.tsv` or `.parquet`; or a folder, which gets a Parquet file of the shard. */
  readonly out: string;
  /** How many items for each user. Default 10. */
  readonly k?: number;
  /** Is told how many of how many users are done; stops the job by throwing. */
  readonly onDone?: (done: number, total: number) => void;
}

/** What was written. */
export interface WrittenLists {
  readonly file: string;
  /** Users of the shard. */
  readonly users: number;
  readonly rows: number;
  /** True where the part of a folder was there already, and nothing was done. */
  readonly kept: boolean;
}

const SCHEMA = { user: 'VARCHAR', rank: 'INTEGER', item: 'VARCHAR', score: 'FLOAT' } as const;
const WHOLE: Shard = { index: 1, of: 1 };

/**
 * Writes the lists of all users, or of a shard of them, under a temporary name that is renamed when the file is whole. Shards of one
 * folder may be written by as many processes, in any order and again after a failure: those that are there are kept, and together they are
 * the same lists whatever their number.
 *
 * @throws TowerkitError `BAD_OPTION`, also for a shard out of range; `UNKNOWN_FORMAT`, `UNWRITABLE`, `LOCKED`; of the moment as
 *   `recommendAll`
 * @example
 * ```ts
 * const artifact = await openArtifact('artifacts/shop');
 * await writeLists(artifact, { out: 'lists/', k: 20, shard: { index: 2, of: 8 } });
 * ```
 */
export async function writeLists(
  artifact: Pick<OpenArtifact, 'recommendAll'>,
  { out, k = 10, onDone, ...options }: WriteListsOptions,
): Promise<WrittenLists> {
  const { shard = WHOLE } = options;
  requireShard(shard);
  const { file, isThere } = await shardFile(out, shard);
  if (isThere) return { file, users: 0, rows: 0, kept: true };
  let users = 0;
  const told = (done: number, total: number) => {
    users = total;
    onDone?.(done, total);
  };
  const lists = artifact.recommendAll(k, told, options);
  const rows = await holdPath(file, () => writeTable(file, SCHEMA, lists), { makeParents: false });
  return { file, users, rows, kept: false };
}
