import type { SideTable } from '../inspection.js';
import type { ColumnProfile } from '../profile/column-profile.js';
import type { LogGuess } from './choose-log.js';
import { sideScore, type Entity } from './entity-score.js';
import { joinScore, type Join } from './joins.js';
import type { LogColumns } from './log-columns.js';
import { sideColumns } from './side-columns.js';

/** The table of items and that of users: files of their own, else the log itself where its rows say something of them. */
export function sideTables(log: LogGuess, columns: LogColumns): { catalog?: SideTable; users?: SideTable } {
  const scored = (column: ColumnProfile, entity: Entity) =>
    log.joins
      .filter((join) => join.column === column && (join.contained >= 0.05 || join.covered >= 0.2))
      .map((join) => ({ join, points: joinScore(join) + sideScore(join.table, entity) }))
      .filter(({ points }) => points >= 0.8)
      .sort((a, b) => b.points - a.points);
  const [users, items] = [scored(log.user, 'user'), scored(log.item, 'item')];
  const [user, item] = assign(users, items);
  const catalog = item ? joined(item) : ofLog(log, log.item, columns.ofItem);
  const people =
    user && !log.queries ? joined(user) : log.queries ? undefined : ofLog(log, log.user, columns.ofUser);
  return { ...(catalog && { catalog }), ...(people && { users: people }) };
}

type Scored = { readonly join: Join; readonly points: number };

/** The best join for each side, no table for both. */
function assign(users: readonly Scored[], items: readonly Scored[]): [user?: Join, item?: Join] {
  let best: { points: number; user?: Join; item?: Join } = { points: 0 };
  for (const user of [undefined, ...users])
    for (const item of [undefined, ...items]) {
      if (user && item && user.join.table === item.join.table) continue;
      const points = (user?.points ?? 0) + (item?.points ?? 0);
      if (points > best.points) best = { points, user: user?.join, item: item?.join };
    }
  return [best.user, best.item];
}

function joined(join: Join): SideTable {
  const { table: file, key } = join;
  const others = file.profiles.filter((column) => column !== key);
  const duplicates = key.filled - key.distinct;
  return { file, key, join, log: false, duplicates, columns: sideColumns(others, key.distinct) };
}

function ofLog(log: LogGuess, key: ColumnProfile, own: readonly ColumnProfile[]): SideTable | undefined {
  if (own.length === 0) return undefined;
  const columns = sideColumns(own, key.distinct);
  if (columns.every(({ use }) => use === 'left out')) return undefined;
  return { file: log.file, key, log: true, duplicates: 0, columns };
}
