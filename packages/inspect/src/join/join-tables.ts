import { rowsOf } from '@towerkit/data/internal';
import type { DuckDBConnection } from '@duckdb/node-api';

import type { LoadedFile } from '../files/load.js';
import type { ProfiledFile } from '../guess/tables.js';
import { profileTable } from '../profile/profile-table.js';
import { JOINED, madeOf, type Joined } from './joined.js';

/** A log that no file holds as it is, made of files, as one more table. */
export async function joinTables(
  connection: DuckDBConnection,
  joined: Joined,
  files: readonly ProfiledFile[],
): Promise<ProfiledFile> {
  const { columns, from } = madeOf(joined, files);
  const values = columns.map(({ sql }, place) => `${sql} AS c${place}`).join(', ');
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE joined AS SELECT row_number() OVER (ORDER BY l.n) AS n, ${values} FROM ${from}`,
  );
  const [[rows]] = await rowsOf(connection, 'SELECT count(*) FROM joined');
  const samples = await rowsOf(connection, 'SELECT * EXCLUDE (n) FROM joined ORDER BY n LIMIT 3');
  const sampled = files.find((file) => file.sampled)?.sampled;
  const file: LoadedFile = {
    ...{ path: JOINED, name: JOINED, table: 'joined', rows: Number(rows) },
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    layout: { format: 'parquet', oddities: [] },
    columns: columns.map(({ name }) => name),
    declared: columns.map(() => undefined),
    ...(sampled && { sampled }),
    rejected: files.reduce((sum, { rejected }) => sum + rejected, 0),
    oddities: files.flatMap(({ oddities }) => oddities),
  };
  return {
    ...file,
    profiles: await profileTable(connection, file),
    samples: samples.map((row) => row.map((value) => (value === null ? null : String(value)))),
  };
}
