import { CsrMatrix } from '@towerkit/core';

import { TowerkitError } from './errors.js';
import type { InteractionLog } from './interaction-log.js';

/**
 * A log in parts, each users x items in the log's ids, a user's items from oldest to newest, with ratings as
 * values where the log has them. A part may have users without an item.
 */
export interface Split {
  /** What models learn from. */
  readonly train: CsrMatrix;
  /** Targets to choose a model by. */
  readonly validation: CsrMatrix;
  /** Targets to report, where the split holds some back. */
  readonly test?: CsrMatrix;
  /**
   * Row of the log behind each entry of each part, aligned with its `indices`; absent for parts that came as
   * files of their own.
   */
  readonly rows?: { readonly train: Int32Array; readonly validation: Int32Array; readonly test?: Int32Array };
}

/** Which part a row goes to. */
export const TRAIN = 0;
/** Part of a row that is held back to choose epochs and settings by. */
export const VALIDATION = 1;
/** Part of a row that is held back for the last figure. */
export const TEST = 2;

/**
 * Builds a split from the part of each row; for splits of your own.
 *
 * @param part 0 for train, 1 for validation, 2 for test, shape [rows]
 * @param withTest whether the split has a test part
 * @throws TowerkitError `EMPTY_SPLIT` naming the part that got no row, `SHAPE_MISMATCH`
 */
export function splitBy(log: InteractionLog, part: Uint8Array, withTest = false): Split {
  if (part.length !== log.user.length)
    throw new TowerkitError('SHAPE_MISMATCH', `${log.user.length} rows but ${part.length} parts`);
  const train = partOf(log, part, TRAIN, 'train');
  const validation = partOf(log, part, VALIDATION, 'validation');
  const test = withTest ? partOf(log, part, TEST, 'test') : undefined;
  return {
    train: train.matrix,
    validation: validation.matrix,
    ...(test && { test: test.matrix }),
    rows: { train: train.rows, validation: validation.rows, ...(test && { test: test.rows }) },
  };
}

function partOf(log: InteractionLog, part: Uint8Array, wanted: number, name: string) {
  let entries = 0;
  for (const one of part) if (one === wanted) entries++;
  if (entries === 0)
    throw new TowerkitError('EMPTY_SPLIT', `the ${name} part of the split is empty`, {
      hint: 'give more rows, or split them another way',
      details: { part: name },
    });
  const rows = new Int32Array(entries);
  const items = new Int32Array(entries);
  const values = log.rating && new Float32Array(entries);
  const indptr = new Int32Array(log.users.size + 1);
  for (let row = 0, k = 0; row < part.length; row++) {
    if (part[row] !== wanted) continue;
    indptr[log.user[row] + 1]++;
    items[k] = log.item[row];
    if (values) values[k] = log.rating![row];
    rows[k++] = row;
  }
  for (let user = 0; user < log.users.size; user++) indptr[user + 1] += indptr[user];
  return { rows, matrix: new CsrMatrix(log.users.size, log.items.size, indptr, items, values) };
}
