// Ends a thread of a pool, during a run or between two, and prints how that run went and what the next one computes. A program
// of its own, since `process` tells of new threads outside jest alone.
import { setImmediate } from 'node:timers';

import { job, KernelPool, SPMM_ROWS } from '../../../dist/internal.js';

const [moment] = process.argv.slice(2);
const started = [];
process.on('worker', (worker) => started.push(worker));
const pool = new KernelPool({ threads: 2 });
const { memory } = pool;
const rows = 100_000;
const ids = memory.ints(Array.from({ length: rows + 1 }, (_, row) => row));
const ones = memory.floats(new Float32Array(rows).fill(1));
const dense = memory.floats(Float32Array.from({ length: 4 * rows }, (_, i) => i % 977));
const out = memory.floats(4 * rows);
const run = () =>
  pool
    .run(job('spmm', Math.ceil(rows / SPMM_ROWS), ids, ids.subarray(0, rows), ones, dense, out, rows, 16))
    .then(
      () => 'done',
      ({ code }) => code,
    );

const first = run();
if (moment === 'between') await first;
while (!started[0]) await new Promise(setImmediate);
await started[0].terminate();
const outcome = await first;
out.fill(0);
const next = await run();
const same = out.every((value, i) => value === dense[i]);
await pool.close();
console.log(JSON.stringify({ outcome, next, same, threads: started.length }));
