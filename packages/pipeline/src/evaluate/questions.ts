import type { Artifact } from '@towerkit/artifact';
import type { CsrMatrix } from '@towerkit/core';
import { takeColumns, type RowColumns } from '@towerkit/data';
import type { CsrRows } from '@towerkit/metrics';

import type { ResolvedConfig } from '../config/schema.js';
import { idsIn, rollingRows, rowsAt } from '../data/matrix-rows.js';
import type { AskedPairs, UnknownTargets } from './file-targets.js';

/** Rows to evaluate on: for each a history and the targets after it, in the artifact's item ids. */
export interface Questions {
  /** Part that the targets are of. */
  readonly on: 'validation' | 'test' | 'file';
  /** Rows x items. */
  readonly histories: CsrMatrix;
  /** Rows x items: what is not ranked, where that is not the histories, since rows of the data count as something else. */
  readonly leftOut?: CsrMatrix;
  /** Rows x items: what is ranked under no `repeats`, where rows of the data count as dislikes. */
  readonly disliked?: CsrMatrix;
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

/** Histories in the artifact's ids, what is not ranked, what is never ranked, and how many rows were left out because it does not know the item. */
export interface Known {
  readonly matrix: CsrMatrix;
  readonly leftOut?: CsrMatrix;
  readonly disliked?: CsrMatrix;
  readonly unknown?: number;
}

/** What is said of the targets of every row, and how they are asked for. */
export interface AskedTargets {
  /** Row by row, oldest first; -1 for an item that is not known. */
  readonly targets: readonly ArrayLike<number>[];
  /** Columns by name, with a value for each target of every row; each is then a question of its own. */
  readonly moments?: RowColumns;
  /** `rolling`: each target is a question of its own, after those before it. */
  readonly questions?: ResolvedConfig['questions'];
}

/** Keeps the rows that have a target and a history. */
export function assembleQuestions(
  artifact: Pick<Artifact, 'users'>,
  on: Questions['on'],
  names: readonly string[],
  { matrix: histories, leftOut, disliked, unknown = 0 }: Known,
  { targets, moments, questions: how = 'together' }: AskedTargets,
): Questions {
  const rolling = how === 'rolling';
  const rows: number[] = [];
  const first: number[] = [];
  let before = 0;
  let unknownUsers = 0;
  targets.forEach((own, row) => {
    if (own.length === 0) return;
    // What is asked first makes a history for what is asked next.
    if (histories.indptr[row + 1] > histories.indptr[row] || (rolling && own.length > 1)) {
      rows.push(row);
      first.push(before);
    } else unknownUsers++;
    before += own.length;
  });
  const indptr = new Int32Array(rows.length + 1);
  rows.forEach((row, r) => (indptr[r + 1] = indptr[r] + targets[row].length));
  const indices = new Int32Array(indptr[rows.length]);
  rows.forEach((row, r) => indices.set(targets[row], indptr[r]));
  const questions: Questions = {
    on,
    histories: rowsAt(histories, rows),
    ...(leftOut && { leftOut: rowsAt(leftOut, rows) }),
    ...(disliked && { disliked: rowsAt(disliked, rows) }),
    targets: { indptr, indices },
    users: idsIn(
      rows.map((row) => names[row]),
      artifact.users,
    ),
    unknownUsers,
    unknownItems: {
      targets: targets.reduce((sum, own) => sum + Array.from(own).filter((item) => item < 0).length, 0),
      histories: unknown,
    },
  };
  return moments || rolling ? askEach(questions, Int32Array.from(first), moments, rolling) : questions;
}

/**
 * Each target of a user as a question of its own, at its own moment. Metrics are then means over targets, the user's other
 * targets are items like all others, and figures that count users count questions.
 *
 * @param first of each question, the place of its first target among the moments; its others follow
 * @param moments columns by name, a value for each target
 * @param rolling whether the user's targets before it are known
 */
function askEach(
  questions: Questions,
  first: Int32Array,
  moments: RowColumns | undefined,
  rolling: boolean,
): Questions {
  const { histories, leftOut, disliked, targets, users } = questions;
  const rows: number[] = [];
  const entries: number[] = [];
  const places: number[] = [];
  for (let row = 0; row < users.length; row++)
    for (let at = targets.indptr[row]; at < targets.indptr[row + 1]; at++) {
      if (at === targets.indptr[row] && histories.indptr[row + 1] === histories.indptr[row]) continue;
      rows.push(row);
      entries.push(at);
      places.push(first[row] + at - targets.indptr[row]);
    }
  const all = Int32Array.from(targets.indices);
  const before = (question: number) => all.subarray(targets.indptr[rows[question]], entries[question]);
  const asked = (matrix: CsrMatrix) => (rolling ? rollingRows(matrix, rows, before) : rowsAt(matrix, rows));
  return {
    ...questions,
    histories: asked(histories),
    ...(leftOut && { leftOut: asked(leftOut) }),
    ...(disliked && { disliked: rowsAt(disliked, rows) }),
    targets: {
      indptr: Int32Array.from({ length: rows.length + 1 }, (_, row) => row),
      indices: Int32Array.from(entries, (at) => targets.indices[at]),
    },
    users: Int32Array.from(rows, (row) => users[row]),
    ...(moments && { moments: takeColumns(moments, places) }),
  };
}
