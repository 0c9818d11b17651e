import { badOption } from '@towerkit/core';
import type { DuckDBConnection } from '@duckdb/node-api';

import { literal } from './duckdb.js';
import { secondsOf } from './iso-time.js';
import type { RecordFormat } from './source.js';

/** How a file writes numbers and times. */
export type Writing = Pick<RecordFormat, 'decimal' | 'timeFormat'>;

/** Digits, perhaps in groups of three with points between, and decimals behind a comma. */
const WITH_COMMA = '[+-]?([0-9]+|[0-9]{1,3}([.][0-9]{3})+)?(,[0-9]*)?([eE][+-]?[0-9]+)?';

/**
 * SQL for the number that a text says, null where it says none.
 *
 * @param text an expression for a trimmed text
 */
export function numberIn(text: string, { decimal = '.' }: Writing): string {
  if (decimal === '.') return `try_cast(${text} AS DOUBLE)`;
  const plain = `replace(replace(${text}, '.', ''), ',', '.')`;
  return `CASE WHEN regexp_full_match(${text}, '${WITH_COMMA}') THEN try_cast(${plain} AS DOUBLE) END`;
}

/** SQL for the time that a trimmed text says: a number as it stands, or seconds since 1970; null for anything else. */
export function timeIn(text: string, writing: Writing): string {
  const { timeFormat } = writing;
  if (timeFormat === undefined) return `coalesce(${numberIn(text, writing)}, ${secondsOf(text)})`;
  return `coalesce(epoch(try_strptime(${text}, ${literal(timeFormat)})), ${secondsOf(text)})`;
}

/**
 * Checks what is said of numbers and times.
 *
 * @throws TowerkitError `BAD_OPTION`
 */
export async function requireWriting(
  connection: DuckDBConnection,
  { decimal = '.', timeFormat }: Writing,
): Promise<void> {
  if (decimal !== '.' && decimal !== ',') throw badOption('decimal', decimal, "must be '.' or ','");
  if (timeFormat === undefined) return;
  const known = await connection.run(`SELECT try_strptime('', ${literal(timeFormat)})`).then(
    () => true,
    () => false,
  );
  if (!known || !timeFormat.includes('%'))
    throw badOption('timeFormat', timeFormat, "must be in strptime's words, such as '%d.%m.%Y %H:%M'");
}
