/**
 * A trained search on judged queries: metrics with intervals, and paired tests of towers and hybrid against each other and BM25.
 *
 *     towerkit train --config search --data FOLDER --out ARTIFACT
 *     node dist/search.js --artifact ARTIFACT [--targets FILE] [--threads 2]
 */
import { comparePaired } from '@towerkit/metrics';
import { evaluateSearch } from '@towerkit/pipeline';

import { flags, print } from './arguments.js';
import { machine } from './machine.js';

const args = flags({ artifact: '', targets: '', threads: '2' });
const METRICS = ['ndcg@10', 'recall@10', 'recall@100', 'mrr@10'] as const;

/** Which is tested against which. */
const PAIRS = [
  ['tower', 'bm25'],
  ['hybrid', 'bm25'],
  ['hybrid', 'tower'],
  ['hybrid', 'reciprocal-ranks'],
] as const;

print(machine());
const { perQuery, metrics, baselines, groups, queries, leakage } = await evaluateSearch(args.artifact, {
  ...(args.targets !== '' && { targets: args.targets }),
  threads: Number(args.threads),
});
print(`${queries} queries; ${JSON.stringify(leakage)}`);
const figure = (value: number) => value.toFixed(4).replace(/^(-?)0/, '$1');
for (const [name, measured] of Object.entries({ tower: metrics, ...baselines }))
  print(
    [
      name.padEnd(18),
      ...METRICS.map((key) => {
        const { value, low, high } = measured[key];
        return `${figure(value)} [${figure(low)}, ${figure(high)}]`;
      }),
    ].join('  '),
  );
for (const [a, b] of PAIRS)
  print(
    [
      `${a} - ${b}`.padEnd(26),
      ...METRICS.map((key) => {
        const both = perQuery[a].flatMap((query, at): [number, number][] => {
          const pair: [number, number] = [query[key], perQuery[b][at][key]];
          return pair.some(Number.isNaN) ? [] : [pair];
        });
        const { difference, p } = comparePaired(
          both.map(([first]) => first),
          both.map(([, second]) => second),
        );
        return `${figure(difference)} (p ${p < 1e-4 ? '< .0001' : figure(p)})`;
      }),
    ].join('  '),
  );
for (const [group, models] of Object.entries(groups)) {
  print(`${group}: ${models.tower['recall@10'].users} queries`);
  for (const [name, measured] of Object.entries(models))
    print(`  ${name.padEnd(8)} ${METRICS.map((key) => figure(measured[key].value)).join('  ')}`);
}
