import { badOption, CsrMatrix, Matrix, type Rng } from '@towerkit/core';
import { ADAM_ROWS, job, KernelPool, SPMM_ROWS } from '@towerkit/kernels/internal';

/** Some bags of a matrix of bags. */
export interface BagRows {
  readonly bags: CsrMatrix;
  readonly rows: ArrayLike<number>;
}

/** Bags summed at a time where all are. */
const CHUNK = 4_096;

const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

/**
 * The trainable vectors of features, which a step reads and changes through sums of bags: on threads, with lazy Adam. Results
 * are the same on any number of threads.
 */
export class BagTable {
  readonly #pool: KernelPool;
  /** Floats from one row to the next: whole vectors of four. */
  readonly #stride: number;
  readonly #values: Float32Array;
  readonly #first: Float32Array;
  readonly #second: Float32Array;
  /** Place of each feature among those of the step, -1 for one that is not in it. */
  readonly #place: Int32Array;
  /** Where the arrays of a step begin. */
  readonly #mark: number;
  #step = 0;

  /**
   * @param vectors the first values, [features * dimensions]
   * @throws TowerkitError `TOO_LARGE` for a table that with its moments does not fit into 4 GiB
   */
  constructor(
    readonly features: number,
    readonly dimensions: number,
    vectors: Float32Array,
    { threads }: { threads?: number } = {},
  ) {
    if (vectors.length !== features * dimensions)
      throw badOption('vectors', vectors.length, `must be ${features} x ${dimensions} values`);
    this.#pool = new KernelPool({ threads });
    const { memory } = this.#pool;
    this.#stride = 4 * Math.ceil(dimensions / 4);
    const size = features * this.#stride;
    [this.#values, this.#first, this.#second] = [
      memory.floats(size),
      memory.floats(size),
      memory.floats(size),
    ];
    copyRows(vectors, dimensions, this.#values, this.#stride, features);
    this.#place = new Int32Array(features).fill(-1);
    this.#mark = memory.mark();
  }

  /** A copy of the vectors as they are, shape [features, dimensions]. */
  vectors(): Matrix {
    const out = new Matrix(this.features, this.dimensions);
    copyRows(this.#values, this.#stride, out.data, this.dimensions, this.features);
    return out;
  }

  /** Sums of bags, [rows * dimensions]. */
  async sums({ bags: { indptr, indices, values }, rows }: BagRows): Promise<Float32Array> {
    const { memory } = this.#pool;
    let size = 0;
    for (let at = 0; at < rows.length; at++) size += indptr[rows[at] + 1] - indptr[rows[at]];
    const [start, features, weights] = [memory.ints(rows.length + 1), memory.ints(size), memory.floats(size)];
    const sums = memory.floats(rows.length * this.#stride);
    start[0] = 0;
    for (let at = 0; at < rows.length; at++) {
      const [from, to] = [indptr[rows[at]], indptr[rows[at] + 1]];
      features.set(indices.subarray(from, to), start[at]);
      weights.set(values!.subarray(from, to), start[at]);
      start[at + 1] = start[at] + to - from;
    }
    await this.#pool.run(
      job(
        'spmm',
        Math.ceil(rows.length / SPMM_ROWS),
        ...([start, features, weights, this.#values, sums, rows.length, 4 * this.#stride] as const),
      ),
    );
    const out = new Float32Array(rows.length * this.dimensions);
    copyRows(sums, this.#stride, out, this.dimensions, rows.length);
    memory.release(this.#mark);
    return out;
  }

  /** Sums of all bags, shape [bags, dimensions]. */
  async allSums(bags: CsrMatrix): Promise<Matrix> {
    const out = new Matrix(bags.rows, this.dimensions);
    for (let from = 0; from < bags.rows; from += CHUNK) {
      const rows = Int32Array.from({ length: Math.min(CHUNK, bags.rows - from) }, (_, k) => from + k);
      out.data.set(await this.sums({ bags, rows }), from * this.dimensions);
    }
    return out;
  }

  /**
   * One step of lazy Adam (Kingma and Ba 2015) on the features of the bags.
   *
   * @param sides bags with the derivative by each of their sums, [rows * dimensions]
   */
  async update(
    sides: readonly (BagRows & { readonly gradient: Float32Array })[],
    learningRate: number,
  ): Promise<void> {
    const { memory } = this.#pool;
    const { ids, start, entries } = this.#collect(sides);
    const bags = memory.ints(entries);
    const weights = memory.floats(entries);
    const next = start.slice();
    const total = sides.reduce((sum, { rows }) => sum + rows.length, 0);
    const gradient = memory.floats(total * this.#stride);
    let bag = 0;
    for (const { bags: all, rows, gradient: own } of sides) {
      copyRows(own, this.dimensions, gradient.subarray(bag * this.#stride), this.#stride, rows.length);
      for (let at = 0; at < rows.length; at++, bag++)
        for (let k = all.indptr[rows[at]]; k < all.indptr[rows[at] + 1]; k++) {
          const entry = next[this.#place[all.indices[k]]]++;
          bags[entry] = bag;
          weights[entry] = all.values![k];
        }
    }
    const step = ++this.#step;
    await this.#pool.run(
      job(
        'adamBags',
        Math.ceil(ids.length / ADAM_ROWS),
        ...([this.#values, this.#first, this.#second, ids, start, bags, weights, gradient] as const),
        ...([ids.length, 4 * this.#stride, 1 - BETA1, 1 - BETA2] as const),
        ...([learningRate / (1 - BETA1 ** step), 1 / Math.sqrt(1 - BETA2 ** step), EPSILON] as const),
      ),
    );
    for (const id of ids) this.#place[id] = -1;
    memory.release(this.#mark);
  }

  /** Gives threads back. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  /** Gives each feature of the bags a place, in the order they come up, and room for its entries. */
  #collect(sides: readonly BagRows[]): { ids: Int32Array; start: Int32Array; entries: number } {
    const found: number[] = [];
    const counts: number[] = [];
    for (const { bags, rows } of sides)
      for (let at = 0; at < rows.length; at++)
        for (let k = bags.indptr[rows[at]]; k < bags.indptr[rows[at] + 1]; k++) {
          const feature = bags.indices[k];
          if (this.#place[feature] < 0) this.#place[feature] = found.push(feature) - 1;
          const place = this.#place[feature];
          counts[place] = (counts[place] ?? 0) + 1;
        }
    const start = this.#pool.memory.ints(found.length + 1);
    start[0] = 0;
    counts.forEach((count, place) => (start[place + 1] = start[place] + count));
    return { ids: this.#pool.memory.ints(found), start, entries: start[found.length] };
  }
}

function copyRows(
  from: Float32Array,
  fromStride: number,
  to: Float32Array,
  toStride: number,
  rows: number,
): void {
  if (fromStride === toStride) return to.set(from.subarray(0, rows * fromStride));
  const width = Math.min(fromStride, toStride);
  for (let row = 0; row < rows; row++)
    to.set(from.subarray(row * fromStride, row * fromStride + width), row * toStride);
}

/** The bags without a share of their features, which are drawn anew each time; what stays weighs as much more. */
export function withoutSome({ bags, rows }: BagRows, share: number, rng: Rng): BagRows {
  if (share === 0) return { bags, rows };
  const { indptr, indices, values } = bags;
  let size = 0;
  for (let at = 0; at < rows.length; at++) size += indptr[rows[at] + 1] - indptr[rows[at]];
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
    rows: Int32Array.from(start.subarray(0, rows.length).keys()),
  };
}
