import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { badOption, isTowerkitError, requireCount } from '@towerkit/core';
import { DuckDBInstance, type DuckDBConnection, type DuckDBDataChunk } from '@duckdb/node-api';

import { TowerkitError } from './errors.js';

/** How much of the machine DuckDB may take. */
export interface DuckDbOptions {
  /** Memory DuckDB may use before it spills to the temporary folder, such as `'512MB'`. Default `'1GB'`. */
  readonly memoryLimit?: string;
  /** Threads DuckDB may use, at least 1. Default: one per core. Results do not depend on it. */
  readonly threads?: number;
}

/**
 * Runs `work` on a fresh in-memory DuckDB and closes it afterwards, whatever happens. No extension is ever
 * downloaded, nothing is kept in or read from the user's home, and what does not fit `memoryLimit` spills to a
 * temporary folder that goes away at the end.
 *
 * @throws TowerkitError `BAD_OPTION`; `OUT_OF_MEMORY` when `memoryLimit` is too small even with spilling
 */
export async function withDuckDB<T>(
  { memoryLimit = '1GB', threads }: DuckDbOptions,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  if (!/^\d+(\.\d+)?\s*[KMGT]i?B$/i.test(memoryLimit))
    throw badOption('memoryLimit', memoryLimit, "must look like '512MB'");
  if (threads !== undefined) requireCount('threads', threads);
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: memoryLimit,
    temp_directory: join(tmpdir(), `towerkit-duckdb-${randomUUID()}`),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_persistent_secrets: 'false', // nothing in ~/.duckdb is read
    ...(threads === undefined ? {} : { threads: String(threads) }),
  });
  try {
    const connection = await instance.connect();
    try {
      await connection.run(`SET TimeZone = 'UTC'`); // dates without a zone mean the same on every machine
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  } catch (error) {
    throw outOfMemory(error, memoryLimit) ?? error;
  } finally {
    instance.closeSync();
  }
}

/** Visits the chunks of a streamed query in order. */
export async function eachChunk(
  connection: DuckDBConnection,
  sql: string,
  visit: (chunk: DuckDBDataChunk) => void,
): Promise<void> {
  const result = await connection.stream(sql);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    visit(chunk);
  }
}

/** The rows of a small query, values as JavaScript has them and whole numbers as `number`. */
export async function rowsOf(
  connection: DuckDBConnection,
  sql: string,
): Promise<(string | number | boolean | null)[][]> {
  const rows = (await connection.runAndReadAll(sql)).getRows();
  return rows.map((row) =>
    row.map((value) => (typeof value === 'bigint' ? Number(value) : (value as string | number | null))),
  );
}

/**
 * A text as SQL must select it for DuckDB's client to read it whole: the client takes a byte order mark at the start of any
 * text for one of a file and drops it, so it is given another to drop.
 */
export const readable = (text: string) =>
  `CASE WHEN starts_with(${text}, chr(65279)) THEN chr(65279) || ${text} ELSE ${text} END`;

/** A query's only column, of strings, null where missing. */
export async function stringsOf(connection: DuckDBConnection, sql: string): Promise<(string | null)[]> {
  const names: (string | null)[] = [];
  await eachChunk(connection, `SELECT ${readable('text')} FROM (${sql}) AS read (text)`, (chunk) => {
    for (const name of chunk.getColumnValues(0)) names.push(name as string | null);
  });
  return names;
}

/** A string as an SQL literal. */
export const literal = (value: string) => `'${value.replaceAll("'", "''")}'`;

/** A name as a quoted SQL identifier. */
export const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** A path as an SQL literal that no character of it turns into a pattern. */
export const pathLiteral = (path: string) => literal(path.replace(/[[*?]/g, '[$&]'));

function outOfMemory(error: unknown, memoryLimit: string): TowerkitError | undefined {
  const cause = (isTowerkitError(error) ? error.cause : error) as { message?: unknown } | undefined;
  if (!/out of memory|failed to (allocate|pin)/i.test(String(cause?.message))) return undefined;
  return new TowerkitError('OUT_OF_MEMORY', `DuckDB needs more than memoryLimit ${memoryLimit}`, {
    hint: 'raise memoryLimit, or free space in the temporary folder',
    cause,
  });
}
