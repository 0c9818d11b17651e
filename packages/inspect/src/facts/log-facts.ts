import { literal, rowsOf, timeIn } from '@towerkit/data/internal';
import type { DuckDBConnection } from '@duckdb/node-api';

import type { LogGuess } from '../guess/choose-log.js';
import { gradesOf } from '../guess/grades.js';
import type { LogColumns } from '../guess/log-columns.js';
import { valueOf } from '../profile/profile-table.js';
import { secondsIn } from '../profile/times.js';

/** Figures of a log. Shares are from 0 to 1. */
export interface LogFacts {
  /** Rows that were looked at, and those of them without a user or an item. */
  readonly rows: number;
  readonly incomplete: number;
  readonly users: number;
  readonly items: number;
  /** Share of the rows whose user had the item in a row before. */
  readonly repeats: number;
  /** Rows of a user: the median, and the share of users with fewer than 2, 3 and 5. */
  readonly perUser: {
    readonly median: number;
    readonly under2: number;
    readonly under3: number;
    readonly under5: number;
  };
  readonly perItem: { readonly median: number; readonly under2: number; readonly under5: number };
  /** Share of the rows that the most popular tenth of the items has. */
  readonly head: number;
  /** The user and the item with most rows. */
  readonly busiest: {
    readonly user: { readonly name: string; readonly share: number };
    readonly item: { readonly name: string; readonly share: number };
  };
  /** First and last time, in seconds since 1970 where they are such, and the share of rows at a time that others of the user have. */
  readonly time?: {
    readonly first: number;
    readonly last: number;
    readonly isClock: boolean;
    readonly together: number;
    readonly unreadable: number;
  };
  /** Rows of each kind. */
  readonly kinds?: readonly (readonly [kind: string, rows: number])[];
  /** Share of ratings of each value, the lowest first; absent for more than 30. */
  readonly ratings?: {
    readonly mean: number;
    readonly least: number;
    readonly most: number;
    readonly values?: readonly (readonly [value: number, share: number])[];
    readonly missing: number;
  };
  /** Words in the place of users that stand for nobody, such as `nan`. */
  readonly nobody: readonly string[];
  /** A user with about as many rows as most have. */
  readonly example: string;
  /** Share of the weights below 0. */
  readonly negative?: number;
}

/** Counts what a log holds. */
export async function logFacts(
  connection: DuckDBConnection,
  { file, user, item }: LogGuess,
  { time, rating, weight, kind }: LogColumns,
): Promise<LogFacts> {
  const grades = rating && gradesOf(rating.column);
  const writing = decimalOf(rating?.column.commas, rating?.column.numbers);
  const seconds = time ? secondsOf(time) : 'NULL';
  const number = (place: number | undefined, read = writing) =>
    place === undefined ? 'NULL::DOUBLE' : read(`c${place}`);
  await connection.run('DROP TABLE IF EXISTS log');
  await connection.run(
    `CREATE TEMP TABLE log AS SELECT n, ${valueOf(`c${user.place}`)} AS u, ${valueOf(`c${item.place}`)} AS i, ${seconds} AS t,
     ${number(rating?.column.place, grades && gainsOf(grades))} AS r, ${number(weight?.column.place)} AS w, ${kind ? `c${kind.column.place}` : 'NULL::VARCHAR'} AS k
     FROM ${file.table}`,
  );
  const one = async (sql: string) => (await rowsOf(connection, sql))[0].map(Number);
  const whole = 'FROM log WHERE u IS NOT NULL AND i IS NOT NULL';
  const [rows, complete] = await one(
    `SELECT count(*), count(*) FILTER (u IS NOT NULL AND i IS NOT NULL) FROM log`,
  );
  const [pairs] = await one(`SELECT count(*) FROM (SELECT DISTINCT u, i ${whole})`);
  const counts = (by: string, more = '') =>
    `SELECT count(*), median(k), avg((k < 2)::INT), avg((k < 3)::INT), avg((k < 5)::INT)${more} FROM (SELECT count(*) AS k ${whole} GROUP BY ${by})`;
  const [users, userMedian, ...short] = await one(counts('u'));
  const [items, itemMedian, single, , few] = await one(counts('i'));
  const [head] = await one(
    `SELECT sum(k) FILTER (place <= greatest(1, ${items} / 10)) / sum(k) FROM (SELECT k, row_number() OVER (ORDER BY k DESC) AS place FROM (SELECT count(*) AS k ${whole} GROUP BY i))`,
  );
  const busiest = async (by: string) => {
    const found = await rowsOf(
      connection,
      `SELECT ${by}, count(*) AS k ${whole} GROUP BY ${by} ORDER BY k DESC, ${by} LIMIT 1`,
    );
    return { name: String(found[0]?.[0] ?? ''), share: Number(found[0]?.[1] ?? 0) / Math.max(complete, 1) };
  };
  return {
    ...{ rows, incomplete: rows - complete, users, items },
    repeats: complete === 0 ? 0 : 1 - pairs / complete,
    perUser: { median: userMedian, under2: short[0], under3: short[1], under5: short[2] },
    perItem: { median: itemMedian, under2: single, under5: few },
    head,
    busiest: { user: await busiest('u'), item: await busiest('i') },
    nobody: (
      await rowsOf(
        connection,
        `SELECT DISTINCT c${user.place} FROM ${file.table} WHERE c${user.place} IS NOT NULL AND ${valueOf(`c${user.place}`)} IS NULL ORDER BY 1`,
      )
    ).map(([name]) => String(name)),
    example: String(
      (
        await rowsOf(
          connection,
          `SELECT u FROM (SELECT u, count(*) AS k ${whole} GROUP BY u) ORDER BY NOT regexp_full_match(u, '[A-Za-z0-9][A-Za-z0-9 .@_-]*'), abs(k - greatest(${userMedian}, 5)), u LIMIT 1`,
        )
      )[0]?.[0] ?? '',
    ),
    ...(time && { time: await timeFacts(one, time.form !== undefined || time.unit !== undefined, whole) }),
    ...(kind && {
      kinds: (
        await rowsOf(
          connection,
          `SELECT coalesce(k, ''), count(*) AS c ${whole} GROUP BY k ORDER BY c DESC, 1`,
        )
      ).map(([name, count]) => [String(name), Number(count)] as const),
    }),
    ...(rating && { ratings: await ratingFacts(connection, whole) }),
    ...(weight && { negative: (await one(`SELECT coalesce(avg((w < 0)::INT), 0) ${whole}`))[0] }),
  };
}

