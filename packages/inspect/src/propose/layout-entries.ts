import type { Layout } from '../files/layout.js';
import { quoted, quotedList, type Entry } from './print.js';

/** Endings of names that say a format. */
const ENDINGS: Readonly<Record<string, Layout['format']>> = {
  csv: 'csv',
  tsv: 'tsv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  parquet: 'parquet',
  txt: 'sequences',
};

/** What a config must say of how a file is laid out: what its name and the defaults do not. */
export function layoutEntries(
  name: string,
  layout: Layout,
  columnNames: readonly string[] | undefined,
  writing: { readonly decimal?: boolean; readonly timeFormat?: string },
): Entry[] {
  const ending = /\.([a-z]+)(\.gz)?$/i.exec(name)?.[1].toLowerCase();
  const entries: Entry[] = [];
  if (ending === undefined || ENDINGS[ending] !== layout.format)
    entries.push(['format', quoted(layout.format)]);
  if (layout.delimiter !== undefined) entries.push(['delimiter', quoted(layout.delimiter)]);
  if (layout.quote !== undefined) entries.push(['quote', quoted(layout.quote), 'quotes in it wrap nothing']);
  if (layout.encoding !== undefined) entries.push(['encoding', quoted(layout.encoding)]);
  if (layout.header !== undefined) entries.push(['header', String(layout.header)]);
  if (columnNames)
    entries.push([
      'columnNames',
      quotedList(columnNames),
      layout.header === false ? 'the file names none' : undefined,
    ]);
  if (writing.decimal) entries.push(['decimal', "','"]);
  if (writing.timeFormat !== undefined) entries.push(['timeFormat', quoted(writing.timeFormat)]);
  return entries;
}
