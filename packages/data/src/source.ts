import { TowerkitError } from './errors.js';
import type { FileFormat } from './format.js';
import type { InputFile } from './input-file.js';

/** How to read a file whose rows are records; what its name says by default. */
export interface RecordFormat {
  /** Guessed from the name by default: .csv, .tsv, .jsonl, .ndjson, .parquet, each but the last also with .gz. */
  readonly format?: FileFormat;
  /** What separates values, one ASCII character. Default ',' for csv and tab for tsv. */
  readonly delimiter?: string;
  /** What wraps values, one ASCII character, or '' for none. Default '"'. */
  readonly quote?: string;
  /** How text is stored in csv and tsv. Default 'utf-8'. */
  readonly encoding?: 'utf-8' | 'latin-1';
  /** Whether the first record of csv and tsv names the columns. Default: unless `columnNames` does. */
  readonly header?: boolean;
  /** Names of the columns of csv and tsv in order, for files without a header; further columns are ignored. */
  readonly columnNames?: readonly string[];
}

/** A row that the file's format itself rules out. */
export interface Reject {
  /** Line from 1. */
  readonly line: number;
  /** Name of the column at fault, where there is one. */
  readonly column?: string;
  readonly reason: string;
}

/** A file as DuckDB sees it. */
export interface Source {
  /** A query with one VARCHAR column per role asked for and a BOOLEAN `broken`, in file order. */
  readonly sql: string;
  /** After `sql` ran: the records it left out, in file order. */
  rejects(): Promise<readonly Reject[]>;
  /** After `sql` ran: where its row `row` (from 0) stands in the file, such as `line 17`. */
  locate(row: number): Promise<Place>;
}

/** Where a row stands: a line in text, a row number (from 1) in Parquet. */
export type Place = { readonly line: number } | { readonly row: number };

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
