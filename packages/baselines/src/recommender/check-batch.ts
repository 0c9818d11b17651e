import { TowerkitError } from '@towerkit/core';

/** What a fitted model knows of its own size. */
export interface ModelSize {
  readonly kind: string;
  /** 0 before it is fitted. */
  readonly items: number;
}

/**
 * Refuses a batch that a model cannot score.
 *
 * @param out the scores' place, where there is one
 * @param users rows of the fitted matrix or -1, where given
 * @param rows how many rows that matrix had; for models that learn nothing of users, any number of users
 * @throws TowerkitError `NOT_FITTED`, `OUT_OF_RANGE`, `SHAPE_MISMATCH`
 */
export function checkBatch(
  model: ModelSize,
  histories: readonly ArrayLike<number>[],
  { out, users, rows = Infinity }: { out?: Float32Array; users?: ArrayLike<number>; rows?: number },
): void {
  requireFitted(model);
  if (out !== undefined && out.length !== histories.length * model.items)
    throw new TowerkitError(
      'SHAPE_MISMATCH',
      `${histories.length} histories of ${model.items} items need ${histories.length * model.items} scores, not ${out.length}`,
    );
  if (users !== undefined && users.length !== histories.length)
    throw new TowerkitError('SHAPE_MISMATCH', `${histories.length} histories but ${users.length} users`);
  for (let row = 0; row < histories.length; row++) {
    checkHistory(histories[row], model.items, row);
    if (users !== undefined && users[row] !== -1) requireIndex('user', users[row], rows, row);
  }
}

/** @throws TowerkitError `OUT_OF_RANGE` for an item that is none */
export function checkHistory(history: ArrayLike<number>, items: number, row = 0): void {
  for (let i = 0; i < history.length; i++)
    if (!(history[i] >= 0 && history[i] < items && Number.isInteger(history[i])))
      requireIndex('item', history[i], items, row);
}

/** @throws TowerkitError `OUT_OF_RANGE` unless `value` is an integer in [0, size) */
export function requireIndex(what: 'item' | 'user', value: number, size: number, row?: number): void {
  if (value >= 0 && value < size && Number.isInteger(value)) return;
  const place = row === undefined ? '' : `row ${row}: `;
  throw new TowerkitError('OUT_OF_RANGE', `${place}${what} ${value} is outside [0, ${size})`, {
    details: { row, [what]: value, size },
  });
}

/** @throws TowerkitError `NOT_FITTED` */
export function requireFitted({ kind, items }: ModelSize): void {
  if (items === 0)
    throw new TowerkitError('NOT_FITTED', `the ${kind} model is not fitted`, {
      hint: 'call fit() or load()',
    });
}
