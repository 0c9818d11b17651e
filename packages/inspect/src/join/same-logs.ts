import { rowsOf } from '@towerkit/data/internal';
import type { DuckDBConnection } from '@duckdb/node-api';

import { ENOUGH, type LogGuess } from '../guess/choose-log.js';
import { partOf, shared } from '../guess/left-over.js';
import type { ProfiledFile } from '../guess/tables.js';

/** Share of a file's rows that the log has too, from which it is a copy or a sample of it, not a further part. */
const COPIED = 0.1;

/**
 * The files whose rows belong to one log: those of its columns that share users or items with it, such as one for each
 * month. Held-back parts are none of them, nor are copies and samples of the same rows, nor sequences, whose lines are whole users.
 *
 * @returns in the order of their names; the log's own file alone where there is no other
 */
export async function sameLogs(
  connection: DuckDBConnection,
  log: LogGuess,
  guesses: readonly LogGuess[],
): Promise<readonly ProfiledFile[]> {
  const { file } = log;
  const found = [file];
  if (file.layout.format === 'sequences' || partOf(file.name) !== undefined) return found;
  for (const guess of guesses) {
    if (guess === log || guess.score < ENOUGH || partOf(guess.file.name) !== undefined) continue;
    const [user, item] = [log.user, log.item].map(({ place }) => guess.file.profiles[place]);
    const alike =
      guess.file.columns.join('\n') === file.columns.join('\n') &&
      guess.file.layout.format === file.layout.format;
    if (!alike) continue;
    const common =
      (await shared(connection, file, log.user, guess.file, user)) +
      (await shared(connection, file, log.item, guess.file, item));
    if (common > 0 && (await sameRows(connection, file, guess.file)) < COPIED * guess.file.rows)
      found.push(guess.file);
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Different rows that two files share. */
async function sameRows(
  connection: DuckDBConnection,
  one: ProfiledFile,
  other: ProfiledFile,
): Promise<number> {
  const values = one.columns.map((_, place) => `c${place}`).join(', ');
  const [[count]] = await rowsOf(
    connection,
    `SELECT count(*) FROM (SELECT ${values} FROM ${one.table} INTERSECT SELECT ${values} FROM ${other.table})`,
  );
  return Number(count);
}
