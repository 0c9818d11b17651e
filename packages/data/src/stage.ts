import type { DuckDBConnection } from '@duckdb/node-api';

import { badRow, type OnBadRow } from './bad-row.js';
import { identifier, literal, rowsOf } from './duckdb.js';
import { TowerkitError } from './errors.js';
import { badFile, openInput, type InputFile } from './input-file.js';
import { openSource } from './open-source.js';
import type { RecordFormat, Reject, Source } from './source.js';

/**
 * What a column must hold: `id`, text that is not empty, kept to the letter ("0012" stays "0012"); `number`, a
 * finite number; `time`, a number, or a date as ISO 8601 writes it (UTC where it names no zone), which becomes
 * seconds since 1970; `text`, anything.
 */
export type FieldKind = 'id' | 'number' | 'time' | 'text';

/** A role, the column that plays it, what it must hold, and what an empty value stands for. */
export interface Field {
  readonly role: string;
  readonly column: string;
  readonly kind: FieldKind;
  readonly whenEmpty?: string | number;
  /** Whether an empty value may stay empty; else it makes a bad row. Text always may. */
  readonly optional?: boolean;
}

const COMPLAINT: Readonly<Record<FieldKind, string>> = {
  id: 'is not an id',
  number: 'is not a number',
  time: 'is neither a number nor a date',
  text: 'is not text',
};

/**
 * Reads files into the DuckDB table `staged`: one typed column per role, `problem` (null for a good row), and
 * `rowid` in the order of the files and their rows.
 *
 * @returns number of rows left out; those that the format rules out are not in the table, others have a problem
 * @throws TowerkitError `BAD_ROW` for the first unusable row of a file unless `onBadRow` is `skip`; what
 *   `openInput` and `openSource` throw
 */
export async function stage(
  connection: DuckDBConnection,
  paths: readonly string[],
  format: RecordFormat,
  fields: readonly Field[],
  onBadRow: OnBadRow = 'error',
): Promise<number> {
  if (paths.length === 0) throw new TowerkitError('BAD_OPTION', 'there is no file to read');
  const types = fields.map(({ role, kind }) => `${identifier(role)} ${sqlType(kind)}`).join(', ');
  await connection.run(`CREATE TEMP TABLE staged (${types}, problem VARCHAR)`);
  const roles = Object.fromEntries(fields.map(({ role, column }) => [role, column]));
  const typed = fields.map(expression).join(', ');
  const problems = fields.filter(({ kind }) => kind !== 'text').map(complaint);
  let skipped = 0;
  let before = 0;
  for (const path of paths) {
    const file = await openInput(path);
    const source = await openSource(connection, file, format, roles);
    await connection
      .run(
        `INSERT INTO staged SELECT ${typed},
         CASE WHEN broken THEN '' ${problems.join(' ')} END FROM (${source.sql})`,
      )
      .catch((cause: Error) => {
        throw badFile(path, cause.message, cause);
      });
    const [[after, unusable, first]] = await rowsOf(
      connection,
      `SELECT count(*) + ${before}, count(problem), min(rowid) FILTER (problem IS NOT NULL)
       FROM staged WHERE rowid >= ${before}`,
    );
    const rejects = await source.rejects();
    if (onBadRow === 'error' && (rejects.length > 0 || first !== null))
      throw await firstBadRow(connection, file, source, fields, rejects, first as number | null, before);
    skipped += rejects.length + (unusable as number);
    before = after as number;
  }
  return skipped;
}

async function firstBadRow(
  connection: DuckDBConnection,
  file: InputFile,
  source: Source,
  fields: readonly Field[],
  rejects: readonly Reject[],
  row: number | null,
  before: number,
): Promise<TowerkitError> {
  const place = row === null ? undefined : await source.locate(row - before);
  const reject = rejects[0];
  if (place === undefined || (reject !== undefined && 'line' in place && reject.line < place.line))
    return badRow(file, { line: reject.line }, reject.column, reject.reason);
  const [[problem]] = await rowsOf(connection, `SELECT problem FROM staged WHERE rowid = ${row}`);
  const [, role, value] = /^([^:]*):?([^]*)$/.exec(String(problem))!;
  const field = fields.find((one) => one.role === role);
  if (field === undefined) return badRow(file, place, undefined, 'it is not a JSON object');
  const reason = value.trim() === '' ? 'is empty' : `${JSON.stringify(value)} ${COMPLAINT[field.kind]}`;
  return badRow(file, place, field.column, reason);
}

const sqlType = (kind: FieldKind) => (kind === 'id' || kind === 'text' ? 'VARCHAR' : 'DOUBLE');

/** The value as text, null where it is empty and nothing stands in for it. */
function filled({ role, whenEmpty }: Field): string {
  const raw = identifier(role);
  const standIn = whenEmpty === undefined ? 'NULL' : literal(String(whenEmpty));
  return `CASE WHEN trim(coalesce(${raw}, '')) = '' THEN ${standIn} ELSE ${raw} END`;
}

function expression(field: Field): string {
  const text = filled(field);
  if (field.kind === 'id' || field.kind === 'text') return text;
  const number = `try_cast(trim(${text}) AS DOUBLE)`;
  const value =
    field.kind === 'number' ? number : `coalesce(${number}, epoch(try_cast(${text} AS TIMESTAMPTZ)))`;
  return `CASE WHEN isfinite(${value}) THEN ${value} END`;
}

function complaint(field: Field): string {
  const wrong = `${expression(field)} IS NULL${field.optional ? ` AND ${filled(field)} IS NOT NULL` : ''}`;
  return `WHEN ${wrong} THEN ${literal(`${field.role}:`)} || coalesce(${identifier(field.role)}, '')`;
}
