import { Matrix, type Vocabulary } from '@towerkit/core';

import { TowerkitError } from '../errors.js';
import type { RowKind } from './row-ids.js';

/** Rows of a file in the order of other ids. */
export interface MatchedRows {
  /** Row of the file for each name, -1 for one that it lacks: [names]. */
  readonly rows: Int32Array;
  /** Names without a row. */
  readonly without: number;
  /** Rows of ids that are no name. */
  readonly unused: number;
}

/**
 * Matches the rows of a file with the users or items of a log by their ids.
 *
 * @param source what to call the file in messages
 * @throws TowerkitError `NO_OVERLAP` with an example of each, where they share no id
 */
export function matchRows(names: Vocabulary, ids: Vocabulary, what: RowKind, source: string): MatchedRows {
  const rows = Int32Array.from(names.names, (name) => ids.indexOf(name) ?? -1);
  const matched = rows.reduce((count, row) => count + (row < 0 ? 0 : 1), 0);
  if (matched === 0 && names.size > 0)
    throw new TowerkitError(
      'NO_OVERLAP',
      `${source} has none of the ${names.size} ${what}s of the interactions`,
      {
        hint: `see that both use the same ids: interactions have "${names.nameOf(0)}", ${source} has "${ids.nameOf(0)}"`,
        details: { names: names.nameOf(0), ids: ids.nameOf(0) },
      },
    );
  return { rows, without: names.size - matched, unused: ids.size - matched };
}

/**
 * Rows of a matrix by their place, zeros where there is none.
 *
 * @param rows as of {@link matchRows}
 * @returns [rows.length, columns]
 */
export function gatherRows(matrix: Matrix, rows: Int32Array): Matrix {
  const out = new Matrix(rows.length, matrix.cols);
  rows.forEach((row, place) => row >= 0 && out.row(place).set(matrix.row(row)));
  return out;
}
