import { Vocabulary } from '@towerkit/core';

import { TowerkitError } from './errors.js';
import type { InteractionLog, RowColumns } from './interaction-log.js';

/** What becomes of items left without a row: `drop` them, or `keep` the universe as it is. */
export type Universe = 'drop' | 'keep';

/**
 * The rows marked, with users left without a row dropped and ids dense again; order is kept.
 *
 * @param keep 1 for a row to keep, 0 for one to drop, shape [rows]
 * @param universe what becomes of items left without a row, `drop` by default
 * @throws TowerkitError `EMPTY_DATA` when no row is left, `SHAPE_MISMATCH`
 */
export function filterRows(
  log: InteractionLog,
  keep: ArrayLike<number>,
  universe: Universe = 'drop',
): InteractionLog {
  if (keep.length !== log.user.length)
    throw new TowerkitError('SHAPE_MISMATCH', `${log.user.length} rows but ${keep.length} marks`);
  const rows = rowsWhere(keep.length, (row) => Boolean(keep[row]));
  if (rows.length === 0) throw new TowerkitError('EMPTY_DATA', 'no interaction is left');
  const kept = takeRows(log, rows);
  const users = compact(log.users, kept.user);
  const items = universe === 'drop' ? compact(log.items, kept.item) : { names: log.items, ids: kept.item };
  return { ...kept, users: users.names, user: users.ids, items: items.names, item: items.ids };
}

/** Numbers of the rows to keep, ascending. */
export function rowsWhere(count: number, keep: (row: number) => boolean): Int32Array {
  const rows = new Int32Array(count);
  let kept = 0;
  for (let row = 0; row < count; row++) if (keep(row)) rows[kept++] = row;
  return rows.slice(0, kept);
}

/** The given rows in the order given, vocabularies as they are. */
export function takeRows(log: InteractionLog, rows: Int32Array): InteractionLog {
  const { time, position, rating, weight, kind, text, more, numbers } = log;
  return {
    users: log.users,
    items: log.items,
    user: rows.map((row) => log.user[row]),
    item: rows.map((row) => log.item[row]),
    ...(time && { time: gather(new Float64Array(rows.length), time, rows) }),
    ...(position && { position: gather(new Float64Array(rows.length), position, rows) }),
    ...(rating && { rating: gather(new Float32Array(rows.length), rating, rows) }),
    ...(weight && { weight: gather(new Float64Array(rows.length), weight, rows) }),
    ...(kind && { kind: { names: kind.names, codes: rows.map((row) => kind.codes[row]) } }),
    ...(text && { text: Array.from(rows, (row) => text[row]) }),
    ...(more && { more: takeColumns(more, rows) }),
    ...(numbers && { numbers: takeColumns(numbers, rows) }),
  };
}

/**
 * The given rows of columns, in the order given.
 *
 * @example
 * ```ts
 * takeColumns({ device: ['web', 'app'], people: Float64Array.of(2, NaN) }, [1]); // { device: ['app'], people: [NaN] }
 * ```
 */
export function takeColumns<C extends RowColumns[string]>(
  columns: Readonly<Record<string, C>>,
  rows: ArrayLike<number>,
): Record<string, C> {
  const taken = (values: RowColumns[string]) =>
    values instanceof Float64Array
      ? gather(new Float64Array(rows.length), values, rows)
      : Array.from(rows, (row) => values[row]);
  return Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, taken(values) as C]));
}

/** Fills `out` with the values of some rows. */
export function gather<T extends Float64Array | Float32Array>(out: T, values: T, rows: ArrayLike<number>): T {
  for (let k = 0; k < rows.length; k++) out[k] = values[rows[k]];
  return out;
}

function compact(names: Vocabulary, ids: Int32Array): { names: Vocabulary; ids: Int32Array } {
  const dense = new Int32Array(names.size).fill(-1);
  for (const id of ids) dense[id] = 0;
  const left: string[] = [];
  for (let id = 0; id < names.size; id++) if (dense[id] === 0) dense[id] = left.push(names.nameOf(id)) - 1;
  return { names: new Vocabulary(left), ids: ids.map((id) => dense[id]) };
}
