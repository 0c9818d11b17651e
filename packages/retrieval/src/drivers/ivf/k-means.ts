import { type Matrix, Rng } from '@towerkit/core';
import { DotScores, KernelPool } from '@towerkit/kernels/internal';

import type { BuildControl } from '../../memory/engine.js';

const ROUNDS = 8;
/** Vectors of the sample for each list. */
const SAMPLE = 64;
/** Products kept at a time. */
const CHUNK = 2 ** 22;

/** Vectors cut into lists. */
export interface Clusters {
  /** The list of each vector. */
  readonly listOf: Int32Array;
  /** The mean of each list's vectors: its product with a query is the mean score of the list. */
  readonly means: Matrix;
}

/**
 * Spherical k-means (Dhillon and Modha 2001): centers are directions, a vector goes to the one with which it has the
 * largest product. Centers are learned on a sample of 64 vectors a list; a list that loses all of its own starts again
 * from a random one. The same on any number of threads.
 */
export async function kMeans(
  vectors: Matrix,
  lists: number,
  seed: number,
  threads: number | undefined,
  { onProgress, signal }: BuildControl,
): Promise<Clusters> {
  const rng = new Rng(seed);
  const order = Int32Array.from({ length: vectors.rows }, (_, row) => row);
  rng.shuffle(order);
  const sample = vectors.gather(order.subarray(0, SAMPLE * lists));
  const centers = vectors.gather(order.subarray(0, lists));
  const pool = new KernelPool({ threads });
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (let list = 0; list < lists; list++) normalize(centers.row(list));
      const listOf = await nearest(pool, sample, centers);
      signal?.throwIfAborted();
      onProgress?.({ stage: 'build', done: round + 1, total: ROUNDS + 1, unit: 'rounds' });
      sums(sample, listOf, centers, () => sample.row(rng.integer(sample.rows)));
    }
    for (let list = 0; list < lists; list++) normalize(centers.row(list));
    const listOf = await nearest(pool, vectors, centers);
    signal?.throwIfAborted();
    onProgress?.({ stage: 'build', done: ROUNDS + 1, total: ROUNDS + 1, unit: 'rounds' });
    const counts = sums(vectors, listOf, centers, () => undefined);
    centers.data.forEach(
      (sum, i) => (centers.data[i] = sum / Math.max(1, counts[Math.floor(i / vectors.cols)])),
    );
    return { listOf, means: centers };
  } finally {
    await pool.close();
  }
}

/** The center of the largest product with each vector; the first of equal ones. */
async function nearest(pool: KernelPool, vectors: Matrix, centers: Matrix): Promise<Int32Array> {
  const { rows, cols, data } = vectors;
  const listOf = new Int32Array(rows);
  const mark = pool.memory.mark();
  const scores = new DotScores(pool, centers);
  const step = Math.max(1, Math.floor(CHUNK / centers.rows));
  const products = new Float32Array(step * centers.rows);
  for (let from = 0; from < rows; from += step) {
    const count = Math.min(step, rows - from);
    const out = products.subarray(0, count * centers.rows);
    await scores.score(data.subarray(from * cols, (from + count) * cols), out);
    for (let i = 0; i < count; i++) {
      let best = i * centers.rows;
      for (let at = best + 1; at < (i + 1) * centers.rows; at++) if (out[at] > out[best]) best = at;
      listOf[from + i] = best - i * centers.rows;
    }
  }
  pool.memory.release(mark);
  return listOf;
}

/** Writes the sum of each list's vectors into `out`, and what `empty` gives for a list without any. */
function sums(
  vectors: Matrix,
  listOf: Int32Array,
  out: Matrix,
  empty: () => Float32Array | undefined,
): Int32Array {
  const { cols, data } = vectors;
  const counts = new Int32Array(out.rows);
  out.data.fill(0);
  listOf.forEach((list, row) => {
    counts[list]++;
    for (let i = 0; i < cols; i++) out.data[list * cols + i] += data[row * cols + i];
  });
  for (let list = 0; list < out.rows; list++) if (counts[list] === 0) out.row(list).set(empty() ?? []);
  return counts;
}

function normalize(vector: Float32Array): void {
  let sum = 0;
  for (const value of vector) sum += value * value;
  const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
  for (let i = 0; i < vector.length; i++) vector[i] *= scale;
}