async function timeFacts(one: (sql: string) => Promise<number[]>, isClock: boolean, whole: string) {
  const [first, last, unreadable] = await one(`SELECT min(t), max(t), avg((t IS NULL)::INT) ${whole}`);
  const [together] = await one(
    `SELECT coalesce(sum(k) FILTER (k > 1) / sum(k), 0) FROM (SELECT count(*) AS k ${whole} AND t IS NOT NULL GROUP BY u, t)`,
  );
  return { first, last, isClock, together, unreadable };
}

async function ratingFacts(connection: DuckDBConnection, whole: string) {
  const [[mean, least, most, missing, distinct]] = await rowsOf(
    connection,
    `SELECT avg(r), min(r), max(r), avg((r IS NULL)::INT), count(DISTINCT r) ${whole}`,
  );
  const values = await rowsOf(
    connection,
    `SELECT r, count(*) / sum(count(*)) OVER () ${whole} AND r IS NOT NULL GROUP BY r ORDER BY r`,
  );
  return {
    ...{ mean: Number(mean), least: Number(least), most: Number(most), missing: Number(missing) },
    ...(Number(distinct) <= 30 && {
      values: values.map(([value, share]) => [Number(value), Number(share)] as const),
    }),
  };
}

/** SQL for what grades in words are worth. */
const gainsOf = (grades: Readonly<Record<string, number>>) => (column: string) =>
  `CASE ${Object.entries(grades)
    .map(([grade, gain]) => `WHEN ${column} = ${literal(grade)} THEN ${gain}::DOUBLE`)
    .join(' ')} END`;

const decimalOf =
  (commas = 0, numbers = 1) =>
  (column: string) =>
    commas > numbers
      ? `try_cast(replace(replace(${column}, '.', ''), ',', '.') AS DOUBLE)`
      : `coalesce(try_cast(${column} AS DOUBLE), try_cast(replace(${column}, ',', '.') AS DOUBLE))`;

/** SQL for the seconds since 1970 of a column of times; the number itself where it is none. */
export function secondsOf({ column, form, unit }: NonNullable<LogColumns['time']>): string {
  const text = `c${column.place}`;
  if (form?.format === 'iso') return timeIn(text, {});
  if (form) return `epoch(try_strptime(${text}, ${literal(form.format)}))`;
  return `try_cast(${text} AS DOUBLE) * ${unit ? secondsIn(unit) : 1}`;
}
