import { Vocabulary } from '@towerkit/core';

import { TowerkitError } from '../errors.js';
import { formatOf } from '../format.js';
import { isId, LONGEST_ID } from '../id.js';
import { badFile, bytesOf, openInput } from '../input-file.js';
import { readEntities } from '../read-entities.js';
import { shown } from '../shown.js';
import type { DuckDbOptions } from '../duckdb.js';

/** What rows are of. */
export type RowKind = 'item' | 'user';

/**
 * Reads the ids of the rows of another file: a text file with an id on each line, or a column of a Parquet, CSV, TSV or JSON
 * lines file.
 *
 * @throws TowerkitError `DUPLICATE_ID` with both lines; `BAD_VALUE` for a line that is no id; `EMPTY_DATA`; what reading throws
 */
export async function readRowIds(
  path: string,
  column: string,
  what: RowKind,
  options: DuckDbOptions,
): Promise<Vocabulary> {
  if (formatOf(path) !== 'sequences') {
    const { names } = await readEntities(what, { ...options, path, columns: { id: column } });
    return new Vocabulary(names);
  }
  const file = await openInput(path);
  const parts: Uint8Array[] = [];
  for await (const part of bytesOf(file)) parts.push(part);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  } catch (cause) {
    throw badFile(path, 'it is not valid UTF-8', cause);
  }
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop(); // the last line ends, too
  return vocabularyOf(lines, file.name, 'line', what);
}

/**
 * Ids as a vocabulary.
 *
 * @param place what a row is called, counted from 1
 * @throws TowerkitError `DUPLICATE_ID`, `BAD_VALUE` naming the place; `EMPTY_DATA`
 */
export function vocabularyOf(
  ids: readonly unknown[],
  file: string,
  place: 'line' | 'row' | 'id',
  what: RowKind,
): Vocabulary {
  if (ids.length === 0) throw new TowerkitError('EMPTY_DATA', `${file} has no id`, { details: { file } });
  const seen = new Map<string, number>();
  ids.forEach((id, row) => {
    if (!isId(id))
      throw new TowerkitError('BAD_VALUE', `${file}, ${place} ${row + 1}: ${shown(id)} is no id`, {
        hint: `an id is a text of 1 to ${LONGEST_ID} characters`,
        details: { file, [place]: row + 1 },
      });
    const first = seen.get(id);
    if (first !== undefined)
      throw new TowerkitError(
        'DUPLICATE_ID',
        `${file}, ${place} ${row + 1}: the ${what} ${shown(id)} is on ${place} ${first + 1} already`,
        { hint: `give each ${what} one vector`, details: { file, [place]: row + 1, id } },
      );
    seen.set(id, row);
  });
  return new Vocabulary(ids as readonly string[]);
}
