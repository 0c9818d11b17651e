import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { CsrMatrix, isTowerkitError, Rng } from '@towerkit/core';

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { job, KernelPool, SPMM_ROWS } from '../../src/internal.js';

const pools = [1, 2].map((threads) => new KernelPool({ threads }));
afterAll(() => Promise.all(pools.map((pool) => pool.close())));

const rng = new Rng(1);
const [rows, cols, width, entries] = [1000, 300, 8, 5000];
const draw = (bound: number) => Int32Array.from({ length: entries }, () => rng.integer(bound));
const sparse = CsrMatrix.fromPairs(
  rows,
  cols,
  draw(rows),
  draw(cols),
  Float32Array.from({ length: entries }, () => rng.normal()),
);
const dense = Float32Array.from({ length: cols * width }, () => rng.normal());

/** The product twice: the second time of what the first one gave, by a square matrix that moves rows down by one. */
async function twice(pool: KernelPool, calls: 'run' | 'call'): Promise<Float32Array> {
  const { memory } = pool;
  const blocks = Math.ceil(rows / SPMM_ROWS);
  const first = memory.floats(rows * width);
  const second = memory.floats(rows * width);
  const a = [memory.ints(sparse.indptr), memory.ints(sparse.indices), memory.floats(sparse.values!)] as const;
  const shift = [
    memory.ints(Array.from({ length: rows + 1 }, (_, row) => row)),
    memory.ints(Array.from({ length: rows }, (_, row) => (row + rows - 1) % rows)),
    memory.floats(new Float32Array(rows).fill(1)),
  ] as const;
  await pool[calls](
    job('spmm', blocks, ...a, memory.floats(dense), first, rows, 4 * width),
    job('spmm', blocks, ...shift, first, second, rows, 4 * width),
  );
  return second;
}

function expected(): Float32Array {
  const out = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++)
    for (let k = sparse.indptr[row]; k < sparse.indptr[row + 1]; k++)
      for (let i = 0; i < width; i++)
        out[((row + 1) % rows) * width + i] += sparse.values![k] * dense[sparse.indices[k] * width + i];
  return out;
}

test('jobs see what the jobs before them wrote, with the same bits on any number of threads', async () => {
  const [one, two] = await Promise.all(pools.map((pool) => twice(pool, 'run')));
  expect([...one]).toEqual([...two]);
  expect([...(await twice(pools[0], 'call'))]).toEqual([...one]);
  const wanted = expected();
  one.forEach((value, i) => expect(Math.abs(value - wanted[i])).toBeLessThan(1e-4));
});

test('runs that are asked for at once are served in turn', async () => {
  const results = await Promise.all(Array.from({ length: 5 }, () => twice(pools[1], 'run')));
  const wanted = expected();
  for (const result of results) expect(Math.abs(result[7] - wanted[7])).toBeLessThan(1e-4);
});

describe('bad use', () => {
  test.each([
    ['an array of somebody else', () => new Float32Array(8)],
    ['shared, but of another memory', () => new Float32Array(new SharedArrayBuffer(2 ** 27))],
  ])('%s', async (_case, foreign) => {
    const pool = pools[0];
    const { memory } = pool;
    const ids = memory.ints([0, 1]);
    const run = pool.run(job('spmm', 1, ids, ids, memory.floats(1), foreign(), memory.floats(4), 1, 16));
    await expect(run).rejects.toMatchObject({ code: 'FOREIGN_ARRAY' });
  });

  test('a kernel that leaves its memory ends the pool, not the process', async () => {
    const pool = new KernelPool({ threads: 2 });
    const far = 2 ** 31;
    await expect(pool.run(job('spmm', 4, far, far, far, far, far, 1000, 16))).rejects.toThrow(/memory/);
    await expect(pool.run()).rejects.toMatchObject({ code: 'CLOSED' });
  });

  test.each([
    ['during', 'THREAD_ENDED'],
    ['between', 'done'],
  ])('a thread that ends %s runs is replaced', (moment, outcome) => {
    const program = fileURLToPath(new URL('./setup/ended-thread.mjs', import.meta.url));
    const said = execFileSync(process.execPath, [program, moment], { encoding: 'utf8' });
    expect(JSON.parse(said)).toEqual({ outcome, next: 'done', same: true, threads: 4 });
  });

  test('closed in the middle of a run', async () => {
    const pool = new KernelPool({ threads: 1 });
    const run = twice(pool, 'run');
    await pool.close();
    await expect(run).rejects.toMatchObject({ code: 'CLOSED' });
  });

  test.each([0, 1.5, -1, NaN])('%p threads', (threads) => {
    expect(() => new KernelPool({ threads })).toThrow(/positive integer/);
  });

  test('more than 4 GiB', () => {
    try {
      pools[0].memory.floats(2 ** 30);
      throw new Error('it was given');
    } catch (error) {
      expect(isTowerkitError(error, 'TOO_LARGE')).toBe(true);
    }
  });
});

test('more threads than cores are capped, said once', () => {
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  expect(new KernelPool({ threads: 10_000 }).threads).toBeLessThan(10_000);
  expect(new KernelPool({ threads: 10_000 }).threads).toBeLessThan(10_000);
  expect(warn.mock.calls.map(([, options]) => options)).toEqual([{ code: 'TOWERKIT_THREADS' }]);
  warn.mockRestore();
});
