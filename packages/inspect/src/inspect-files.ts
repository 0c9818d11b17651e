import type { DuckDbOptions } from '@towerkit/data';
import { rowsOf, withDuckDB } from '@towerkit/data/internal';
import type { DuckDBConnection } from '@duckdb/node-api';
import { basename } from 'node:path';

import { TowerkitError } from './errors.js';
import { logFacts } from './facts/log-facts.js';
import { trapsOf } from './facts/traps.js';
import { load, SAMPLE } from './files/load.js';
import type { SampleSize } from './files/sample-text.js';
import { guessLogs, ENOUGH, type LogGuess } from './guess/choose-log.js';
import { guessLogColumns } from './guess/log-columns.js';
import { leftOver, partOf } from './guess/left-over.js';
import { sideTables } from './guess/side-tables.js';
import type { ProfiledFile } from './guess/tables.js';
import type { Inspection } from './inspection.js';
import { joinTables } from './join/join-tables.js';
import type { Joined } from './join/joined.js';
import { listRows } from './join/list-rows.js';
import { orderHeader } from './join/order-header.js';
import { sameLogs } from './join/same-logs.js';
import { profileTable } from './profile/profile-table.js';

/** How files are looked at. */
export interface InspectOptions extends DuckDbOptions {
  /** Text files of more bytes than `whole` are looked at in pieces, of `taken` bytes in all. Default 256 MB and 64 MB. */
  readonly sample?: SampleSize;
  /** Roles that are known: names of the log's columns that hold users and items. */
  readonly columns?: { readonly user?: string; readonly item?: string };
  /** Now, in seconds since 1970; default the clock's. */
  readonly now?: number;
}

/** Files looked at together, at most. */
const MOST_FILES = 20;

/**
 * Looks at files and says what they hold: which is the log of interactions, which column says who, what and when, which tables
 * tell of the items and of the users, figures, and what is likely to mislead. Decided by contents first (what is unique, what
 * joins, what depends on what), by names where they say something. Nothing is written.
 *
 * @param paths files of CSV, TSV, JSON lines, Parquet or sequences, also gzip
 * @throws TowerkitError `NO_DATA` without a file; `MISSING_COLUMN` for a column of `columns` that no file has; `EMPTY_DATA`, `BAD_FILE`, `FILE_NOT_FOUND`, `UNKNOWN_FORMAT`, and what reading throws
 *
 * @example
 * ```ts
 * const { log, facts, traps } = await inspectFiles(['orders.csv', 'products.csv']);
 * console.log(log?.user.name, log?.item.name, facts?.users, traps.map(({ what }) => what));
 * ```
 */
export async function inspectFiles(
  paths: readonly string[],
  options: InspectOptions = {},
): Promise<Inspection> {
  if (paths.length === 0)
    throw new TowerkitError('NO_DATA', 'there is no file to look at', {
      hint: 'name the file of interactions, and those of items and users',
    });
  if (paths.length > MOST_FILES)
    throw new TowerkitError('BAD_OPTION', `${paths.length} files are too many to look at together`, {
      hint: `name up to ${MOST_FILES}: the interactions, the items, the users`,
      details: { option: 'paths' },
    });
  return withDuckDB(options, async (connection) => {
    const files: ProfiledFile[] = [];
    for (const [i, path] of paths.entries()) {
      const file = await load(connection, path, `f${i}`, options.sample ?? SAMPLE);
      if (file.rows === 0)
        throw new TowerkitError('EMPTY_DATA', `${basename(path)} has no rows`, { details: { file: path } });
      const samples = await rowsOf(connection, `SELECT * EXCLUDE (n) FROM ${file.table} ORDER BY n LIMIT 3`);
      files.push({
        ...file,
        profiles: await profileTable(connection, file),
        samples: samples.map((row) =>
          file.columns.map((_, place) => (row[place] === null ? null : String(row[place]))),
        ),
      });
    }
    requireKnown(files, options.columns ?? {});
    return inspectProfiled(connection, files, options);
  });
}

/** Columns that somebody named must be there. */
function requireKnown(files: readonly ProfiledFile[], named: NonNullable<InspectOptions['columns']>): void {
  const found = [...new Set(files.flatMap(({ columns }) => columns))];
  for (const column of Object.values(named))
    if (column !== undefined && !found.includes(column))
      throw new TowerkitError('MISSING_COLUMN', `no file has the column "${column}"`, {
        hint: `they have ${found.slice(0, 30).join(', ')}`,
        details: { column, found },
      });
}

async function inspectProfiled(
  connection: DuckDBConnection,
  files: readonly ProfiledFile[],
  options: InspectOptions,
  isMade = false,
): Promise<Inspection> {
  const guesses = await guessLogs(connection, files, options.columns);
  const log = (guesses.find(({ score, file }) => score >= ENOUGH && partOf(file.name) === undefined) ??
    guesses.find(({ score }) => score >= ENOUGH)) as LogGuess | undefined;
  const made = isMade ? undefined : await madeLog(connection, files, guesses, log, options);
  if (made) {
    const rest = files.filter((one) => !made.of.includes(one));
    const file = await joinTables(connection, made.joined, made.of);
    const inspection = await inspectProfiled(connection, [file, ...rest], options, true);
    if (log ?? inspection.log) return { ...inspection, joined: made.joined };
  }
  if (!log) return { files, unused: [], traps: [], apart: [] };
  const columns = await guessLogColumns(connection, log);
  const { catalog, users } = sideTables(log, columns);
  const { unused, apart, heldBack } = await leftOver(connection, log, guesses, files, { catalog, users });
  const facts = await logFacts(connection, log, columns);
  const now = options.now ?? Date.now() / 1000;
  const traps = trapsOf(log, columns, facts, { catalog, users }, now);
  return {
    ...{ files, log, columns, unused, apart, facts, traps },
    ...(catalog && { catalog }),
    ...(users && { users }),
    ...(heldBack && { heldBack }),
  };
}

/** A log that the files hold in another form: in lists, in several files, or without saying who, which another file says. */
async function madeLog(
  connection: DuckDBConnection,
  files: readonly ProfiledFile[],
  guesses: readonly LogGuess[],
  log: LogGuess | undefined,
  { columns = {} }: InspectOptions,
): Promise<{ readonly joined: Joined; readonly of: readonly ProfiledFile[] } | undefined> {
  if (columns.user !== undefined || columns.item !== undefined) return undefined;
  const lists = listRows(files, log);
  if (lists) return { joined: lists.joined, of: [lists.file] };
  if (!log) return undefined;
  const parts = await sameLogs(connection, log, guesses);
  if (parts.length > 1) return { joined: { kind: 'parts', files: parts.map(({ path }) => path) }, of: parts };
  const header = orderHeader(log);
  if (!header) return undefined;
  const { from, column, table, key } = header;
  const on = [column.name, key.name] as const;
  return { joined: { kind: 'orders', lines: from.path, header: table.path, on }, of: [from, table] };
}
