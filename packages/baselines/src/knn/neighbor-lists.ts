import { CsrMatrix } from '@towerkit/core';

import { BestFew } from './best-few.js';
import type { Similarity } from './similarity.js';

/**
 * The most similar vectors of each vector, by row-wise sparse products (Gustavson 1978): the row of a vector is
 * gathered feature by feature in one dense accumulator, its best are kept, and the rest forgotten. Memory is that of
 * the matrix, twice, and of `neighbors` entries a row; nothing of vectors x vectors is ever there.
 *
 * @param vectors a vector a row, a feature a column, each entry once
 * @param pace called after each row
 * @returns vectors x vectors: in row y the x most similar to y, in order of id, with their similarities, all above 0
 */
export async function neighborLists(
  vectors: CsrMatrix,
  similarity: Similarity,
  neighbors: number,
  pace: (done: number) => Promise<void> | undefined,
): Promise<CsrMatrix> {
  const { rows, indptr, indices } = vectors;
  const weights = Float32Array.from(similarity.entries);
  const byFeature = new CsrMatrix(rows, vectors.cols, indptr, indices, weights).transpose();
  const { indptr: ends, indices: members } = byFeature;
  const memberWeights = byFeature.values!;
  const [asX, asY] = [similarity.parts('x'), similarity.parts('y')];
  const products = new Float64Array(rows);
  const touched = new Int32Array(rows);
  const seenBy = new Int32Array(rows).fill(-1);
  const best = new BestFew(Math.min(neighbors, rows));
  const lists = new ListBuilder(rows);
  for (let row = 0; row < rows; row++) {
    let count = 0;
    for (let k = indptr[row]; k < indptr[row + 1]; k++) {
      const weight = weights[k];
      for (let m = ends[indices[k]]; m < ends[indices[k] + 1]; m++) {
        const other = members[m];
        if (seenBy[other] !== row) {
          seenBy[other] = row;
          products[other] = 0;
          touched[count++] = other;
        }
        products[other] += weight * memberWeights[m];
      }
    }
    best.clear();
    for (let t = 0; t < count; t++) {
      const other = touched[t];
      if (other === row) continue;
      const product = products[other];
      const value = product / similarity.denominator(product, asX[other], asY[row]);
      if (value > 0) best.offer(other, value);
    }
    lists.add(best);
    const waiting = pace(row + 1);
    if (waiting) await waiting;
  }
  return lists.finish();
}

/** Rows of neighbors, one after the other, in arrays that grow. */
class ListBuilder {
  readonly #indptr: Int32Array;
  #ids = new Int32Array(1 << 12);
  #values = new Float32Array(1 << 12);
  #row = 0;
  /** By id, for one row at a time. */
  readonly #valueOf: Float32Array;

  constructor(rows: number) {
    this.#indptr = new Int32Array(rows + 1);
    this.#valueOf = new Float32Array(rows);
  }

  add({ ids, values, size }: BestFew): void {
    const start = this.#indptr[this.#row];
    const end = start + size;
    if (end > this.#ids.length) this.#grow(Math.max(end, 2 * this.#ids.length));
    const order = ids.slice(0, size).sort();
    this.#ids.set(order, start);
    for (let i = 0; i < size; i++) this.#valueOf[ids[i]] = values[i];
    for (let i = 0; i < size; i++) this.#values[start + i] = this.#valueOf[order[i]];
    this.#indptr[++this.#row] = end;
  }

  finish(): CsrMatrix {
    const end = this.#indptr[this.#row];
    return new CsrMatrix(
      this.#row,
      this.#row,
      this.#indptr,
      this.#ids.slice(0, end),
      this.#values.slice(0, end),
    );
  }

  #grow(length: number): void {
    const [ids, values] = [this.#ids, this.#values];
    this.#ids = new Int32Array(length);
    this.#ids.set(ids);
    this.#values = new Float32Array(length);
    this.#values.set(values);
  }
}
