import { Vocabulary, type ItemId, type OnProgress } from '@towerkit/core';
import type { DuckDBConnection } from '@duckdb/node-api';

import type { OnBadRow, SpannedLines } from './bad-row.js';
import { clean, type CleaningRule, type Removal } from './cleaning.js';
import {
  eachChunk,
  identifier,
  literal,
  readable,
  rowsOf,
  stringsOf,
  withDuckDB,
  type DuckDbOptions,
} from './duckdb.js';
import { TowerkitError } from './errors.js';
import { takeRows } from './filter-rows.js';
import { formatOf } from './format.js';
import { IdEncoder } from './id-encoder.js';
import { interactionFields, type InteractionFields, type InteractionRoles } from './interaction-columns.js';
import type { InteractionLog } from './interaction-log.js';
import { orderRows } from './order-rows.js';
import { readSequences } from './read-sequences.js';
import type { RecordFormat } from './source.js';
import { stage, type Skipped } from './stage.js';

/** What {@link readInteractions} reads, and how. */
export interface ReadInteractionsOptions extends RecordFormat, InteractionRoles, DuckDbOptions {
  /** The file; or `paths`. */
  readonly path?: string;
  /** Several files of one format, read one after the other as if they were one. */
  readonly paths?: readonly string[];
  /** What to do with a row that cannot be used, `error` by default. */
  readonly onBadRow?: OnBadRow;
  /** Rules to apply, in order. */
  readonly clean?: readonly CleaningRule[];
  /** The item universe: its items take the first ids, in its order, and stay even without a row. */
  readonly items?: Vocabulary<ItemId>;
  readonly onProgress?: OnProgress;
}

/** A log, and what was left out of it on the way. */
export interface ReadLog extends InteractionLog {
  /** Rows left out because they could not be used. */
  readonly skipped: number;
  /** The one of them that spans most lines, where one spans several: more than one row may be lost with it. */
  readonly spanned?: SpannedLines;
  /** Rows that each cleaning rule dropped. */
  readonly removed: readonly Removal[];
}

/**
 * Reads interactions straight from disk: CSV, TSV, JSON lines (each plain or gzip), Parquet, sequence files.
 * DuckDB parses, numbers the ids and sorts; rows arrive as typed arrays. Ids are text to the letter and are
 * numbered by first appearance, so the result is the same on every run and any number of threads.
 *
 * @throws TowerkitError `FILE_NOT_FOUND`, `BAD_FILE`, `BAD_VALUE`, `UNKNOWN_FORMAT`, `MISSING_COLUMN` (lists the columns
 *   found), `BAD_ROW` (names file, line and column; also with `skip` where a quote never closes or a record has no end),
 *   `DUPLICATE_COLUMN`, `UNKNOWN_KIND`, `EMPTY_DATA`, `TOO_LARGE`, `BAD_OPTION`, `OUT_OF_MEMORY`
 *
 * @example
 * ```ts
 * const log = await readInteractions({
 *   path: 'ratings.csv.gz',
 *   columns: { user: 'userId', item: 'movieId', rating: 'rating', time: 'timestamp' },
 *   clean: [minimumRating(4), dedupe()],
 * });
 * ```
 */
export async function readInteractions(options: ReadInteractionsOptions): Promise<ReadLog> {
  const { path, clean: rules = [], items, onProgress } = options;
  const paths = options.paths ?? (path === undefined ? [] : [path]);
  if (paths.length === 0) throw new TowerkitError('BAD_OPTION', 'say what to read: path or paths');
  const sequences = (options.format ?? formatOf(paths[0])) === 'sequences';
  const { log, ...left } = sequences
    ? await sequenceLog(paths, options)
    : await withDuckDB(options, (connection) => recordLog(connection, paths, options));
  onProgress?.({ stage: 'read', done: log.user.length, total: log.user.length, unit: 'rows' });
  const cleaned = clean(log, rules, items === undefined ? 'drop' : 'keep');
  return { ...cleaned.log, ...left, removed: cleaned.removed };
}

type LogAndSkipped = Skipped & { readonly log: InteractionLog };

async function sequenceLog(
  paths: readonly string[],
  { items, onBadRow }: ReadInteractionsOptions,
): Promise<LogAndSkipped> {
  const { userNames, itemNames, user, item, skipped } = await readSequences(paths, items?.names, onBadRow);
  const log = { users: new Vocabulary(userNames), items: new Vocabulary(itemNames), user, item };
  return { log: takeRows(log, orderRows(userNames.length, user, [])), skipped };
}

async function recordLog(
  connection: DuckDBConnection,
  paths: readonly string[],
  options: ReadInteractionsOptions,
): Promise<LogAndSkipped> {
  const fields = interactionFields(options);
  const { columns } = options;
  const all = [...fields.roles, ...fields.more, ...fields.numbers];
  const { skipped, spanned } = await stage(connection, paths, options, all, options.onBadRow);
  const [[rows]] = await rowsOf(connection, 'SELECT count(*) FROM staged WHERE problem IS NULL');
  if (rows === 0)
    throw new TowerkitError(
      'EMPTY_DATA',
      `${paths.join(', ')}: no row to use` + (skipped > 0 ? `, ${skipped} skipped` : ''),
    );
  const userNames = await number(connection, 'user');
  const itemNames = await number(connection, 'item');
  const universe = new IdEncoder(options.items?.names);
  const itemId = Int32Array.from(itemNames, (name) => universe.idOf(name));
  const kinds = columns?.kind === undefined ? undefined : (options.kinds ?? (await kindsOf(connection)));
  const sortedRows = await sorted(connection, fields, rows as number, kinds, options.onProgress);
  if (options.timeUnit === 'minutes' && sortedRows.time) minutesToSeconds(sortedRows.time);
  const log: InteractionLog = {
    ...sortedRows,
    users: new Vocabulary(userNames),
    items: new Vocabulary(universe.names),
    item: sortedRows.item.map((id) => itemId[id]),
  };
  return { log, skipped, ...(spanned && { spanned }) };
}

