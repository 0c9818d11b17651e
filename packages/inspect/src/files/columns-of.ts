import { pathLiteral, readable, rowsOf, type InputFile } from '@towerkit/data/internal';
import { columnsOf as delimitedColumns } from '@towerkit/data/internal';
import type { DuckDBConnection } from '@duckdb/node-api';

import { TowerkitError } from '../errors.js';
import type { Layout } from './layout.js';

/** Objects that the keys of JSON lines are looked for in. */
const OBJECTS = 10_000;

/** Names of a text file's columns: of JSON lines, the keys of the first objects, in their order. */
export async function columnsOf(
  connection: DuckDBConnection,
  file: InputFile,
  layout: Layout,
): Promise<readonly string[]> {
  if (layout.format !== 'jsonl') return delimitedColumns(file, layout);
  const rows = `read_ndjson_objects(${pathLiteral(file.path)}, ignore_errors = true,
    compression = '${file.compression === 'gzip' ? 'gzip' : 'uncompressed'}')`;
  const keys = await rowsOf(
    connection,
    `SELECT ${readable('key')} FROM (SELECT unnest(json_keys(json)) AS key, n, generate_subscripts(json_keys(json), 1) AS place
     FROM (SELECT json, row_number() OVER () AS n FROM (SELECT json FROM ${rows} WHERE json_type(json) = 'OBJECT' LIMIT ${OBJECTS})))
     GROUP BY key ORDER BY min(n), min(place)`,
  );
  if (keys.length === 0)
    throw new TowerkitError('EMPTY_DATA', `${file.name} has no rows`, { details: { file: file.path } });
  return keys.map(([key]) => String(key));
}
