import { TowerkitError } from './errors.js';

/**
 * How a file stores its rows. `sequences` is one user a line, `user item item ...` separated by white space, the
 * user's items oldest first.
 */
export type FileFormat = 'csv' | 'tsv' | 'jsonl' | 'parquet' | 'sequences';

const BY_EXTENSION: Readonly<Record<string, FileFormat>> = {
  csv: 'csv',
  tsv: 'tsv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  parquet: 'parquet',
  txt: 'sequences',
};

/** The format that a file's name says, a final `.gz` aside; `undefined` for other endings. */
export function formatByName(path: string): FileFormat | undefined {
  const extension = path
    .replace(/\.gz$/i, '')
    .match(/\.([^./\\]+)$/)?.[1]
    .toLowerCase();
  return extension === undefined ? undefined : BY_EXTENSION[extension];
}

/**
 * The format a file's name says, a final `.gz` aside.
 *
 * @throws TowerkitError `UNKNOWN_FORMAT` for other endings
 */
export function formatOf(path: string): FileFormat {
  const format = formatByName(path);
  if (format !== undefined) return format;
  throw new TowerkitError('UNKNOWN_FORMAT', `the name of ${path} does not say its format`, {
    hint: "say it with format: 'csv' | 'tsv' | 'jsonl' | 'parquet' | 'sequences'",
    details: { file: path },
  });
}
