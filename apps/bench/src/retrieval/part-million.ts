import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { loadIndex, type VectorIndex } from '@towerkit/retrieval';

import type { Args } from './args.js';
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

/** Our drivers, and their options. */
const OURS = {
  ivf: { lists: CENTRES },
  hnsw: { precision: 'f16', efConstruction: 128 },
} as const;
type Ours = keyof typeof OURS;

const setOf = ({ items, noise, queries }: Args): VectorSet =>
  clusters(Number(items), D, CENTRES, Number(noise), Number(queries));
const place = ({ work, items, noise }: Args, name: string) => join(work, `${name}-${items}-${noise}`);
const reportOf = (args: Args, name: string) =>
  JSON.parse(readFileSync(`${place(args, name)}.json`, 'utf8')) as { seconds: number };

/** Megabytes of memory of this process. */
const memory = () => process.memoryUsage().rss / 2 ** 20;

/** Builds and saves one of our indexes, unless it is there. */
export async function buildOurMillion(args: Args, driver: Ours): Promise<unknown> {
  const folder = place(args, driver);
  if (!existsSync(folder)) {
    const set = setOf(args);
    const start = performance.now();
    const index = await ours(set, driver, OURS[driver]);
    const seconds = (performance.now() - start) / 1000;
    const before = performance.now();
    await index.save(folder);
    const saveSeconds = (performance.now() - before) / 1000;
    writeFileSync(`${folder}.json`, JSON.stringify({ seconds, saveSeconds, ...(await index.stats()) }));
    await index.close();
  }
  return reportOf(args, driver);
}

/** Trains, fills and writes FAISS' index, unless it is there. */
export async function buildFaissMillion(args: Args): Promise<unknown> {
  const faiss = faissNode();
  if (faiss === undefined) return null;
  const file = place(args, 'faiss');
  if (!existsSync(file)) {
    const set = setOf(args);
    const start = performance.now();
    const index = buildFaiss(faiss, set.vectors, FACTORY, TRAINING);
    const seconds = (performance.now() - start) / 1000;
    index.write(file);
    writeFileSync(`${file}.json`, JSON.stringify({ seconds }));
  }
  return reportOf(args, 'faiss');
}

/** A million clustered vectors: our indexes at a recall no more than .002 below that of IVF1024 with nprobe 8, beside it. */
export async function million(args: Args): Promise<unknown> {
  const set = setOf(args);
  print(`${set.name}; ${set.queries.rows} queries, ${args.rounds} rounds in turn`);
  const wanted = await nearest(set, K);
  const contenders: { contender: Contender; about: Record<string, number> }[] = [];
  const take = async (file: string, open: () => Promise<Contender>, target: number) => {
    const [before, start] = [memory(), performance.now()];
    const contender = await open();
    const loadSeconds = (performance.now() - start) / 1000;
    const setting = (await tuned(contender, set.tuning, K, wanted.tuning, target))!;
    const { seconds: buildSeconds } = reportOf(args, file);
    const about = { setting, buildSeconds, loadSeconds, fileMb: megabytes(place(args, file)) };
    contenders.push({ contender, about: { ...about, memoryMb: memory() - before } });
    return contender;
  };
  let target = 0.99;
  const faiss = faissNode();
  if (faiss !== undefined) {
    const open = () =>
      Promise.resolve(faissContender(faiss, 'IVF1024', faiss.Index.read(place(args, 'faiss')), [8]));
    const contender = await take('faiss', open, 0);
    target = (await recallOf(contender, set.tuning, K, wanted.tuning)) - 0.002;
  }
  const indexes: VectorIndex[] = [];
  for (const driver of Object.keys(OURS) as Ours[])
    await take(
      driver,
      async () => {
        indexes.push(await loadIndex(place(args, driver), { threads: 2 }));
        return towerkit(driver, indexes.at(-1)!);
      },
      target,
    );
  const measured = new Map<Contender, number[]>(contenders.map(({ contender }) => [contender, []]));
  for (let round = 0; round < Number(args.rounds); round++)
    for (const { contender } of contenders)
      measured.get(contender)!.push(...(await times(contender, set.queries, K)));
  const rows = [];
  for (const { contender, about } of contenders) {
    const { p50, p99 } = latency(measured.get(contender)!);
    const recall = await recallOf(contender, set.queries, K, wanted.queries);
    rows.push({ name: contender.name, recall, p50, p99, ...about });
    const more = Object.entries(about).map(([name, value]) => `${name} ${Number(value.toFixed(2))}`);
    const ratio = `${(p50 / rows[0].p50).toFixed(2)} of the first`;
    print(
      `  ${contender.name}: recall ${recall.toFixed(4)}, p50 ${p50.toFixed(0)} us, p99 ${p99.toFixed(0)} us, ${ratio}; ${more.join(', ')}`,
    );
  }
  const exact = await ours(set, 'exact', {});
  const filtered = [];
  for (const index of indexes) filtered.push(...(await underFilters(set, index.driver, index, exact)));
  await Promise.all([...indexes, exact].map((index) => index.close()));
  return { rows, filtered };
}

/** The size of a file, or of those of a folder. */
function megabytes(path: string): number {
  const files = statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [path];
  return files.reduce((sum, file) => sum + statSync(file).size, 0) / 2 ** 20;
}
