import { rowsOf } from '@towerkit/data/internal';
import type { DuckDBConnection } from '@duckdb/node-api';

import type { Apart, HeldBack, SideTable, UnusedFile } from '../inspection.js';
import { valueOf } from '../profile/profile-table.js';
import type { ColumnProfile } from '../profile/column-profile.js';
import { ENOUGH, type LogGuess } from './choose-log.js';
import { sideScore } from './entity-score.js';
import { keysOf } from './joins.js';
import type { ProfiledFile } from './tables.js';

/** What becomes of the files that neither are the log nor tell of its items and users. */
export async function leftOver(
  connection: DuckDBConnection,
  log: LogGuess,
  guesses: readonly LogGuess[],
  files: readonly ProfiledFile[],
  { catalog, users }: { readonly catalog?: SideTable; readonly users?: SideTable },
): Promise<{ unused: UnusedFile[]; apart: Apart[]; heldBack?: HeldBack }> {
  const parts = new Map<Part, ProfiledFile>();
  const unused: UnusedFile[] = [];
  const apart: Apart[] = [];
  for (const file of files) {
    if (file === log.file || file === catalog?.file || file === users?.file) continue;
    const guess = guesses.find((one) => one.file === file);
    const side = sideScore(file, 'item');
    const [key] = keysOf(file);
    const joins = log.joins.filter(({ table }) => table === file);
    const others = joins.filter(
      ({ column, shared: ids }) => column !== log.user && column !== log.item && ids >= 10,
    );
    if (others.length > 0 && others[0].contained > 0.5)
      unused.push({ file, why: `it tells of ${others[0].column.name}, which is neither user nor item` });
    else if (guess && guess.score >= ENOUGH && !(key && Math.abs(side) >= 2)) {
      const ask = (ours: ColumnProfile, theirs: ColumnProfile) =>
        shared(connection, log.file, ours, file, theirs);
      const [sharedUsers, sharedItems] = [await ask(log.user, guess.user), await ask(log.item, guess.item)];
      const crossed = (await ask(log.user, guess.item)) + (await ask(log.item, guess.user));
      const same =
        file.columns.join('\n') === log.file.columns.join('\n') &&
        file.layout.format === log.file.layout.format;
      const part = same && sharedItems > 0 ? partOf(file.name) : undefined;
      if (part !== undefined && !parts.has(part)) parts.set(part, file);
      else if (sharedUsers + sharedItems + crossed === 0)
        apart.push({
          file,
          what: 'log',
          theirs: shown(guess.user, guess.item),
          ours: shown(log.user, log.item),
        });
      else
        unused.push({
          file,
          why:
            sharedUsers + sharedItems === 0
              ? `it has several rows for each of ${guess.user.name}; a table of items or users has one`
              : `it is another log (${guess.user.name}, ${guess.item.name}) that shares ${sharedUsers} users and ${sharedItems} items`,
        });
    } else if (
      key &&
      joins.every(({ contained }) => contained < 0.05) &&
      (Math.abs(side) >= 2 || (catalog === undefined && users === undefined))
    ) {
      const items = side >= 0;
      const ours = items ? log.item : log.user;
      apart.push({
        file,
        what: items ? 'items' : 'users',
        theirs: String(key.examples[0]),
        ours: String(ours.examples[0]),
      });
    } else unused.push({ file, why: 'it has neither interactions nor ids of the users or items' });
  }
  const [validation, test] = [parts.get('validation'), parts.get('test')];
  const first = validation ?? test;
  return {
    unused,
    apart,
    ...(first && { heldBack: { validation: first, ...(validation && test && { test }) } }),
  };
}

type Part = 'validation' | 'test';

/** Which part of a set a file is by its name, if it is not the one to train on. */
export const partOf = (name: string): Part | undefined =>
  /(^|[^a-z])(val|valid|validation|dev)([^a-z]|$)/i.test(name)
    ? 'validation'
    : /(^|[^a-z])(test|holdout|heldout)([^a-z]|$)/i.test(name)
      ? 'test'
      : undefined;

const shown = (user: ColumnProfile, item: ColumnProfile) => `${user.examples[0]}, ${item.examples[0]}`;

/** Different values that two columns share. */
export async function shared(
  connection: DuckDBConnection,
  one: ProfiledFile,
  a: ColumnProfile,
  other: ProfiledFile,
  b: ColumnProfile,
): Promise<number> {
  const [[count]] = await rowsOf(
    connection,
    `SELECT count(*) FROM (SELECT DISTINCT ${valueOf(`c${a.place}`)} AS v FROM ${one.table}
     INTERSECT SELECT ${valueOf(`c${b.place}`)} FROM ${other.table}) WHERE v IS NOT NULL`,
  );
  return Number(count);
}
