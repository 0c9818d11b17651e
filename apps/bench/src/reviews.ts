/**
 * The hybrid of ALS and review texts: errors and rankings on several seeds beside the baselines, and how long answers take.
 *
 *     node dist/reviews.js --config reviews --data FOLDER --models FOLDER --out FOLDER [--seeds 1,2,3,4,5] [--threads 2]
 *     node dist/reviews.js --config shop-reviews --out FOLDER --seeds 1
 *     node dist/reviews.js --latency ARTIFACT
 *
 * Each seed draws its own order of the reviews (where they have no dates), split, negatives and starting weights. Stages are
 * kept under --out, texts among them: a second run of a seed trains nothing.
 */
import { join } from 'node:path';

import { Hybrid } from 'towerkit';

import { flags, median, print } from './arguments.js';
import { machine } from './machine.js';
import { towerkit, type Estimate } from './run-towerkit.js';

const args = flags({
  config: 'reviews',
  data: '',
  models: '',
  out: '',
  seeds: '1',
  threads: '',
  latency: '',
});

interface Errors {
  readonly rmse: { readonly value: number };
  readonly mae: { readonly value: number };
  readonly difference?: {
    readonly difference: number;
    readonly low: number;
    readonly high: number;
    readonly p: number;
  };
}
interface Ranked {
  readonly metrics: Readonly<Record<string, Estimate>>;
  readonly difference?: Readonly<Record<string, Errors['difference']>>;
}
interface Result {
  readonly ratings: Readonly<Record<string, Readonly<Record<string, Errors>>>>;
  readonly ranking: { readonly groups: Readonly<Record<string, Readonly<Record<string, Ranked>>>> };
  readonly stages: readonly { readonly stage: string; readonly seconds: number; readonly reused: boolean }[];
}

print(machine());
if (args.latency !== '') await measureLatency(args.latency);
else compareSeeds(args.seeds.split(',').map(Number));

function compareSeeds(seeds: readonly number[]): void {
  const results = seeds.map((seed) => {
    const optional = (['data', 'models', 'threads'] as const).flatMap((name) =>
      args[name] === '' ? [] : [`--${name}`, args[name]],
    );
    const out = join(args.out, `${args.config}-${seed}`);
    const { result, refusal } = towerkit([
      'train',
      '--config',
      args.config,
      '--seed',
      String(seed),
      '--out',
      out,
      ...optional,
    ]);
    if (!result) throw new Error(refusal);
    const { stages } = result as unknown as Result;
    print(
      `seed ${seed}: ${stages.map(({ stage, seconds, reused }) => `${stage} ${reused ? '-' : `${seconds.toFixed(1)} s`}`).join(', ')}`,
    );
    return result as unknown as Result;
  });
  const groups = [...new Set(results.flatMap(({ ratings }) => Object.keys(ratings)))];
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = (values: readonly number[]) =>
    Math.sqrt(
      mean(values.map((value) => (value - mean(values)) ** 2)) *
        (values.length / Math.max(1, values.length - 1)),
    );
  const figure = (values: readonly number[]) =>
    `${mean(values).toFixed(4)} ± ${deviation(values).toFixed(4)}`.padEnd(19);
  const ps = (values: readonly (number | undefined)[]) =>
    values
      .map((p) => (p === undefined ? '' : p < 1e-4 ? '<.0001' : p.toFixed(4).replace(/^0/, '')))
      .join(' ');
  const present = <T>(value: T | undefined): value is T => value !== undefined;

  print(
    `\nratings: mean ± standard deviation of ${seeds.length} seeds; p of each seed's paired test against the hybrid`,
  );
  for (const group of groups) {
    const of = results.map(({ ratings }) => ratings[group]).filter(present);
    for (const model of Object.keys(of[0])) {
      const each = of.map((models) => models[model]);
      print(
        `${group.padEnd(11)}${model.padEnd(18)}RMSE ${figure(each.map(({ rmse }) => rmse.value))}MAE ${figure(each.map(({ mae }) => mae.value))}${ps(each.map(({ difference }) => difference?.p))}`,
      );
    }
  }
  print('\nrankings of the product taken among all');
  for (const group of groups) {
    const of = results.map(({ ranking }) => ranking.groups[group]).filter(present);
    if (of.length === 0) continue;
    for (const model of Object.keys(of[0])) {
      const each = of.map((models) => models[model]);
      const metric = (name: string) => figure(each.map(({ metrics }) => metrics[name].value));
      print(
        `${group.padEnd(11)}${model.padEnd(18)}NDCG@10 ${metric('ndcg@10')}HR@10 ${metric('hr@10')}${ps(each.map(({ difference }) => difference?.['ndcg@10']?.p))}`,
      );
    }
  }
}

/** All products for a thousand users at once, then for one, once warm: scores and predicted ratings, best ten. */
async function measureLatency(folder: string): Promise<void> {
  const hybrid = await Hybrid.open(folder);
  try {
    const { names } = hybrid.artifact.users;
    const time = async (userIds: readonly string[], rounds: number) => {
      const took: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const started = performance.now();
        await hybrid.predictForUsersBatched({
          userIds: userIds.length === 1 ? [names[round % names.length]] : userIds,
          topK: 10,
        });
        took.push(performance.now() - started);
      }
      return took.slice(Math.floor(rounds / 5));
    };
    const thousand = await time(names.slice(0, 1000), 6); // warms the first thousand users, too
    const one = (await time([names[0]], 1000)).sort((a, b) => a - b);
    const products = hybrid.model.items;
    print(
      `${products} products, one user: median ${median(one).toFixed(2)} ms, 99th percentile ${one[Math.floor(one.length * 0.99)].toFixed(2)} ms`,
    );
    print(`${products} products, 1,000 users: median ${median(thousand).toFixed(0)} ms`);
  } finally {
    await hybrid.dispose();
  }
}
