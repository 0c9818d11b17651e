import { Vocabulary } from '@towerkit/core';
import type { Catalog, OnBadRow, SpannedLines, Table } from '@towerkit/data';
import { basename } from 'node:path';

import { TowerkitError } from '../errors.js';

/**
 * The rows of a file that are items an artifact lacks.
 *
 * @param table items of the artifact
 * @returns also how many rows are left out
 * @throws TowerkitError `KNOWN_ITEM` for an item it has already, unless bad rows are skipped
 */
export function newRows(
  { items, skipped, spanned }: Catalog,
  table: Table,
  { path, onBadRow }: { path: string; onBadRow: OnBadRow },
): { rows: number[]; skipped: number; spanned?: SpannedLines } {
  const known = new Vocabulary(table.columns.id as string[]);
  const rows: number[] = [];
  const repeated = items.names.filter((name, row) => {
    const isKnown = known.indexOf(name) !== undefined;
    if (!isKnown) rows.push(row);
    return isKnown;
  });
  if (repeated.length > 0 && onBadRow === 'error')
    throw new TowerkitError(
      'KNOWN_ITEM',
      `${basename(path)}: the artifact has ${repeated.length > 1 ? `${repeated.length} of these items` : 'an item'} already, such as "${repeated[0]}"`,
      {
        hint: 'take them out of the file, or leave them as they are with --on-bad-row skip',
        details: { items: repeated.slice(0, 100) },
      },
    );
  return { rows, skipped: skipped + repeated.length, ...(spanned && { spanned }) };
}
