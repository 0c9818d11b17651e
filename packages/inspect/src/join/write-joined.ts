import { fillFileAtomic } from '@towerkit/core/files';
import { pathLiteral, withDuckDB } from '@towerkit/data/internal';

import { load } from '../files/load.js';
import { joinedRows, type Joined } from './join-tables.js';

/** Everything is read, however much it is. */
const ALL = { whole: Infinity, taken: Infinity };

/**
 * Writes lines of orders with who placed each as one Parquet file, all values as text, whole or not at all.
 *
 * @throws TowerkitError `UNWRITABLE`; what reading throws
 */
export const writeJoined = (path: string, joined: Joined): Promise<void> =>
  withDuckDB({}, async (connection) => {
    const lines = await load(connection, joined.lines, 'lines', ALL);
    const header = await load(connection, joined.header, 'header', ALL);
    await fillFileAtomic(path, async (temporary) => {
      await connection.run(
        `COPY (${joinedRows(lines, header, joined)}) TO ${pathLiteral(temporary)} (FORMAT parquet)`,
      );
    });
  });
