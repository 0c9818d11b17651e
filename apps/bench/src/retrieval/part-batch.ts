import type { Args } from './args.js';
import { median, print } from '../arguments.js';
import { nearest, ourDrivers, peers } from './contenders.js';
import { tuned } from './measure.js';
import { heldOutItems } from './real-vectors.js';

const K = 10;

/** All queries in one call, on two threads. */
export async function batches(args: Args): Promise<unknown> {
  const set = await heldOutItems(args.shared, 2 * Number(args.queries));
  const wanted = await nearest(set, K);
  const contenders = [...(await ourDrivers(set)), ...peers(set)].filter(({ searchBatch }) => searchBatch);
  print(
    `${set.name}, ${set.queries.rows} queries in one call, two threads, median of ${args.rounds} rounds in turn`,
  );
  for (const contender of contenders) await tuned(contender, set.tuning, K, wanted.tuning, 0.99);
  const seconds = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = -1; round < Number(args.rounds); round++)
    for (const contender of contenders) {
      const prepared = contender.prepareBatch!(set.queries);
      const start = performance.now();
      await contender.searchBatch!(prepared, K);
      if (round >= 0) seconds.get(contender.name)!.push((performance.now() - start) / 1000);
    }
  const rows = contenders.map(({ name }) => ({
    name,
    perSecond: set.queries.rows / median(seconds.get(name)!),
  }));
  for (const { name, perSecond } of rows)
    print(`  ${name}: ${Math.round(perSecond).toLocaleString('en')} queries/s`);
  await Promise.all(contenders.map((contender) => contender.close()));
  return rows;
}
