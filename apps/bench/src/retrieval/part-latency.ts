import type { Args } from './args.js';
import { print } from '../arguments.js';
import type { Contender } from './contender.js';
import { nearest, ourDrivers, peers } from './contenders.js';
import { latency, recallOf, times, tuned } from './measure.js';
import { heldOutItems, usersAsQueries, type VectorSet } from './real-vectors.js';

const [K, TARGET] = [10, 0.99];

/** One query at a time, all engines in turn: those with a setting at the quickest value that reaches a recall of .99. */
export async function latencies(args: Args): Promise<unknown> {
  const [count, rounds] = [Number(args.queries), Number(args.rounds)];
  return [
    await compared(await heldOutItems(args.shared, count), rounds),
    await compared(await usersAsQueries(args.shared, count), rounds),
  ];
}

async function compared(set: VectorSet, rounds: number) {
  const wanted = await nearest(set, K);
  const contenders: { contender: Contender; setting: number | undefined }[] = [];
  for (const contender of [...(await ourDrivers(set)), ...peers(set)])
    contenders.push({
      contender,
      setting: await tuned(contender, set.tuning, K, wanted.tuning, TARGET),
    });
  const faissHnsw = contenders.find(({ contender }) => contender.name.endsWith('HNSW32'));
  if (faissHnsw !== undefined) {
    await faissHnsw.contender.set!(16); // the setting that the comparison names
    faissHnsw.setting = 16;
  }
  print(`${set.name}, one query at a time, k ${K}, ${set.queries.rows} queries, ${rounds} rounds in turn`);
  const measured = new Map<Contender, number[]>(contenders.map(({ contender }) => [contender, []]));
  for (let round = 0; round < rounds; round++)
    for (const { contender } of contenders)
      measured.get(contender)!.push(...(await times(contender, set.queries, K)));
  const rows: { name: string; setting?: number; recall: number; p50: number; p99: number }[] = [];
  for (const { contender, setting } of contenders) {
    const { p50, p99 } = latency(measured.get(contender)!);
    const recall = await recallOf(contender, set.queries, K, wanted.queries);
    rows.push({ name: contender.name, setting, recall, p50, p99 });
    const shown = setting === undefined ? '' : ` (${setting})`;
    print(
      `  ${contender.name}${shown}: recall ${recall.toFixed(4)}, p50 ${p50.toFixed(0)} us, p99 ${p99.toFixed(0)} us`,
    );
  }
  const p50 = (name: string) => rows.find((row) => row.name === name)?.p50 ?? NaN;
  const best = rows
    .filter(({ name, recall }) => name.startsWith('towerkit') && recall >= TARGET)
    .sort((a, b) => a.p50 - b.p50)[0];
  const ratio = (a: number, b: number) => (a / b).toFixed(2);
  print(
    `  best of ours (${best.name}) / faiss HNSW32 efSearch 16: ${ratio(best.p50, p50('faiss-node HNSW32'))}`,
  );
  for (const name of ['towerkit exact', 'towerkit exact int8'])
    print(`  ${name} / faiss flat: ${ratio(p50(name), p50('faiss-node flat'))}`);
  await Promise.all(contenders.map(({ contender }) => contender.close()));
  return { set: set.name, rows };
}
