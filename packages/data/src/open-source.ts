import type { DuckDBConnection } from '@duckdb/node-api';

import { csvSource } from './csv-source.js';
import { TowerkitError } from './errors.js';
import { formatOf } from './format.js';
import type { InputFile } from './input-file.js';
import { jsonlSource } from './jsonl-source.js';
import { parquetSource } from './parquet-source.js';
import type { RecordFormat, Source } from './source.js';

/**
 * Prepares a file for reading.
 *
 * @param roles which column of the file plays each role
 * @throws TowerkitError `MISSING_COLUMN` listing the columns found, `UNKNOWN_FORMAT`, `BAD_OPTION`, `BAD_FILE`
 */
export function openSource(
  connection: DuckDBConnection,
  file: InputFile,
  format: RecordFormat,
  roles: Readonly<Record<string, string>>,
): Promise<Source> {
  const kind = format.format ?? formatOf(file.name);
  switch (kind) {
    case 'csv':
    case 'tsv':
      return csvSource(connection, file, { ...format, format: kind }, roles);
    case 'jsonl':
      return jsonlSource(connection, file, roles);
    case 'parquet':
      return parquetSource(connection, file, roles);
    case 'sequences':
      throw new TowerkitError('BAD_OPTION', `${file.name}: only readInteractions reads sequences`);
    default:
      throw new TowerkitError('UNKNOWN_FORMAT', `there is no format '${String(kind)}'`);
  }
}
