import { formatByName } from '@towerkit/data/internal';

import type { Layout } from '../files/sniff.js';
import { quoted, quotedList, type Entry } from './print.js';

/** What a config must say of how a file is laid out: what its name and the defaults do not. */
export function layoutEntries(
  name: string,
  layout: Layout,
  columnNames: readonly string[] | undefined,
  writing: { readonly decimal?: boolean; readonly timeFormat?: string },
): Entry[] {
  const entries: Entry[] = [];
  if (formatByName(name) !== layout.format) entries.push(['format', quoted(layout.format)]);
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
