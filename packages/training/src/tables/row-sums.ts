/**
 * Sums the gradients of rows that stand more than once in a batch. It keeps its memory from batch to batch and
 * never walks the whole vocabulary: a stamp says whether a row's place is of this batch.
 */
export class RowSums {
  /** Distinct rows, in order of first appearance; the first `count` are valid. */
  rows = new Int32Array(0);
  /** Their summed gradients, [count, dimensions]. */
  values = new Float32Array(0);
  count = 0;

  readonly #place: Int32Array;
  readonly #stamp: Int32Array;
  #batch = 0;

  constructor(
    size: number,
    readonly dimensions: number,
  ) {
    this.#place = new Int32Array(size);
    this.#stamp = new Int32Array(size);
  }

  /** Starts anew and sums `gradient`, [count, dimensions], by `keys`. */
  add(keys: Int32Array, count: number, gradient: Float32Array): void {
    const { dimensions } = this;
    if (this.rows.length < count) {
      this.rows = new Int32Array(count);
      this.values = new Float32Array(count * dimensions);
    }
    const batch = ++this.#batch;
    this.count = 0;
    for (let row = 0; row < count; row++) {
      const key = keys[row];
      const fresh = this.#stamp[key] !== batch;
      if (fresh) {
        this.#stamp[key] = batch;
        this.#place[key] = this.count;
        this.rows[this.count++] = key;
      }
      const to = this.#place[key] * dimensions;
      const from = row * dimensions;
      if (fresh) for (let i = 0; i < dimensions; i++) this.values[to + i] = gradient[from + i];
      else for (let i = 0; i < dimensions; i++) this.values[to + i] += gradient[from + i];
    }
  }
}
