import { CsrMatrix, type Rng } from '@towerkit/core';
import { RowTable } from '@towerkit/kernels';

import { addRows, addScaled } from '../tower/bag-tower.js';

/** Some bags of a matrix of bags, and where their sums lie. */
export interface BagRows {
  readonly bags: CsrMatrix;
  readonly rows: ArrayLike<number>;
}

/** The trainable vectors of features, which a step reads and changes through sums of bags. */
export class BagTable {
  readonly table: RowTable;
  /** Place of each feature among those of the step, -1 for one that is not in it. */
  readonly #place: Int32Array;
  #ids: Int32Array<ArrayBufferLike> = new Int32Array(0);
  #gradient: Float32Array<ArrayBufferLike> = new Float32Array(0);
  #step = 0;

  /** @param vectors the first values, [features * dimensions] */
  constructor(features: number, dimensions: number, vectors: Float32Array) {
    this.table = RowTable.create(features, dimensions);
    this.table.values.set(vectors);
    this.#place = new Int32Array(features).fill(-1);
  }

  /** Sums of bags, [rows * dimensions]. */
  sums({ bags: { indptr, indices, values }, rows }: BagRows): Float32Array {
    const { dimensions } = this.table;
    const out = new Float32Array(rows.length * dimensions);
    for (let at = 0; at < rows.length; at++)
      addRows(
        this.table.values,
        indices,
        values!,
        indptr[rows[at]],
        indptr[rows[at] + 1],
        out,
        at * dimensions,
        dimensions,
      );
    return out;
  }

  /**
   * One step of lazy Adam on the features of the bags.
   *
   * @param sides bags with the derivative by each of their sums, [rows * dimensions]
   */
  update(sides: readonly (BagRows & { readonly gradient: Float32Array })[], learningRate: number): void {
    const { dimensions } = this.table;
    const count = this.#collect(sides);
    if (this.#gradient.length < count * dimensions)
      this.#gradient = new Float32Array(Math.ceil(1.5 * count) * dimensions);
    const gradient = this.#gradient.fill(0, 0, count * dimensions);
    for (const { bags, rows, gradient: from } of sides)
      for (let at = 0; at < rows.length; at++)
        for (let k = bags.indptr[rows[at]]; k < bags.indptr[rows[at] + 1]; k++) {
          const place = this.#place[bags.indices[k]] * dimensions;
          addScaled(gradient, place, from, at * dimensions, bags.values![k], dimensions);
        }
    this.table.adam(this.#ids, count, gradient, { step: ++this.#step, learningRate });
    for (let at = 0; at < count; at++) this.#place[this.#ids[at]] = -1;
  }

  /** Gives each feature of the bags a place, in the order they come up. @returns how many there are */
  #collect(sides: readonly BagRows[]): number {
    let count = 0;
    for (const { bags, rows } of sides)
      for (let at = 0; at < rows.length; at++)
        for (let k = bags.indptr[rows[at]]; k < bags.indptr[rows[at] + 1]; k++) {
          const feature = bags.indices[k];
          if (this.#place[feature] >= 0) continue;
          if (count === this.#ids.length) this.#ids = grown(this.#ids);
          this.#ids[count] = feature;
          this.#place[feature] = count++;
        }
    return count;
  }
}

/** The bags without a share of their features, which are drawn anew each time; what stays weighs as much more. */
export function withoutSome({ bags, rows }: BagRows, share: number, rng: Rng): BagRows {
  if (share === 0) return { bags, rows };
  const { indptr, indices, values } = bags;
  const size = Array.from(rows).reduce((sum, row) => sum + indptr[row + 1] - indptr[row], 0);
  const start = new Int32Array(rows.length + 1);
  const [kept, weights] = [new Int32Array(size), new Float32Array(size)];
  const draws = rng.fillUniform(new Float32Array(size));
  const factor = 1 / (1 - share);
  let [drawn, count] = [0, 0];
  for (let at = 0; at < rows.length; at++) {
    for (let k = indptr[rows[at]]; k < indptr[rows[at] + 1]; k++) {
      if (draws[drawn++] < share) continue;
      kept[count] = indices[k];
      weights[count++] = values![k] * factor;
    }
    start[at + 1] = count;
  }
  return {
    bags: new CsrMatrix(rows.length, bags.cols, start, kept.subarray(0, count), weights.subarray(0, count)),
    rows: start.subarray(0, rows.length).map((_, at) => at),
  };
}

function grown(ids: Int32Array): Int32Array {
  const larger = new Int32Array(2 * ids.length + 1024);
  larger.set(ids);
  return larger;
}
