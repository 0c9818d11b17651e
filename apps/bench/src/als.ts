/**
 * Seconds per ALS iteration, and the loss after them, beside the Python package `implicit` with its conjugate gradient
 * defaults: the same confidences, penalty, iterations and threads, the two in turn. One function computes both losses.
 *
 *     node dist/als.js --shared FOLDER --python python3 [--datasets video-games,gowalla] [--factors 64,128,256]
 *         [--threads 1,2] [--iterations 15] [--rounds 3] [--json FILE]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

import { Als, lossOf } from '@towerkit/als';
import { CsrMatrix, Matrix } from '@towerkit/core';

import { flags, median, print } from './arguments.js';
import { gowalla } from './gowalla.js';
import { machine } from './machine.js';
import { videoGames } from './video-games.js';

const args = flags({
  shared: '../../../shared/datasets',
  python: 'python3',
  datasets: 'video-games,gowalla',
  factors: '64,128,256',
  threads: '1,2',
  iterations: '15',
  rounds: '3',
  json: '',
  peer: new URL('../peers/implicit_als.py', import.meta.url).pathname,
});
const ALPHA = 40;
const numbers = (list: string) => list.split(',').map(Number);
const [iterations, rounds] = [Number(args.iterations), Number(args.rounds)];

/** One fit of either program. */
interface Run {
  /** Of each iteration. */
  readonly seconds: number[];
  /** Processor seconds an iteration, all threads, setting up included. */
  readonly processor: number;
  readonly loss: number;
}

interface Setting {
  readonly factors: number;
  readonly threads: number;
  readonly regularization: number;
  readonly seed: number;
}

async function matrixOf(name: string): Promise<CsrMatrix> {
  const { train } =
    name === 'gowalla'
      ? await gowalla(join(args.shared, 'gowalla'))
      : await videoGames(join(args.shared, 'amazon-video-games-2023'));
  return new CsrMatrix(train.rows, train.cols, train.indptr, train.indices);
}

async function ours(matrix: CsrMatrix, { factors, threads, regularization, seed }: Setting): Promise<Run> {
  const options = { factors, threads, regularization, seed, iterations, alpha: ALPHA };
  const seconds: number[] = [];
  const als = new Als(options);
  const before = process.cpuUsage();
  await als.fit(matrix, { onProgress: ({ figures }) => seconds.push(figures!.seconds) });
  const { user, system } = process.cpuUsage(before);
  const loss = await lossOf(matrix, { users: als.userFactors, items: als.itemFactors }, options);
  return { seconds, processor: (user + system) / 1e6 / iterations, loss };
}

async function theirs(
  matrix: CsrMatrix,
  { factors, threads, regularization, seed }: Setting,
  folder: string,
): Promise<Run> {
  const options = [factors, regularization, iterations, threads, seed].map(String);
  const report = JSON.parse(
    execFileSync(args.python, [args.peer, folder, ...options], { encoding: 'utf8' }),
  ) as {
    seconds: number[];
    processor: number;
  };
  const read = (name: string, rows: number) => {
    const bytes = readFileSync(join(folder, name));
    return new Matrix(rows, factors, new Float32Array(new Uint8Array(bytes).buffer));
  };
  const found = { users: read('users.f32', matrix.rows), items: read('items.f32', matrix.cols) };
  const loss = await lossOf(matrix, found, { regularization, alpha: ALPHA });
  return { seconds: report.seconds, processor: report.processor / iterations, loss };
}

/** The confidences as implicit wants them: 1 + alpha * count, one entry a pair. */
function writeConfidences(matrix: CsrMatrix, folder: string): void {
  const indptr = new Int32Array(matrix.rows + 1);
  const indices: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < matrix.rows; row++) {
    const counts = new Map<number, number>();
    for (const column of matrix.row(row)) counts.set(column, (counts.get(column) ?? 0) + 1);
    for (const [column, count] of counts) {
      indices.push(column);
      values.push(1 + ALPHA * count);
    }
    indptr[row + 1] = indices.length;
  }
  writeFileSync(join(folder, 'indptr.i32'), indptr);
  writeFileSync(join(folder, 'indices.i32'), Int32Array.from(indices));
  writeFileSync(join(folder, 'values.f32'), Float32Array.from(values));
  writeFileSync(join(folder, 'cols.txt'), String(matrix.cols));
}

const best = (runs: readonly Run[]) => Math.min(...runs.flatMap(({ seconds }) => seconds));
const middle = (runs: readonly Run[]) => median(runs.flatMap(({ seconds }) => seconds));

print(`${machine()}; load ${loadavg()[0].toFixed(1)}; ${iterations} iterations, ${rounds} rounds in turn`);
print('seconds an iteration, median (least) of all iterations; loss after them');
const results = [];
for (const name of args.datasets.split(',')) {
  const matrix = await matrixOf(name);
  const folder = mkdtempSync(join(tmpdir(), 'towerkit-als-'));
  try {
    writeConfidences(matrix, folder);
    print(`${name}: ${matrix.rows} users, ${matrix.cols} items, ${matrix.entries} entries`);
    for (const factors of numbers(args.factors))
      for (const threads of numbers(args.threads)) {
        const regularization = (5 * factors) / 64;
        const [a, b]: Run[][] = [[], []];
        for (let seed = 0; seed < rounds; seed++) {
          const setting = { factors, threads, regularization, seed };
          a.push(await ours(matrix, setting));
          b.push(await theirs(matrix, setting, folder));
        }
        const loss = (runs: readonly Run[]) => median(runs.map((run) => run.loss));
        const ratio = middle(a) / middle(b);
        const ratioOfLeast = best(a) / best(b);
        const lossRatio = loss(a) / loss(b);
        print(
          `  ${factors} factors, ${threads} threads: towerkit ${middle(a).toFixed(3)} (${best(a).toFixed(3)}), ` +
            `implicit ${middle(b).toFixed(3)} (${best(b).toFixed(3)}), ratio ${ratio.toFixed(2)} ` +
            `(${ratioOfLeast.toFixed(2)}); loss ${loss(a).toFixed(0)} and ${loss(b).toFixed(0)}, ` +
            `ratio ${lossRatio.toFixed(5)}`,
        );
        results.push({
          dataset: name,
          factors,
          threads,
          ratio,
          ratioOfLeast,
          lossRatio,
          towerkit: a,
          implicit: b,
        });
      }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
if (args.json !== '')
  writeFileSync(args.json, JSON.stringify({ machine: machine(), iterations, rounds, results }, null, 2));
