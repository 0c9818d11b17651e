import { identifier, literal } from '@towerkit/data/internal';

import type { LoadedFile } from '../files/load.js';

/** Lines of orders, and a file that says who placed each order. */
export interface OrderLines {
  readonly kind: 'orders';
  /** Paths as they were given. */
  readonly lines: string;
  readonly header: string;
  /** The columns whose values are the same. */
  readonly on: readonly [lines: string, header: string];
}

/** A file whose rows hold lists of what was taken, such as a user's items or the lines of an order. */
export interface ListRows {
  readonly kind: 'lists';
  readonly file: string;
  /** The column of the lists. */
  readonly column: string;
  /** Keys of their objects, which become columns; absent for lists of plain values. */
  readonly keys?: readonly string[];
  /** What separates plain values, `json` for JSON arrays. */
  readonly separator: string;
}

/** Several logs of the same columns, such as one for each month. */
export interface Parts {
  readonly kind: 'parts';
  readonly files: readonly string[];
}

/** What a log was made of that no file holds as it is. */
export type Joined = OrderLines | ListRows | Parts;

/** Name of the file that it is written to. */
export const JOINED = 'interactions.parquet';

/** A file as a table whose columns have places. */
export type Table = Pick<LoadedFile, 'columns' | 'table'>;

/** A column of the log that is made, as SQL over the tables it is made of. */
interface Made {
  readonly name: string;
  readonly sql: string;
}

/** The files that a log is made of, as they were given. */
export const filesOf = (joined: Joined): readonly string[] =>
  joined.kind === 'orders'
    ? [joined.lines, joined.header]
    : joined.kind === 'lists'
      ? [joined.file]
      : joined.files;

/** The columns of the log that is made, and SQL for its rows, which have their place as `n`. */
export function madeOf(joined: Joined, tables: readonly Table[]): { columns: readonly Made[]; from: string } {
  if (joined.kind === 'orders') return fromOrders(joined, tables[0], tables[1]);
  if (joined.kind === 'lists') return fromLists(joined, tables[0]);
  const union = tables
    .map(({ table }, part) => `SELECT ${part} AS part, * FROM ${table}`)
    .join(' UNION ALL ');
  return {
    columns: tables[0].columns.map((name, place) => ({ name, sql: `l.c${place}` })),
    from: `(SELECT * EXCLUDE (n), row_number() OVER (ORDER BY part, n) AS n FROM (${union})) AS l`,
  };
}

function fromOrders({ on }: OrderLines, lines: Table, header: Table) {
  const own = distinctNames();
  const columns = [
    ...lines.columns.map((name, place) => ({ name: own(name), sql: `l.c${place}` })),
    ...header.columns.flatMap((name, place) =>
      name === on[1] ? [] : [{ name: own(name), sql: `h.c${place}` }],
    ),
  ];
  const [a, b] = [lines.columns.indexOf(on[0]), header.columns.indexOf(on[1])];
  return { columns, from: `${lines.table} AS l JOIN ${header.table} AS h ON l.c${a} = h.c${b}` };
}

function fromLists({ column, keys, separator }: ListRows, { columns, table }: Table) {
  const own = distinctNames();
  const at = columns.indexOf(column);
  const type = keys ? 'JSON' : 'VARCHAR';
  const list =
    separator === 'json'
      ? `from_json(c${at}, '["${type}"]')`
      : `list_transform(string_split(c${at}, ${literal(separator)}), x -> nullif(trim(x), ''))`;
  const others = columns.flatMap((name, place) => (place === at ? [] : [{ name, sql: `l.c${place}` }]));
  const values = keys
    ? keys.map((key) => ({
        name: `${column}.${key}`,
        sql: `nullif(trim(json_extract_string(l.element, ${literal(`$."${key}"`)})), '')`,
      }))
    : [
        { name: column, sql: 'l.element' },
        { name: `${column}.position`, sql: 'l.place::VARCHAR' },
      ];
  const spread = `SELECT * EXCLUDE (n), row_number() OVER (ORDER BY n, place) AS n FROM
    (SELECT *, unnest(${list}) AS element, generate_subscripts(${list}, 1) AS place FROM ${table})`;
  return {
    columns: [...others, ...values].map(({ name, sql }) => ({ name: own(name), sql })),
    from: `(${spread}) AS l`,
  };
}

/** Gives each column a name of its own. */
function distinctNames(): (name: string) => string {
  const seen = new Set<string>();
  return (name) => {
    let free = name;
    while (seen.has(free.toLowerCase())) free = `order_${free}`;
    seen.add(free.toLowerCase());
    return free;
  };
}

/** SQL for the rows of a log that is made, under the names of its columns. */
export function joinedRows(joined: Joined, tables: readonly Table[]): string {
  const { columns, from } = madeOf(joined, tables);
  return `SELECT ${columns.map(({ name, sql }) => `${sql} AS ${identifier(name)}`).join(', ')} FROM ${from} ORDER BY l.n`;
}
