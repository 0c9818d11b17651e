import { fillFileAtomic } from '@towerkit/core/files';
import { pathLiteral, withDuckDB } from '@towerkit/data/internal';

import { load } from '../files/load.js';
import { filesOf, joinedRows, type Joined, type Table } from './joined.js';

/** Everything is read, however much it is. */
const ALL = { whole: Infinity, taken: Infinity };

/**
 * Writes a log that no file holds as it is as one Parquet file, all values as text, whole or not at all.
 *
 * @throws TowerkitError `UNWRITABLE`; what reading throws
 */
export const writeJoined = (path: string, joined: Joined): Promise<void> =>
  withDuckDB({}, async (connection) => {
    const tables: Table[] = [];
    for (const [i, file] of filesOf(joined).entries())
      tables.push(await load(connection, file, `part${i}`, ALL));
    await fillFileAtomic(path, async (temporary) => {
      await connection.run(
        `COPY (${joinedRows(joined, tables)}) TO ${pathLiteral(temporary)} (FORMAT parquet)`,
      );
    });
  });
