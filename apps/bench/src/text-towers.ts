/**
 * What titles are worth on the video-game set: the same tower without text, with MiniLM, with LSA and with gates, each
 * trained by `towerkit` in a process of its own, for several seeds; ALS beside them. By how often the targets stand in
 * training, with paired tests against the tower with titles; targets that nobody has had yet beside the titles nearest to
 * the history, and beside chance.
 *
 *     node dist/text-towers.js --data FOLDER --models FOLDER [--seeds 1,2,3] [--configs a,b,...] [--out FOLDER]
 *
 * The first config is the one the others are tested against. Artifacts that are in --out already are taken as they are.
 */
import type { Matrix } from '@towerkit/core';
import { type CsrMatrix } from '@towerkit/core';
import { readDataset } from '@towerkit/data';
import { manifests } from '@towerkit/datasets';
import { evaluateFullRanking, type Scorer } from '@towerkit/metrics';
import { cached, minilm } from '@towerkit/text';
import { TwoTowerRecommender } from '@towerkit/recommend';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { flags, print } from './arguments.js';
import { machine } from './machine.js';
import { towerkit, type Estimate } from './run-towerkit.js';
import { videoGames } from './video-games.js';

const args = flags({
  data: '../../../shared/datasets/amazon-video-games-2023',
  models: '../../../shared/models',
  configs: 'amazon-video-games-text,amazon-video-games,amazon-video-games-lsa,amazon-video-games-gated',
  seeds: '1,2,3',
  threads: '2',
  out: 'text-towers',
});

type Metrics = Record<string, Estimate>;
interface Compared {
  readonly artifact: string;
  readonly metrics: Metrics;
  readonly p: Record<string, number> | null;
  readonly groups: Record<string, { metrics: Metrics; p: Record<string, number> | null }>;
}

await mkdir(args.out, { recursive: true });
print(`${machine()}; ${args.threads} threads`);

const must = (given: readonly string[]) => {
  const { result, refusal } = towerkit(given);
  if (refusal !== undefined) throw new Error(refusal);
  return result!;
};

/** Trains what is not there yet; the artifact's folder. */
async function trained(config: string, seed: string): Promise<string> {
  const artifact = join(args.out, `${config}-${seed}`);
  const common = ['--data', args.data, '--out', artifact, '--threads', args.threads, '--seed', seed];
  if (!existsSync(artifact)) {
    const result =
      config === 'als'
        ? must(['baseline', 'als', ...common])
        : must(['train', '--config', config, '--models', args.models, ...common]);
    await writeFile(`${artifact}.json`, JSON.stringify(result));
  }
  const result = JSON.parse(await readFile(`${artifact}.json`, 'utf8')) as {
    fit_seconds: number;
    metrics: Metrics;
    gates?: unknown;
  };
  const measured = Object.entries(result.metrics).map(([name, { value }]) => `${name} ${value.toFixed(4)}`);
  print(`${config}, seed ${seed}: ${measured.join('  ')}  ${result.fit_seconds.toFixed(0)} s`);
  if (result.gates) print(JSON.stringify(result.gates));
  return artifact;
}

const configs = args.configs.split(',');
const seeds = args.seeds.split(',');
const als = await trained('als', '1');
const runs: Compared[][] = [];
for (const seed of seeds) {
  const artifacts: string[] = [];
  for (const config of configs) artifacts.push(await trained(config, seed));
  const { models } = must(['compare', '--artifacts', [...artifacts, als].join(',')]) as {
    models: Compared[];
  };
  runs.push(models);
}

const show = ({ value, low, high }: Estimate) =>
  `${value.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`;
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
for (const group of ['all', 'many', 'few', 'none']) {
  print(`\ntargets with training rows: ${group}; p against ${configs[0]} of the same seed`);
  [...configs, 'als'].forEach((name, place) => {
    const results = runs.map((models) => (group === 'all' ? models[place] : models[place].groups[group]));
    for (const metric of Object.keys(results[0].metrics)) {
      const values = results.map(({ metrics }) => metrics[metric]);
      const p = results.map(({ p }) => p?.[metric]?.toPrecision(2) ?? '-').join(', ');
      print(
        `${name.padEnd(26)} ${metric.padEnd(8)} mean ${mean(values.map(({ value }) => value)).toFixed(4)}  ${values.map(show).join('  ')}  ${values[0].users} users  p ${p}`,
      );
    }
  });
}

print('\ntargets that nobody has had: the towers, the titles nearest to the history, and chance');
const split = await videoGames(args.data);
const counts = split.train.columnCounts();
const cold = Int32Array.from({ length: split.train.rows }, (_, user) => user).filter((user) =>
  split.validation.row(user).every((item) => counts[item] === 0),
);
/** How a scorer ranks the targets that nobody has had; the AUC is the share of the other items that they beat. */
async function onCold(name: string, scorer: Scorer): Promise<void> {
  const { metrics } = await evaluateFullRanking({
    items: split.train.cols,
    histories: split.train,
    targets: split.validation,
    users: cold,
    scorer,
    metrics: ['hr@10', 'ndcg@10', 'hr@20', 'hr@100', 'auc'],
  });
  const cells = Object.entries(metrics).map(([metric, value]) => `${metric} ${show(value)}`);
  print(`${name.padEnd(30)} ${cells.join('  ')}`);
}
for (const seed of seeds)
  for (const config of configs) {
    const model = await TwoTowerRecommender.load(join(args.out, `${config}-${seed}`));
    await onCold(`${config} ${seed}`, (users, out) =>
      model.score(
        Array.from(users, (user) => split.train.row(user)),
        out,
        users,
      ),
    );
    await model.dispose();
  }
const titles = await titleVectors();
await onCold('nearest titles', (users, out) =>
  users.forEach((user, row) => titleScores(split.train, user, out.subarray(row * titles.rows))),
);
print(`${cold.length} users; chance: hr@10 ${(10 / split.train.cols).toFixed(5)}, auc .5`);

/** MiniLM vectors of the titles, [items, 384], zeros where there is none. */
async function titleVectors(): Promise<Matrix> {
  const manifest = manifests.find(({ name }) => name === 'amazon-video-games-2023')!;
  const { log, catalog } = await readDataset(args.data, manifest);
  const column = catalog!.table.array('title') as ArrayLike<string | null>;
  const texts = log.items.names.map((name) => column[catalog!.items.indexOf(name) ?? -1] ?? '');
  const encoder = cached(await minilm({ models: args.models }), { folder: join(args.out, '.text') });
  try {
    return await encoder.encode(texts);
  } finally {
    await encoder.dispose?.();
  }
}

/** The cosine of each title with the sum of the history's. */
function titleScores(histories: CsrMatrix, user: number, out: Float32Array): void {
  const taste = new Float32Array(titles.cols);
  for (const item of histories.row(user)) titles.row(item).forEach((value, i) => (taste[i] += value));
  for (let item = 0; item < titles.rows; item++) {
    let score = 0;
    for (let i = 0, at = item * titles.cols; i < titles.cols; i++, at++) score += taste[i] * titles.data[at];
    out[item] = score;
  }
}
