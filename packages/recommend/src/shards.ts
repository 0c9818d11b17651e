import { badOption, TowerkitError } from '@towerkit/core';
import { existsSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A part of a job that several processes share. */
export interface Shard {
  /** Which one, from 1. */
  readonly index: number;
  /** How many there are. */
  readonly of: number;
}

/** Most shards of a job. */
const MOST = 99_999;

/** @throws TowerkitError `BAD_OPTION` for a shard that is none of so many */
export function requireShard({ index, of }: Shard): void {
  if (!(Number.isSafeInteger(of) && of >= 1 && of <= MOST))
    throw badOption('shard.of', of, `must be how many shards there are, from 1 to ${MOST}`);
  if (!(Number.isSafeInteger(index) && index >= 1 && index <= of))
    throw badOption('shard.index', index, `must be which of the ${of} shards, from 1 to ${of}`);
}

/**
 * Reads `2/8`, the second of eight.
 *
 * @throws TowerkitError `BAD_OPTION`
 * @example
 * ```ts
 * shardOf('2/8'); // { index: 2, of: 8 }
 * ```
 */
export function shardOf(text: string): Shard {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text.trim()) ?? [];
  if (of === undefined)
    throw badOption('shard', text, 'must be which of how many, such as 2/8; the first is 1');
  const shard = { index: Number(index), of: Number(of) };
  requireShard(shard);
  return shard;
}

/** The batches of a shard, of so many: each in one shard, whatever their number, so that lists do not depend on it. */
export const batchesOfShard = (
  batches: number,
  { index, of }: Shard,
): readonly [from: number, to: number] => [
  Math.floor((batches * (index - 1)) / of),
  Math.floor((batches * index) / of),
];

/**
 * Where a shard is written: the file itself, or `part-00002-of-00008.parquet` in a folder, which is made where its name ends
 * in `/`.
 *
 * @returns the file, and whether it is there already: a part of a folder is written once
 * @throws TowerkitError `UNWRITABLE` where the folder cannot be made
 */
export async function shardFile(
  out: string,
  { index, of }: Shard,
): Promise<{ readonly file: string; readonly isThere: boolean }> {
  const isFolder = out.endsWith('/') || (await stat(out).catch(() => undefined))?.isDirectory();
  if (!isFolder) return { file: out, isThere: false };
  await mkdir(out, { recursive: true }).catch((cause: Error) => {
    throw new TowerkitError('UNWRITABLE', `cannot make ${out}: ${cause.message}`, { cause });
  });
  const number = (value: number) => String(value).padStart(5, '0');
  const file = join(out, `part-${number(index)}-of-${number(of)}.parquet`);
  return { file, isThere: existsSync(file) };
}
