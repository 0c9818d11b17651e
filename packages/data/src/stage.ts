import type { DuckDBConnection } from '@duckdb/node-api';

import { badRow, repeatedId, type OnBadRow, type SpannedLines } from './bad-row.js';
import { identifier, literal, rowsOf } from './duckdb.js';
import { TowerkitError } from './errors.js';
import { badFile, openInput, type InputFile } from './input-file.js';
import { LONGEST_ID } from './id.js';
import { DATES } from './iso-time.js';
import { MISSING_WORDS } from './missing.js';
import { LARGEST } from './numeric.js';
import { openSource } from './open-source.js';
import { shown } from './shown.js';
import type { Place, RecordFormat, Reject, Source } from './source.js';
import { refuseUnknownKinds } from './unknown-kind.js';
import { numberIn, requireWriting, timeIn, type Writing } from './writing.js';

/**
 * What a column must hold: `id`, text that is not empty, kept to the letter ("0012" stays "0012"); `number`, a
 * finite number; `time`, a number, or a date as ISO 8601 writes it (UTC where it names no zone), which becomes
 * seconds since 1970; `weight`, a number from 0 up to what 32 bits hold; `text`, anything but NUL.
 */
export type FieldKind = 'id' | 'number' | 'time' | 'weight' | 'text';

/** A role, the column that plays it, what it must hold, and what an empty value stands for. */
export interface Field {
  readonly role: string;
  readonly column: string;
  readonly kind: FieldKind;
  readonly whenEmpty?: string | number;
  /** Whether an empty value may stay empty; else it makes a bad row. Text always may. */
  readonly optional?: boolean;
  /** What a row is called whose value of this field no other row may have, such as `item`; any number may have one else. */
  readonly unique?: string;
  /** The kinds there are; any other value is an error, also where bad rows are skipped. */
  readonly kinds?: readonly string[];
}

const COMPLAINT = {
  number: 'is not a number',
  time: 'is neither a number nor a date',
  weight: 'is not a number from 0 up',
  text: 'is not text',
} as const;

/** Rows that were left out of what was read. */
export interface Skipped {
  readonly skipped: number;
  /** The one of them that spans most lines, where one spans more than one. */
  readonly spanned?: SpannedLines;
}

/** What {@link stage} read. */
export interface Staged extends Skipped {
  /** What the files themselves say of the values of a role, where they all say so. */
  readonly declared: ReadonlyMap<string, 'number' | 'text'>;
}

/**
 * Reads files into the DuckDB table `staged`: one typed column per role, `problem` (null for a good row), and
 * `rowid` in the order of the files and their rows.
 *
 * @returns rows left out; those that the format rules out are not in the table, others have a problem
 * @throws TowerkitError `BAD_ROW` for the first unusable row of a file, `DUPLICATE_ID` for the first that repeats a unique
 *   value of it, both unless `onBadRow` is `skip`; `UNKNOWN_KIND` for a kind that is not among those of its field; what `openInput` and `openSource` throw
 */
export async function stage(
  connection: DuckDBConnection,
  paths: readonly string[],
  format: RecordFormat,
  fields: readonly Field[],
  onBadRow: OnBadRow = 'error',
): Promise<Staged> {
  if (paths.length === 0) throw new TowerkitError('BAD_OPTION', 'there is no file to read');
  await requireWriting(connection, format);
  const types = fields.map(({ role, kind }) => `${identifier(role)} ${sqlType(kind)}`).join(', ');
  await connection.run(`CREATE TEMP TABLE staged (${types}, problem VARCHAR)`);
  const roles = Object.fromEntries(fields.map(({ role, column }) => [role, column]));
  let skipped = 0;
  let spanned: SpannedLines | undefined;
  let declared: Map<string, 'number' | 'text'> | undefined;
  let before = 0;
  for (const path of paths) {
    const file = await openInput(path);
    const source = await openSource(connection, file, format, roles);
    try {
      await insert(connection, file, source, fields, format);
      const bad = await problemsOf(connection, before);
      const rejects = await source.rejects();
      if (onBadRow === 'error' && (rejects.length > 0 || bad.rows > 0))
        throw await firstBadRow(connection, file, source, fields, rejects, before);
      await refuseUnknownKinds(connection, file, source, fields, before);
      if (onBadRow === 'error') await refuseRepeats(connection, file, source, fields, before);
      const left = await longestOf(connection, file, source, rejects, before);
      if (left && left.lines > (spanned?.lines ?? 1)) spanned = left;
      skipped += rejects.length + bad.rows;
      before = bad.after;
      declared = new Map(
        [...source.declared].filter(([role, type]) => (declared ?? source.declared).get(role) === type),
      );
    } finally {
      await source.close();
    }
  }
  return { skipped, ...(spanned && { spanned }), declared: declared ?? new Map() };
}

async function insert(
  connection: DuckDBConnection,
  file: InputFile,
  source: Source,
  fields: readonly Field[],
  writing: Writing,
): Promise<void> {
  const values = fields.map((field) => `${expression(field, writing)} AS ${valueOf(field)}`).join(', ');
  const problems = fields.map(complaint).join(' ');
  await connection
    .run(
      `INSERT INTO staged SELECT ${fields.map(valueOf).join(', ')},
       CASE WHEN flaw IS NOT NULL THEN ':' || flaw ${problems} END
       FROM (SELECT *, ${values} FROM (${source.sql}))`,
    )
    .catch((cause: Error) => {
      throw badFile(file.path, 'it is damaged, or not what its name says', cause);
    });
}

