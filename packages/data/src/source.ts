import { TowerkitError } from './errors.js';
import type { FileFormat } from './format.js';
import type { InputFile } from './input-file.js';

/** How to read a file whose rows are records; what its name says by default. */
export interface RecordFormat {
  /** Guessed from the name by default: .csv, .tsv, .jsonl, .ndjson, .parquet, each but the last also with .gz. */
  readonly format?: FileFormat;
  /** What separates values, one ASCII character, or one twice such as '::'. Default ',' for csv and tab for tsv. */
  readonly delimiter?: string;
  /** What wraps values, one ASCII character, or '' for none. Default '"'. */
  readonly quote?: string;
  /** How text is stored in csv and tsv. Default 'utf-8'. */
  readonly encoding?: 'utf-8' | 'latin-1';
  /** Whether the first record of csv and tsv names the columns. Default: unless `columnNames` does. */
  readonly header?: boolean;
  /** Names of the columns of csv and tsv in order, for files without a header; further columns are ignored. */
  readonly columnNames?: readonly string[];
  /** What stands before the decimals of numbers, '.' by default. With ',' points may group thousands: `1.234,5`. */
  readonly decimal?: '.' | ',';
  /**
   * How times and dates are written, where not as numbers or ISO 8601 dates: in the words of strptime, such as
   * `'%d.%m.%Y %H:%M'` or `'%Y%m%d'`. ISO 8601 dates are read too, numbers are not. UTC where a time names no zone.
   */
  readonly timeFormat?: string;
}

/** A row that the file's format itself rules out. */
export interface Reject extends Lines {
  /** Name of the column at fault, where there is one. */
  readonly column?: string;
  readonly reason: string;
}

/** A file as DuckDB sees it. */
export interface Source {
  /** A query with one VARCHAR column per role asked for and a VARCHAR `flaw`, null for a good row, in file order. */
  readonly sql: string;
  /** What the file itself says of the values of a role; nothing of those of csv and tsv, which are all text. */
  readonly declared: ReadonlyMap<string, 'number' | 'text'>;
  /** Whether some row spans several lines. */
  readonly multiline: boolean;
  /** After `sql` ran: the records it left out, in file order. */
  rejects(): Promise<readonly Reject[]>;
  /** After `sql` ran: where its rows `rows` (from 0, ascending) stand in the file, such as `line 17`. */
  locate(rows: readonly number[]): Promise<readonly Place[]>;
  /** Removes what reading left behind. */
  close(): Promise<void>;
}

/** Lines from 1 that a record takes. */
export interface Lines {
  readonly line: number;
  /** How many, from `line` on. */
  readonly lines: number;
}

/** Where a row stands: lines in text, a row number (from 1) in Parquet. */
export type Place = Lines | { readonly row: number };

/** Fails unless every role's column is among those found. */
export function requireColumns(
  file: InputFile,
  roles: Readonly<Record<string, string>>,
  found: readonly string[],
): void {
  for (const column of Object.values(roles))
    if (!found.includes(column))
      throw new TowerkitError(
        'MISSING_COLUMN',
        `${file.name} has no column "${column}"; it has ${found.map((name) => `"${name}"`).join(', ') || 'none'}`,
        {
          hint: 'name the columns as the file does, upper and lower case included',
          details: { file: file.path, column, found },
        },
      );
}

/**
 * Fails where two columns have the same name, since nobody can say which of them is meant. Several may have no name.
 *
 * @param fold what is compared of a name; default all of it
 */
export function requireDistinct(
  file: InputFile,
  names: readonly string[],
  fold: (name: string) => string = (name) => name,
): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const other = seen.get(fold(name));
    if (name !== '' && other !== undefined)
      throw new TowerkitError(
        'DUPLICATE_COLUMN',
        `${file.name} has the column "${name}" twice${other === name ? '' : `, also as "${other}"`}`,
        { hint: 'give each column a name of its own', details: { file: file.path, column: name } },
      );
    seen.set(fold(name), name);
  }
}
