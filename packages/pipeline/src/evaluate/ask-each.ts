import { CsrMatrix } from '@towerkit/core';
import { takeColumns, type RowColumns } from '@towerkit/data';

import type { Questions } from './questions.js';

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
