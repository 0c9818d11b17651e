import { isTime, isUnique, repeated, type ColumnProfile } from '../profile/column-profile.js';
import { joinScore, mayBeId, namesId, type Join } from './joins.js';
import { fileSide, nameScore, sideOf, wordsOf } from './names.js';
import { Weighing } from './reasons.js';
import type { ProfiledFile } from './tables.js';

/** Who acts, or what is acted on. */
export type Entity = 'user' | 'item';

/** Columns of a log that may say who, or what: ids that come again. */
export const candidatesOf = (file: ProfiledFile): ColumnProfile[] =>
  file.profiles.filter(
    (column) =>
      mayBeId(column) &&
      column.filled > 0.2 * column.rows &&
      !(isUnique(column) && column.rows > 20) &&
      (!isTime(column) || nameScore(column.name, 'user') > 2 || nameScore(column.name, 'item') > 2) &&
      (namesId(column.name) || column.padded + column.whole >= (column.numbers > 0.98 ? 0.98 : 0)),
  );

const SESSION = /^(session|sessionid|device|cookie)$/;

/** What speaks for a column being the users, or the items, of a log. */
export function entityScore(
  column: ColumnProfile,
  entity: Entity,
  joins: readonly Join[],
): { weighing: Weighing; join?: Join } {
  const weighing = new Weighing();
  const other = entity === 'user' ? 'item' : 'user';
  const own = nameScore(column.name, entity);
  const others = nameScore(column.name, other);
  weighing.add(own, own > 0 ? `its name says so` : '');
  if (own <= 0 && others > 2) weighing.add(-4);
  if (own > 0 && others === 4 && own < 4) weighing.add(-1);
  if (column.distinct <= 12 && column.rows > 200) weighing.add(-3);
  // A session is a user only where nobody better is named.
  if (entity === 'user' && wordsOf(column.name).some((word) => SESSION.test(word))) weighing.add(-1.5);
  if (column.emails > 0.5) weighing.add(entity === 'user' ? 3 : -3, 'its values are e-mail addresses');
  if (column.urls > 0.5) weighing.add(entity === 'item' ? 1 : -2, 'its values are addresses of pages');
  if (column.words > 2.5) weighing.add(-1);
  if (column.top && column.top.rows > 0.5 * column.filled) weighing.add(-2);
  if (repeated(column) < 1.2) weighing.add(-1.5);
  const best = joins
    .filter((join) => join.column === column)
    .map((join) => ({ join, points: joinScore(join) + sideScore(join.table, entity) }))
    .sort((a, b) => b.points - a.points)[0];
  if (!best || best.points < 1) return { weighing };
  const { join, points } = best;
  weighing.add(
    points,
    `${percent(join.contained)} of its values are ids of ${join.table.name} (${join.key.name}), and ${percent(join.covered)} of those come up`,
  );
  return { weighing, join };
}

/** How much a table looks like one of items, or of users: from -3 to 3. */
export function sideScore(table: ProfiledFile, entity: Entity): number {
  const content = table.profiles.reduce((sum, column) => {
    if (column.emails > 0.5) return sum - 2;
    if (column.images > 0.5) return sum + 1;
    if (column.words > 2 && column.distinct > 0.5 * table.rows && column.numbers < 0.5) return sum + 1;
    if (
      column.values &&
      column.values.length <= 3 &&
      column.values.every((value) => /^(m|f|male|female|w)$/i.test(value))
    )
      return sum - 2;
    return sum;
  }, 0);
  const items = Math.max(-3, Math.min(3, sideOf(table.columns) + fileSide(table.name) + content));
  return entity === 'item' ? items : -items;
}

/** A share as a person reads it. */
export const percent = (share: number): string =>
  share >= 1
    ? '100%'
    : share > 0.995
      ? '99%'
      : share > 0 && share < 0.01
        ? '<1%'
        : `${Math.round(100 * share)}%`;
