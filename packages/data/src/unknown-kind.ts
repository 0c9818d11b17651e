import type { DuckDBConnection } from '@duckdb/node-api';

import { placeOf } from './bad-row.js';
import { identifier, literal, rowsOf } from './duckdb.js';
import { TowerkitError } from './errors.js';
import type { InputFile } from './input-file.js';
import { shown } from './shown.js';
import type { Place, Source } from './source.js';

/** A column of kinds, and those there are; any will do where none are named. */
interface KindField {
  readonly role: string;
  readonly column: string;
  readonly kinds?: readonly string[];
}

/**
 * Fails for the first staged row of a file that is of a kind nobody named: whether it counts cannot be guessed.
 *
 * @param before rows that files before this one staged
 * @throws TowerkitError `UNKNOWN_KIND`
 */
export async function refuseUnknownKinds(
  connection: DuckDBConnection,
  file: InputFile,
  source: Source,
  fields: readonly KindField[],
  before: number,
): Promise<void> {
  for (const { role, column, kinds } of fields) {
    if (kinds === undefined) continue;
    const value = identifier(role);
    const [first] = await rowsOf(
      connection,
      `SELECT rowid - ${before}, ${value} FROM staged WHERE rowid >= ${before} AND problem IS NULL
       AND ${value} NOT IN (${kinds.map(literal).join(', ')}) ORDER BY rowid LIMIT 1`,
    );
    if (first === undefined) continue;
    const [place] = await source.locate([first[0] as number]);
    throw unknownKind(String(first[1]), kinds, { file, place, column });
  }
}

/** The error for a kind that is not among those named. @param at where it stands, for rows of a file */
export function unknownKind(
  kind: string,
  kinds: readonly string[],
  at?: { readonly file: InputFile; readonly place: Place; readonly column: string },
): TowerkitError {
  const where = at ? `${at.file.name}, ${placeOf(at.place)}: column "${at.column}": ` : '';
  return new TowerkitError('UNKNOWN_KIND', `${where}there is no kind ${shown(kind)}`, {
    hint: `the kinds are ${kinds.join(', ')}; say what this one counts as, or exclude it`,
    details: { kind, kinds, ...(at && { file: at.file.path, ...at.place, column: at.column }) },
  });
}
