import { isTowerkitError } from '@towerkit/core';
import { readCatalog, readInteractions, type ReadLog } from '@towerkit/data';
import { parse } from 'csv-parse/sync';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { edited } from '../generate/edits.js';
import { WrongAnswer } from '../victim/protocol.js';
import type { CatalogCase, DataCase, DataRow, RowsCase, TextCase } from './data-cases.js';
import { COLUMNS, writeRows } from './write-rows.js';

/** Reads a file and compares what came of it with what went into it. */
export async function readData(tried: DataCase, folder: string): Promise<void> {
  if (tried.what === 'text') return readText(tried, folder);
  if (tried.what === 'catalog') return readColumn(tried, folder);
  return readRows(tried, folder);
}

async function readRows({ rows, layout, bad, skip, edits }: RowsCase, folder: string): Promise<void> {
  const place = bad && bad.row % rows.length;
  const written = rows.map((row, at) => (bad && at === place ? { ...row, [bad.column]: bad.value } : row));
  const path = await writeRows(folder, written, layout);
  if (edits.length > 0) await writeFile(path, edits.reduce<Uint8Array>(edited, await readFile(path)));
  const { format, lineEnd } = layout;
  const reading = readInteractions({
    path,
    ...(format !== 'sequences' && { columns: COLUMNS }),
    onBadRow: skip ? 'skip' : 'error',
  });
  if (edits.length > 0) return void (await reading);
  const about = `${format}${lineEnd === '\r' ? ', CR' : lineEnd === 'mixed' ? ', mixed line ends' : ''}`;
  const spoilt = bad && `bad ${bad.column} ${JSON.stringify(bad.value)}`;
  const right = bad ? rows.filter((_, at) => at !== place) : rows;
  const log = await taken(
    reading,
    about,
    lineEnd === '\r' || lineEnd === 'mixed' || (bad && (!skip || right.length === 0)),
  );
  if (!log) return;
  if (bad && !skip) throw new WrongAnswer(`${about}: ${spoilt} was taken`);
  if (bad && log.skipped !== 1)
    throw new WrongAnswer(`${about}: ${spoilt} was not skipped`, `${log.skipped} skipped`);
  if (lineEnd === '\r' || lineEnd === 'mixed') if (log.skipped > (bad ? 1 : 0)) return; // left out, and said so
  compare(about, log, right, format !== 'sequences');
}

/** The log; `undefined` where it was refused, and may be. */
async function taken(
  reading: Promise<ReadLog>,
  about: string,
  mayRefuse = false,
): Promise<ReadLog | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (!isTowerkitError(error)) throw error;
    if (mayRefuse) return undefined;
    throw new WrongAnswer(`${about}: a right file was refused, ${error.code}`, error.message);
  }
}

/** Rows by user in order of first appearance, then time, then the order of the file. */
function compare(about: string, log: ReadLog, rows: readonly DataRow[], timed: boolean): void {
  const users = [...new Set(rows.map(({ user }) => user))];
  const expected = rows
    .map((row, at) => ({ ...row, at, owner: users.indexOf(row.user) }))
    .sort((a, b) => a.owner - b.owner || (timed ? a.seconds - b.seconds : 0) || a.at - b.at)
    .map(({ user, item, seconds, rating, kind, weight }) =>
      JSON.stringify(
        timed ? [user, item, kind, seconds, Math.fround(Number(rating)), Number(weight)] : [user, item],
      ),
    );
  const found = Array.from(log.user, (user, at) => {
    const ids = [log.users.nameOf(user), log.items.nameOf(log.item[at])];
    if (!timed) return JSON.stringify(ids);
    const { time, rating, weight, kind } = log;
    return JSON.stringify([...ids, kind!.names[kind!.codes[at]], time![at], rating![at], weight![at]]);
  });
  if (found.join('\n') === expected.join('\n')) return;
  const what = difference(found, expected);
  throw new WrongAnswer(
    /byte order mark/.test(what) ? what : `${about}: ${what}`, // of every format the same

    `read ${found.join(' ')}, not ${expected.join(' ')}`,
  );
}

/** In what two lists of rows differ, so that one fault has one name. */
function difference(found: readonly string[], expected: readonly string[]): string {
  if (found.length !== expected.length) return 'another number of rows';
  const without = (pattern: RegExp) => (row: string) => row.replace(pattern, '');
  const like = (change: (row: string) => string) =>
    found.map(change).sort().join('\n') === expected.map(change).sort().join('\n');
  if (like((row) => row)) return 'another order';
  if (like(without(/\ufeff/g))) return 'a byte order mark in an id is lost';
  if (like(without(/\\r|\\n|\s/g))) return 'blanks or line ends in an id are lost';
  if (like(without(/(,[-\d.e+]+){3}\]$/))) return 'another time, rating or weight';
  return 'other ids';
}

/**
 * What both readers take, they must read alike; csv-parse is lenient about quotes inside of values, as files are, and about
 * records that are too long, of which only empty values may be passed over.
 */
async function readText({ text }: TextCase, folder: string): Promise<void> {
  const path = join(folder, 'text.csv');
  const whole = `user,item\n${text}`;
  await writeFile(path, whole);
  const log = await readInteractions({ path, columns: { user: 'user', item: 'item' } });
  let expected: string[][];
  try {
    expected = parse(whole, {
      relax_column_count_more: true,
      relax_quotes: true,
      skip_empty_lines: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      from_line: 2,
    });
  } catch (error) {
    throw new WrongAnswer(
      `text: taken, and csv-parse refuses it, ${(error as { code?: string }).code}`,
      (error as Error).message,
    );
  }
  const surplus = expected.find((values) => values.slice(2).some((value) => value !== ''));
  if (surplus) throw new WrongAnswer('text: a value behind the last column is lost', surplus.join('|'));
  const rows = expected.map(([user, item]) => JSON.stringify([user, item])).sort();
  const found = Array.from(log.user, (user, at) =>
    JSON.stringify([log.users.nameOf(user), log.items.nameOf(log.item[at])]),
  ).sort();
  if (found.join() !== rows.join())
    throw new WrongAnswer(
      'text: read as other rows than csv-parse',
      `${found.join(' ')} not ${rows.join(' ')}`,
    );
}

/** A column of text stays as it was, to the letter. */
async function readColumn({ values, type, lineEnd }: CatalogCase, folder: string): Promise<void> {
  const path = join(folder, 'items.csv');
  const lines = ['id,feature', ...values.map((value, at) => `i${at},"${value.replaceAll('"', '""')}"`)];
  await writeFile(path, lines.join(lineEnd));
  const { table, items } = await readCatalog({
    path,
    columns: { id: 'id', feature: 'feature' },
    ...(type && { types: { feature: type } }),
  });
  if (items.size !== values.length) throw new WrongAnswer('catalog: another number of items');
  const read = Array.from(
    table.getter('feature') && values.keys(),
    (at) => table.get('feature', at) as unknown,
  );
  const isText = type === 'text' || read.some((value) => typeof value === 'string');
  if (!isText) return;
  for (const [at, value] of values.entries())
    if ((read[at] ?? '') !== value && value.trim() !== '')
      throw new WrongAnswer(
        'catalog: text is not kept to the letter',
        `${JSON.stringify(read[at])} for ${JSON.stringify(value)}`,
      );
}
