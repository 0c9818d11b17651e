import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { loadIndex, type VectorIndex } from '@towerkit/retrieval';

import type { Args } from '../retrieval.js';
import { print } from '../arguments.js';
import { clusters } from './clusters.js';
import { type Contender, towerkit } from './contender.js';
import { nearest, ours } from './contenders.js';
import { buildFaiss, faissContender, faissNode } from './faiss-node.js';
import { latency, recallOf, times, tuned } from './measure.js';
import { underFilters } from './part-filters.js';
import type { VectorSet } from './real-vectors.js';

const [K, D, CENTRES] = [10, 64, 1_024];
const FACTORY = 'IVF1024,Flat';
const TRAINING = 100_000;

const setOf = (args: Args): VectorSet => clusters(Number(args.items), D, CENTRES, Number(args.queries));
const ourFolder = (args: Args) => join(args.work, `million-hnsw-${args.items}`);
const faissFile = (args: Args) => join(args.work, `million-${args.items}.faiss`);

/** Megabytes of memory of this process. */
const memory = () => process.memoryUsage().rss / 2 ** 20;

/** Builds and saves our index, unless it is there. */
export async function buildOurMillion(args: Args): Promise<unknown> {
  const report = join(args.work, 'million-hnsw.json');
  if (!existsSync(ourFolder(args))) {
    const set = setOf(args);
    const start = performance.now();
    const index = await ours(set, 'hnsw', { precision: 'f16', efConstruction: 128 });
    const seconds = (performance.now() - start) / 1000;
    const saving = performance.now();
    await index.save(ourFolder(args));
    const saved = (performance.now() - saving) / 1000;
    writeFileSync(report, JSON.stringify({ seconds, saved, ...(await index.stats()) }));
    await index.close();
  }
  return JSON.parse(readFileSync(report, 'utf8'));
}

/** Trains, fills and writes FAISS' index, unless it is there. */
export async function buildFaissMillion(args: Args): Promise<unknown> {
  const faiss = faissNode();
  if (faiss === undefined) return null;
  const report = join(args.work, 'million-faiss.json');
  if (!existsSync(faissFile(args))) {
    const set = setOf(args);
    const start = performance.now();
    const index = buildFaiss(faiss, set.vectors, FACTORY, TRAINING);
    const seconds = (performance.now() - start) / 1000;
    index.write(faissFile(args));
    writeFileSync(report, JSON.stringify({ seconds }));
  }
  return JSON.parse(readFileSync(report, 'utf8'));
}

/** A million clustered vectors: our graph at a recall no lower than that of FAISS' IVF1024 with nprobe 8, beside it. */
export async function million(args: Args): Promise<unknown> {
  const set = setOf(args);
  print(set.name);
  const wanted = await nearest(set, K);
  const contenders: { contender: Contender; about: Record<string, unknown> }[] = [];
  let target = 0.99;
  const faiss = faissNode();
  if (faiss !== undefined) {
    const before = memory();
    const index = faissContender(faiss, 'IVF1024', faiss.Index.read(faissFile(args)), [8]);
    const took = memory() - before;
    await index.set!(8);
    target = await recallOf(index, set.tuning, K, wanted.tuning);
    const { seconds } = JSON.parse(readFileSync(join(args.work, 'million-faiss.json'), 'utf8')) as {
      seconds: number;
    };
    contenders.push({
      contender: index,
      about: { buildSeconds: seconds, fileMb: megabytes(faissFile(args)), memoryMb: took, nprobe: 8 },
    });
  }
  const before = memory();
  const start = performance.now();
  const index: VectorIndex = await loadIndex(ourFolder(args), { threads: 2 });
  const loadSeconds = (performance.now() - start) / 1000;
  const hnsw = towerkit('hnsw f16', index);
  const ef = await tuned(hnsw, set.tuning, K, wanted.tuning, target);
  const built = JSON.parse(readFileSync(join(args.work, 'million-hnsw.json'), 'utf8')) as { seconds: number };
  contenders.push({
    contender: hnsw,
    about: {
      buildSeconds: built.seconds,
      loadSeconds,
      fileMb: megabytes(ourFolder(args)),
      memoryMb: memory() - before,
      ef,
    },
  });
  const measured = new Map<Contender, number[]>(contenders.map(({ contender }) => [contender, []]));
  for (let round = 0; round < Number(args.rounds); round++)
    for (const { contender } of contenders)
      measured.get(contender)!.push(...(await times(contender, set.queries, K)));
  const rows = [];
  for (const { contender, about } of contenders) {
    const { p50, p99 } = latency(measured.get(contender)!);
    const recall = await recallOf(contender, set.queries, K, wanted.queries);
    rows.push({ name: contender.name, recall, p50, p99, ...about });
    const more = Object.entries(about).map(
      ([name, value]) => `${name} ${Number((value as number).toFixed(2))}`,
    );
    print(
      `  ${contender.name}: recall ${recall.toFixed(4)}, p50 ${p50.toFixed(0)} us, p99 ${p99.toFixed(0)} us; ${more.join(', ')}`,
    );
  }
  if (rows.length === 2) print(`  ratio of p50: ${(rows[1].p50 / rows[0].p50).toFixed(2)}`);
  const exact = await ours(set, 'exact', {});
  const filtered = await underFilters(set, 'hnsw f16', index, exact);
  await Promise.all([index.close(), exact.close()]);
  return { rows, filtered };
}

/** The size of a file, or of those of a folder. */
function megabytes(path: string): number {
  const files = statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [path];
  return files.reduce((sum, file) => sum + statSync(file).size, 0) / 2 ** 20;
}
