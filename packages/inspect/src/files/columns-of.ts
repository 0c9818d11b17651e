import { pathLiteral, readable, rowsOf, type InputFile } from '@towerkit/data/internal';
import { columnsOf as delimitedColumns } from '@towerkit/data/internal';
import type { DuckDBConnection } from '@duckdb/node-api';

import { TowerkitError } from '../errors.js';
import type { Layout } from './sniff.js';

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
  const some = `SELECT json, row_number() OVER () AS n FROM (SELECT json FROM ${rows} WHERE json_type(json) = 'OBJECT' LIMIT ${OBJECTS})`;
  const tops = `SELECT json, unnest(json_keys(json)) AS key, n, generate_subscripts(json_keys(json), 1) AS place FROM (${some})`;
  const values = `SELECT key, n, place, json_extract(json, '/' || replace(replace(key, '~', '~0'), '/', '~1')) AS value FROM (${tops})`;
  // A key of objects stands for those within them: `user.id`.
  const names = `SELECT key, NULL AS inner_key, n, place, 0 AS inner_place FROM (${values}) WHERE json_type(value) <> 'OBJECT'
    UNION ALL SELECT key, unnest(json_keys(value)), n, place, generate_subscripts(json_keys(value), 1) FROM (${values})
    WHERE json_type(value) = 'OBJECT'`;
  const keys = await rowsOf(
    connection,
    `SELECT ${readable('name')} FROM (SELECT key || coalesce('.' || inner_key, '') AS name, min(n) AS n, min(place) AS place,
     min(inner_place) AS inner_place FROM (${names}) GROUP BY 1) ORDER BY n, place, inner_place`,
  );
  if (keys.length === 0)
    throw new TowerkitError('EMPTY_DATA', `${file.name} has no rows`, { details: { file: file.path } });
  return keys.map(([key]) => String(key));
}
