import { CsrMatrix } from '@towerkit/core';
import { takeColumns, type RowColumns } from '@towerkit/data';
import type { CsrRows } from '@towerkit/metrics';

import type { AskedPairs, UnknownTargets } from './file-targets.js';

/** Rows to evaluate on: for each a history and the targets after it, in the artifact's item ids. */
export interface Questions {
  /** Part that the targets are of. */
  readonly on: 'validation' | 'test' | 'file';
  /** Rows x items. */
  readonly histories: CsrMatrix;
  /** Rows x items: what is not ranked, where that is not the histories, since rows of the data count as something else. */
  readonly leftOut?: CsrMatrix;
  /** Row by row; -1 for an item the artifact does not know: of a file a target that is missed, else none. */
  readonly targets: CsrRows;
  /** The artifact's id of each row's user, -1 for one it does not know by name. */
  readonly users: Int32Array;
  /**
   * What is known of the moment of each row, by the columns of the interactions; then each row has one target, and users with
   * several have several rows. Absent where nothing is known of moments.
   */
  readonly moments?: RowColumns;
  /** Users with targets but without a history, or whom nothing is known of, who are left out. */
  readonly unknownUsers: number;
  /** Rows of the files that were read whose item the artifact does not know. */
  readonly unknownItems: { readonly targets: number; readonly histories: number };
  /** What the file of targets holds, where they are of one. */
  readonly file?: AskedPairs & { readonly unknown: UnknownTargets };
}

/**
 * Questions for which moments are known: each target of a user is a question of its own, at its own moment. Metrics are then
 * means over targets, the user's other targets are items like all others, and figures that count users count questions.
 *
 * @param first of each question, the place of its first target among the moments; its others follow
 * @param moments columns by name, a value for each target
 */
export function askEach(questions: Questions, first: Int32Array, moments: RowColumns): Questions {
  const { histories, leftOut, targets, users } = questions;
  const rows: number[] = [];
  const places: number[] = [];
  for (let row = 0; row < users.length; row++)
    for (let at = targets.indptr[row]; at < targets.indptr[row + 1]; at++) {
      rows.push(row);
      places.push(first[row] + at - targets.indptr[row]);
    }
  const asked = (of: CsrMatrix) =>
    CsrMatrix.fromRows(
      rows.map((row) => of.row(row)),
      of.cols,
    );
  return {
    ...questions,
    histories: asked(histories),
    ...(leftOut && { leftOut: asked(leftOut) }),
    targets: {
      indptr: Int32Array.from({ length: rows.length + 1 }, (_, row) => row),
      indices: targets.indices,
    },
    users: Int32Array.from(rows, (row) => users[row]),
    moments: takeColumns(moments, places),
  };
}
