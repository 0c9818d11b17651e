// Trains while the thread that makes batches is ended, and prints the code of what came of it. A program of its own, since
// `process` tells of new threads outside jest alone.
import { CsrMatrix } from '@towerkit/core';
import { itemTower, mlpTower, twoTower } from '@towerkit/towers';

import { setTimeout } from 'node:timers';

import { train } from '../../dist/index.js';

process.on('worker', (worker) => setTimeout(() => worker.terminate(), 300));
const users = 2000;
const rows = Array.from({ length: users }, (_, user) =>
  Int32Array.from({ length: 20 }, (_, k) => (user + k) % 50),
);
const outcome = await train({
  model: twoTower({
    item: itemTower({ dimensions: 8 }),
    user: mlpTower({ inputs: { history: { kind: 'history', dimensions: 8 } }, dimensions: 8 }),
  }),
  data: { histories: CsrMatrix.fromRows(rows, 50) },
  epochs: 1000,
}).then(
  () => 'done',
  ({ code }) => code,
);
console.log(JSON.stringify({ outcome }));