/** How many of the rows from `before` on have a problem, and where the next file's begin. */
async function problemsOf(connection: DuckDBConnection, before: number) {
  const [[after, rows]] = await rowsOf(
    connection,
    `SELECT count(*) + ${before}, count(problem) FROM staged WHERE rowid >= ${before}`,
  );
  return { after: after as number, rows: rows as number };
}

const BAD = (before: number) => `FROM staged WHERE rowid >= ${before} AND problem IS NOT NULL ORDER BY rowid`;

/** Of the rows that a file cannot use, the one that spans most lines, if any spans several. */
async function longestOf(
  connection: DuckDBConnection,
  file: InputFile,
  source: Source,
  rejects: readonly Reject[],
  before: number,
): Promise<SpannedLines | undefined> {
  if (!source.multiline) return undefined;
  const rows = (await rowsOf(connection, `SELECT rowid - ${before} ${BAD(before)}`)).map(([row]) =>
    Number(row),
  );
  let longest: SpannedLines | undefined;
  for (const place of [...rejects, ...(await source.locate(rows))] as Place[])
    if ('line' in place && place.lines > (longest?.lines ?? 1))
      longest = { file: file.name, line: place.line, lines: place.lines };
  return longest;
}

async function refuseRepeats(
  connection: DuckDBConnection,
  file: InputFile,
  source: Source,
  fields: readonly Field[],
  before: number,
): Promise<void> {
  for (const { role, unique } of fields) {
    if (unique === undefined) continue;
    const value = identifier(role);
    const [repeat] = await rowsOf(
      connection,
      `SELECT ${value}, first - ${before}, row - ${before} FROM
       (SELECT ${value}, rowid AS row, min(rowid) OVER (PARTITION BY ${value}) AS first FROM staged WHERE rowid >= ${before})
       WHERE row > first ORDER BY row LIMIT 1`,
    );
    if (repeat === undefined) continue;
    const [id, first, second] = repeat;
    const places = await source.locate([first as number, second as number]);
    throw repeatedId(file, unique, String(id), places);
  }
}

async function firstBadRow(
  connection: DuckDBConnection,
  file: InputFile,
  source: Source,
  fields: readonly Field[],
  [reject]: readonly Reject[],
  before: number,
): Promise<TowerkitError> {
  const [first] = await rowsOf(connection, `SELECT rowid - ${before}, problem ${BAD(before)} LIMIT 1`);
  const [place] = first === undefined ? [] : await source.locate([first[0] as number]);
  if (place === undefined || (reject !== undefined && 'line' in place && reject.line < place.line)) {
    const { line, lines, column, reason } = reject;
    return badRow(file, { line, lines }, column, reason);
  }
  const [, index, text] = /^(\d*):([^]*)$/.exec(String(first[1]))!;
  if (index === '') return badRow(file, place, undefined, text);
  const { kind, column } = fields[Number(index)];
  const [reason, advice] = reasonFor(kind, text);
  return badRow(file, place, column, reason, advice);
}

/** What is wrong with a value, and what to do. */
function reasonFor(kind: FieldKind, value: string): [reason: string, advice?: string] {
  if (value.trim() === '') return ['is empty'];
  const what = shown(value);
  if (value.includes('\0')) return [`${what} holds a NUL character`];
  if (kind === 'time') return [`${what} ${COMPLAINT.time}`, DATES];
  if (kind === 'id')
    return [`${what} is longer than ${LONGEST_ID} characters`, 'see whether a quote is missing'];
  return [`${what} ${COMPLAINT[kind]}`];
}

const sqlType = (kind: FieldKind) => (kind === 'id' || kind === 'text' ? 'VARCHAR' : 'DOUBLE');

/** The value as text, null where it is empty and nothing stands in for it. */
function filled({ role, kind, whenEmpty, optional }: Field): string {
  const raw = identifier(role);
  const standIn = whenEmpty === undefined ? 'NULL' : literal(String(whenEmpty));
  const missing = (kind === 'number' || kind === 'time') && optional ? ['', ...MISSING_WORDS] : [''];
  // Not IN: DuckDB makes a join of a long one, and rows then come out of their order where threads share a file.
  const empty = `list_contains([${missing.map(literal).join(', ')}], lower(trim(coalesce(${raw}, ''))))`;
  return `CASE WHEN ${empty} THEN ${standIn} ELSE ${raw} END`;
}

/** The column of a field's value, beside that of its text. */
const valueOf = ({ role }: Field) => identifier(`value of ${role}`);

/** The value that a field's text says, null where it says none. */
function expression(field: Field, writing: Writing): string {
  const text = filled(field);
  if (field.kind === 'id' || field.kind === 'text') return text;
  const value = (field.kind === 'time' ? timeIn : numberIn)(`trim(${text})`, writing);
  const fits = field.kind === 'weight' ? ` AND ${value} BETWEEN 0 AND ${LARGEST}` : '';
  return `CASE WHEN isfinite(${value})${fits} THEN ${value} END`;
}

/** A branch that yields the place of the field and the beginning of its value, where that cannot be used. */
function complaint(field: Field, index: number): string {
  const value = identifier(field.role);
  const wrong = `${valueOf(field)} IS NULL${field.optional ? ` AND ${filled(field)} IS NOT NULL` : ''}`;
  const nul = `contains(${value}, chr(0))`;
  const unfit = {
    id: `${wrong} OR length(${value}) > ${LONGEST_ID} OR ${nul}`,
    text: nul,
    number: wrong,
    time: wrong,
    weight: wrong,
  }[field.kind];
  // As much of the value as shows what is wrong with it.
  return `WHEN ${unfit} THEN ${literal(`${index}:`)} || left(coalesce(${value}, ''), ${LONGEST_ID + 1})`;
}
