import { writeTable } from '@towerkit/data';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import type { DataRow, Layout } from './data-cases.js';

/** Columns of the files that are written. */
export const COLUMNS = {
  user: 'who',
  item: 'what, "really"',
  time: 'when',
  rating: 'stars',
  kind: 'how',
  weight: 'how much',
} as const;

const ROLES = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];

/** Writes rows as a layout says, by hand, so that what is read was never in the hands of what reads. @returns the path */
export async function writeRows(folder: string, rows: readonly DataRow[], layout: Layout): Promise<string> {
  const { format, gzip, byteOrderMark } = layout;
  if (format === 'parquet') return writeParquet(folder, rows);
  const ending = format === 'sequences' ? 'txt' : format;
  const path = join(folder, `rows.${ending}${gzip ? '.gz' : ''}`);
  const text = Buffer.from((byteOrderMark ? '\ufeff' : '') + textOf(rows, layout));
  await writeFile(path, gzip ? gzipSync(text) : text);
  return path;
}

async function writeParquet(folder: string, rows: readonly DataRow[]): Promise<string> {
  const path = join(folder, 'rows.parquet');
  const schema = Object.fromEntries(Object.values(COLUMNS).map((name) => [name, 'VARCHAR' as const]));
  const batch = Object.fromEntries(ROLES.map((role) => [COLUMNS[role], rows.map((row) => row[role])]));
  await writeTable(path, schema, [batch]);
  return path;
}

function textOf(rows: readonly DataRow[], { format, lineEnd, finalEnd, quoteAll, stray }: Layout): string {
  const lines = linesOf(rows, format as 'csv' | 'tsv' | 'jsonl' | 'sequences', quoteAll, stray);
  const end = (at: number) => (lineEnd === 'mixed' ? (at % 2 === 0 ? '\n' : '\r\n') : lineEnd);
  return lines.map((line, at) => line + (at < lines.length - 1 || finalEnd ? end(at) : '')).join('');
}

function linesOf(
  rows: readonly DataRow[],
  format: 'csv' | 'tsv' | 'jsonl' | 'sequences',
  quoteAll: boolean,
  stray: boolean,
): string[] {
  if (format === 'sequences') return rows.map(({ user, item }) => `${user}${stray ? '\t' : ' '}${item}`);
  if (format === 'jsonl')
    return rows.map((row) =>
      JSON.stringify({
        ...(stray && { stray: { [COLUMNS.user]: 'x' } }),
        ...Object.fromEntries(ROLES.map((role) => [COLUMNS[role], row[role]])),
      }),
    );
  const delimiter = format === 'tsv' ? '\t' : ',';
  const quoted = (value: string) =>
    quoteAll || /["\r\n]/.test(value) || value.includes(delimiter)
      ? `"${value.replaceAll('"', '""')}"`
      : value;
  const record = (values: readonly string[]) => values.map(quoted).join(delimiter);
  const order = (row: Record<keyof typeof COLUMNS, string>, before: string, after: string) => {
    const values = ROLES.map((role) => row[role]);
    return stray ? [before, ...values.reverse(), after] : values;
  };
  return [record(order(COLUMNS, 'stray', 'stray 2')), ...rows.map((row) => record(order(row, 'x,"y', '')))];
}
