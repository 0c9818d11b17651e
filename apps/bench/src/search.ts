/**
 * Trained searches on judged queries: metrics with intervals, and paired tests of towers and hybrid against BM25, LSA, MiniLM and
 * the plain sum of BM25 and MiniLM. Of several artifacts, such as those of several seeds, differences are tested over the queries
 * of all.
 *
 *     towerkit train --config search --data FOLDER --out ARTIFACT [--seed 1]
 *     node dist/search.js --artifacts ARTIFACT[,ARTIFACT] [--targets FILE] [--models FOLDER] [--threads 2]
 */
import { comparePaired } from '@towerkit/metrics';
import { evaluateSearch } from '@towerkit/pipeline';

import { flags, print } from './arguments.js';
import { machine } from './machine.js';

const args = flags({ artifacts: '', targets: '', models: '', threads: '2' });
const METRICS = ['ndcg@10', 'recall@10', 'recall@100', 'mrr@10'] as const;

/** Which is tested against which. */
const PAIRS = [
  ['tower', 'bm25'],
  ['tower', 'lsa'],
  ['tower', 'minilm'],
  ['hybrid', 'bm25'],
  ['hybrid', 'minilm'],
  ['hybrid', 'bm25+minilm'],
  ['hybrid', 'tower'],
  ['hybrid', 'reciprocal-ranks'],
] as const;

type Queries = Awaited<ReturnType<typeof evaluateSearch>>['perQuery'];

print(machine());
const figure = (value: number) => value.toFixed(4).replace(/^(-?)0/, '$1');
const all: Record<string, Queries[string][number][]> = {};
for (const artifact of args.artifacts.split(',')) {
  const { perQuery, metrics, baselines, groups, queries, leakage } = await evaluateSearch(artifact, {
    ...(args.targets !== '' && { targets: args.targets }),
    ...(args.models !== '' && { models: args.models }),
    references: true,
    threads: Number(args.threads),
  });
  for (const [name, measured] of Object.entries(perQuery)) (all[name] ??= []).push(...measured);
  print(`${artifact}: ${queries} queries; ${JSON.stringify(leakage)}`);
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
  for (const [group, models] of Object.entries(groups)) {
    print(`${group}: ${models.tower['recall@10'].users} queries`);
    for (const [name, measured] of Object.entries(models))
      print(`  ${name.padEnd(8)} ${METRICS.map((key) => figure(measured[key].value)).join('  ')}`);
  }
}
print(`differences over ${all.tower.length} queries`);
for (const [a, b] of PAIRS)
  if (all[a] && all[b])
    print(
      [
        `${a} - ${b}`.padEnd(26),
        ...METRICS.map((key) => {
          const both = all[a].flatMap((query, at): [number, number][] => {
            const pair: [number, number] = [query[key], all[b][at][key]];
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