/** The minutes of the year 2200; what is beyond counts something else, such as seconds or a date. */
const LAST_MINUTE = 120_968_640;

/** @throws TowerkitError `BAD_VALUE` for a time that is not one in minutes */
function minutesToSeconds(times: Float64Array): void {
  times.forEach((time, row) => {
    if (Math.abs(time) > LAST_MINUTE)
      throw new TowerkitError('BAD_VALUE', `the time ${time} is not one in minutes`, {
        hint: "leave out timeUnit: 'minutes' where times are dates or seconds",
      });
    times[row] = 60 * time;
  });
}

/** Makes the table `<role>s` of names and dense ids by first appearance; returns the names by id. */
async function number(connection: DuckDBConnection, role: 'user' | 'item'): Promise<string[]> {
  await connection.run(
    `CREATE TEMP TABLE ${role}s AS
     SELECT name, (row_number() OVER (ORDER BY first) - 1)::INTEGER AS id
     FROM (SELECT "${role}" AS name, min(rowid) AS first FROM staged WHERE problem IS NULL GROUP BY name)`,
  );
  return (await stringsOf(connection, `SELECT name FROM ${role}s ORDER BY id`)) as string[];
}

/** The kinds of the rows to use, by first appearance. */
const kindsOf = async (connection: DuckDBConnection) =>
  (await stringsOf(
    connection,
    'SELECT kind FROM staged WHERE problem IS NULL GROUP BY kind ORDER BY min(rowid)',
  )) as string[];

/** Streams the staged rows by user, time, position and place in the file. */
async function sorted(
  connection: DuckDBConnection,
  fields: InteractionFields,
  rows: number,
  kinds: readonly string[] | undefined,
  onProgress: OnProgress | undefined,
) {
  const has = (role: string) => fields.roles.some((field) => field.role === role);
  const user = new Int32Array(rows);
  const item = new Int32Array(rows);
  const time = has('time') ? new Float64Array(rows) : undefined;
  const position = has('position') ? new Float64Array(rows) : undefined;
  const rating = has('rating') ? new Float32Array(rows) : undefined;
  const weight = has('weight') ? new Float64Array(rows) : undefined;
  const kind = kinds && new Int32Array(rows);
  const text = has('text') ? new Array<string>(rows) : undefined;
  const more = fields.more.map(({ name, role }) => ({ name, role, out: new Array<string>(rows) }));
  const numbers = fields.numbers.map(({ name, role }) => ({ name, role, out: new Float64Array(rows) }));
  const own = Object.entries({ time, position, rating, weight, kind, text }).flatMap(([role, out]) =>
    out ? { role, out } : [],
  );
  const outputs = [...own, ...more, ...numbers];
  const mayMiss = new Set<unknown>([rating, ...numbers.map(({ out }) => out)]);
  const extra = outputs.map(({ role, out }) => {
    const column = `staged.${identifier(role)}`;
    if (mayMiss.has(out)) return `, coalesce(${column}, 'NaN'::DOUBLE)`;
    if (out === kind) return `, list_position([${kinds!.map(literal).join(', ')}], ${column})::INTEGER - 1`;
    return `, ${Array.isArray(out) ? readable(column) : column}`;
  });
  const order = ['time', 'position'].filter(has).map((role) => `staged."${role}", `);
  const targets = [user, item, ...outputs.map(({ out }) => out)] as Record<number, unknown>[];
  let done = 0;
  await eachChunk(
    connection,
    `SELECT users.id, items.id ${extra.join('')} FROM staged
     JOIN users ON users.name = staged."user" JOIN items ON items.name = staged."item"
     WHERE problem IS NULL ORDER BY users.id, ${order.join('')}staged.rowid`,
    (chunk) => {
      const { rowCount } = chunk;
      for (let column = 0; column < targets.length; column++) {
        const vector = chunk.getColumnVector(column);
        const target = targets[column];
        for (let k = 0; k < rowCount; k++) target[done + k] = vector.getItem(k);
      }
      done += rowCount;
      onProgress?.({ stage: 'read', done, total: rows, unit: 'rows' });
    },
  );
  return {
    user,
    item,
    ...(time && { time }),
    ...(position && { position }),
    ...(rating && { rating }),
    ...(weight && { weight }),
    ...(kind && { kind: { names: kinds!, codes: kind } }),
    ...(text && { text }),
    ...(more.length > 0 && {
      more: Object.fromEntries(more.map(({ name, out }) => [name, out])),
    }),
    ...(numbers.length > 0 && {
      numbers: Object.fromEntries(numbers.map(({ name, out }) => [name, out])),
    }),
  };
}
