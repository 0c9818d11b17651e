import type { LogGuess } from '../guess/choose-log.js';
import { sideScore } from '../guess/entity-score.js';
import { mayBeId, type Join } from '../guess/joins.js';
import { nameScore } from '../guess/names.js';
import type { ProfiledFile } from '../guess/tables.js';
import { isTime, isUnique, repeated, type ColumnProfile } from '../profile/column-profile.js';

/**
 * The file that says of each order who placed it, where the log has the orders' lines: its ids are those of a column of
 * the log, and it has a column of users, or ids that come again beside a time that the log lacks.
 */
export function orderHeader({ joins, item, file, user }: LogGuess): Join | undefined {
  const timed = file.profiles.some(isWhen);
  // A log that names its users needs no other file to say who they are.
  const named =
    nameScore(user.name, 'user') > 2 && nameScore(user.name, 'user') > nameScore(user.name, 'item');
  return joins.find((join) => {
    if (
      join.column === item ||
      join.contained < 0.5 ||
      join.shared < 10 ||
      sideScore(join.table, 'user') >= 3
    )
      return false;
    const others = join.table.profiles.filter((column) => column !== join.key);
    if (join.column !== user && others.some((column) => column.name === user.name)) return false;
    if (!named && others.some(isSomebody)) return true;
    return (
      !timed &&
      join.column === user &&
      !named &&
      others.some(isWhen) &&
      others.some((column) => isRepeatedId(column, join.table))
    );
  });
}

const isWhen = (column: ColumnProfile) => column.time !== undefined || isTime(column);

/** A column that says who, by its name, with fewer people than rows. */
const isSomebody = (column: ColumnProfile): boolean =>
  nameScore(column.name, 'user') > 2 && mayBeId(column) && !isTime(column) && repeated(column) >= 1.05;

/** Ids without a telling name: many, and most of them several times. */
const isRepeatedId = (column: ColumnProfile, { rows }: ProfiledFile): boolean =>
  mayBeId(column) &&
  !isTime(column) &&
  !isUnique(column) &&
  column.distinct > 20 &&
  column.distinct > rows / 200 &&
  repeated(column) >= 1.3;
