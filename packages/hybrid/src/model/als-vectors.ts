import { CsrMatrix, Matrix } from '@towerkit/core';

import type { Foundation } from './foundation.js';

/** ALS vectors of users, folded in from their histories. */
export class AlsVectors {
  /** Vectors by user, with the number of reviews that each was computed from. */
  readonly #kept = new Map<number, { readonly reviews: number; readonly vector: Float32Array }>();

  constructor(
    readonly foundation: Pick<Foundation, 'als' | 'scales'>,
    readonly items: number,
  ) {}

  /**
   * Vectors of users, scaled; zeros without a history. Those of remembered histories are kept until the user has another
   * review.
   *
   * @param queries who asks; a history that was given in a query is not remembered
   * @param histories item ids of each of them, [queries]
   * @returns [queries, factors]
   */
  async of(
    queries: readonly { readonly user?: number; readonly history?: ArrayLike<number> }[],
    histories: readonly ArrayLike<number>[],
  ): Promise<Matrix> {
    const { als, scales } = this.foundation;
    const out = new Matrix(queries.length, als.itemFactors.cols);
    const open = queries.flatMap(({ user = -1, history }, row) => {
      if (histories[row].length === 0) return [];
      const kept = history === undefined ? this.#kept.get(user) : undefined;
      if (kept?.reviews !== histories[row].length) return [row];
      out.row(row).set(kept.vector);
      return [];
    });
    if (open.length === 0) return out;
    const rows = CsrMatrix.fromRows(
      open.map((row) => histories[row]),
      this.items,
    );
    const solved = await als.foldInUsers(rows);
    open.forEach((row, place) => {
      const vector = solved.row(place).map((value) => value * scales.user);
      const { user = -1, history } = queries[row];
      if (history === undefined) this.#kept.set(user, { reviews: histories[row].length, vector });
      out.row(row).set(vector);
    });
    return out;
  }
}
