import { Matrix } from '@towerkit/core';
import { DotScores, KernelPool } from '@towerkit/kernels/internal';
import type { BlockScorer } from '@towerkit/metrics';

/** Items of a block, users held, and users scored at a time. */
const [ITEMS, USERS, ROWS] = [2048, 4096, 256];

/** Items in blocks, those with most training rows first. */
function inBlocks(counts: ArrayLike<number>): Int32Array[] {
  const order = Int32Array.from({ length: counts.length }, (_, item) => item);
  order.sort((a, b) => counts[b] - counts[a] || a - b);
  return Array.from({ length: Math.ceil(order.length / ITEMS) }, (_, block) =>
    order.subarray(block * ITEMS, (block + 1) * ITEMS),
  );
}

/**
 * Ranks by products of vectors, as `evaluateFullRanking` of `@towerkit/metrics` takes them: most users need few of the blocks.
 *
 * @param items [items, dimensions]
 * @param vectorsOf vectors of rows that are asked, [rows, dimensions]
 * @param counts training rows of each item
 * @param rank gets the scorer, which is of no use afterwards
 */
export async function withVectorBlocks<T>(
  items: Matrix,
  vectorsOf: (rows: Int32Array) => Promise<Matrix> | Matrix,
  counts: ArrayLike<number>,
  rank: (blocks: BlockScorer) => Promise<T>,
): Promise<T> {
  const pool = new KernelPool();
  try {
    const blocks = inBlocks(counts);
    const products = blocks.map((ids) => new DotScores(pool, rowsOf(items, ids)));
    const asked = new Matrix(ROWS, items.cols);
    const out = new Float32Array(ROWS * ITEMS);
    let held = new Matrix(0, items.cols);
    return await rank({
      blocks,
      users: USERS,
      rows: ROWS,
      hold: async (rows) => void (held = await vectorsOf(rows)),
      score: async (places, block) => {
        places.forEach((place, row) => asked.row(row).set(held.row(place)));
        const stride = blocks[block].length;
        const scores = out.subarray(0, places.length * stride);
        await products[block].score(asked.data.subarray(0, places.length * items.cols), scores);
        return { scores, stride };
      },
    });
  } finally {
    await pool.close();
  }
}

/** Ranks by the number of training rows, the same for all users. */
export function popularityBlocks(counts: ArrayLike<number>): BlockScorer {
  const blocks = inBlocks(counts);
  const same = blocks.map((ids) => {
    const row = Float32Array.from(ids, (item) => counts[item]);
    return Float32Array.from({ length: ROWS * row.length }, (_, at) => row[at % row.length]);
  });
  return {
    blocks,
    users: USERS,
    rows: ROWS,
    hold: () => undefined,
    score: async (_, block) => ({ scores: same[block], stride: blocks[block].length }),
  };
}

function rowsOf(matrix: Matrix, rows: Int32Array): Matrix {
  const out = new Matrix(rows.length, matrix.cols);
  rows.forEach((from, row) => out.row(row).set(matrix.row(from)));
  return out;
}
