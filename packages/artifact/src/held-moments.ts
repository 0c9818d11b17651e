import type { CsrMatrix } from '@towerkit/core';
import type { ColumnType, ColumnValues, RowColumns, Table } from '@towerkit/data';

/**
 * What is known of the moments of held-back rows, by part: columns by name, one value for each entry of the part, in the order
 * of its `indices`.
 */
export interface HeldMoments {
  readonly validation?: RowColumns;
  readonly test?: RowColumns;
}

/** Apart from `user` and `items`, whatever the columns are called. */
const PREFIX = 'moment/';

/** The columns of a table of held-back rows: for each user lists beside that of the items. */
export function momentColumns(
  { indptr }: CsrMatrix,
  users: Int32Array,
  moments: RowColumns = {},
): Record<string, { type: ColumnType; values: ColumnValues }> {
  return Object.fromEntries(
    Object.entries(moments).map(([name, values]) => [
      PREFIX + name,
      {
        type: values instanceof Float64Array ? 'DOUBLE[]' : 'VARCHAR[]',
        values: Array.from(users, (user) => values.slice(indptr[user], indptr[user + 1])),
      },
    ]),
  );
}

/**
 * Reads them back, by the entries of the part.
 *
 * @param users user of each row of the table
 * @returns `undefined` for a table without any; what is wrong with it, where it does not fit the part
 */
export function readMoments(
  { columns }: Pick<Table, 'columns'>,
  users: Int32Array,
  { indptr, rows: count, entries }: CsrMatrix,
): RowColumns | string | undefined {
  const names = Object.keys(columns).filter((name) => name.startsWith(PREFIX));
  if (names.length === 0) return undefined;
  const rows = new Int32Array(count).fill(-1);
  users.forEach((user, row) => (rows[user] = row));
  const read: Record<string, string[] | Float64Array> = {};
  for (const name of names) {
    const lists = columns[name] as ArrayLike<unknown>;
    const isNumber = Array.from(lists).some((list) => list instanceof Float64Array);
    const out = isNumber ? new Float64Array(entries) : new Array<string>(entries).fill('');
    for (let user = 0; user < count; user++) {
      const length = indptr[user + 1] - indptr[user];
      const list = rows[user] < 0 ? [] : lists[rows[user]];
      const fits = isNumber
        ? list instanceof Float64Array || length === 0
        : Array.isArray(list) && list.every((value) => typeof value === 'string');
      if (!fits || (list as ArrayLike<unknown>).length !== length)
        return `its column "${name}" does not hold a value for each item`;
      for (let place = 0; place < length; place++)
        out[indptr[user] + place] = (list as ArrayLike<never>)[place];
    }
    read[name.slice(PREFIX.length)] = out;
  }
  return read;
}
