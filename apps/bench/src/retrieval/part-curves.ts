import { writeFileSync } from 'node:fs';

import type { Args } from './args.js';
import { print } from '../arguments.js';
import { machine } from '../machine.js';
import type { Contender } from './contender.js';
import { towerkit } from './contender.js';
import { nearest, ourDrivers, ours, peers } from './contenders.js';
import { latency, recallOf, times } from './measure.js';
import { heldOutItems } from './real-vectors.js';
import { type Curve, plot } from './svg.js';

const K = 10;

/** Recall and latency at every setting of every engine, also of the databases whose addresses are given. */
export async function curves(args: Args): Promise<Curve[]> {
  const set = await heldOutItems(args.shared, Math.min(500, Number(args.queries)));
  const wanted = await nearest(set, K);
  const contenders: Contender[] = [...(await ourDrivers(set)), ...peers(set)];
  if (process.env.TOWERKIT_FAISS !== undefined)
    contenders.push(towerkit('faiss HNSW32', await ours(set, 'faiss', { factory: 'HNSW32' })));
  const table = `bench_${process.pid}`;
  if (args.postgres !== '')
    contenders.push(towerkit('pgvector', await ours(set, 'pgvector', { connection: args.postgres, table })));
  if (args.milvus !== '')
    contenders.push(
      towerkit('milvus', await ours(set, 'milvus', { address: args.milvus, collection: table })),
    );
  print(`${set.name}: recall@${K} and p50 in microseconds`);
  const all: Curve[] = [];
  for (const contender of contenders) {
    const points = [];
    for (const value of contender.values ?? [undefined]) {
      if (value !== undefined) await contender.set!(value);
      const recall = await recallOf(contender, set.queries, K, wanted.queries);
      points.push({ value, recall, p50: latency(await times(contender, set.queries, K)).p50 });
      if (recall >= 0.9999) break;
    }
    all.push({ name: contender.name, points });
    print(
      `  ${contender.name}: ${points.map(({ recall, p50 }) => `${recall.toFixed(4)} ${p50.toFixed(0)}`).join(', ')}`,
    );
    await contender.close();
  }
  if (args.svg !== '') writeFileSync(args.svg, plot(`${set.name}; ${machine()}`, all));
  return all;
}
