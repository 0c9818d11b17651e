/**
 * Ratings on MovieLens: the two-tower of the bundled config beside the baselines and, with `--python`, Surprise, on the same rows.
 * Of MovieLens 1M one row in ten is tested, of 100K each of five folds; another ninth of the rest chooses the tower's epochs, and it
 * then trains on all of it (`--refit`). RMSE and MAE over seeds or folds, and a paired test of squared errors, by user.
 *
 *     node dist/movielens.js --set movielens-1m --data FOLDER [--seeds 1,2,3] [--config NAME] [--models tower,bias,svd,...]
 *                            [--python python3] [--out FOLDER] [--json FILE]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import {
  Bias,
  ItemKnnRatings,
  ratingFolds,
  Svd,
  UserKnnRatings,
  type RatingPredictor,
} from '@towerkit/baselines';
import { Rng } from '@towerkit/core';
import { readDataset, toHistories } from '@towerkit/data';
import { manifests } from '@towerkit/datasets';
import { comparePaired, mae, meanInterval, rmse } from '@towerkit/metrics';

import { flags, print } from './arguments.js';
import { machine } from './machine.js';
import { artifactRatings, surpriseRatings, trainTower, type Parts } from './movielens/contenders.js';

const args = flags({
  set: 'movielens-1m',
  data: '',
  config: '',
  seeds: '1,2,3',
  models: '',
  python: '',
  out: '',
  json: '',
});
const scale = [1, 5] as const;
const isLarge = args.set === 'movielens-1m';
const config = args.config || (isLarge ? 'movielens-1m' : 'movielens-100k-ratings');
const BASELINES: Record<string, () => RatingPredictor> = {
  bias: () => new Bias({ scale }),
  svd: () => new Svd({ scale }),
  'user-knn': () => new UserKnnRatings({ scale, variant: 'means' }),
  'item-knn': () => new ItemKnnRatings({ scale, variant: 'baseline', similarity: 'pearson-baseline' }),
};
const chosen =
  args.models === ''
    ? ['tower', ...Object.keys(BASELINES), ...(args.python ? ['surprise-svd', 'surprise-svd++'] : [])]
    : args.models.split(',');

const manifest = manifests.find(({ name }) => name === args.set)!;
const { log } = await readDataset(args.data, manifest);
const all = toHistories(log);

/** Parts of the rows by seed, or fold by fold for the small set. */
function* partsOf(seed: number): Generator<Parts> {
  const folds = ratingFolds(all, { folds: isLarge ? 10 : 5, seed });
  for (const { train, users, items, ratings } of isLarge ? folds.slice(0, 1) : folds) {
    const rng = new Rng(seed).fork('validation');
    const validation = Uint8Array.from({ length: train.entries }, () => (rng.uniform() < 1 / 9 ? 1 : 0));
    yield { seed, log, train, validation, test: { users, items, ratings } };
  }
}

async function predict(name: string, parts: Parts, folder: string): Promise<Float32Array> {
  if (name === 'tower') {
    const artifact = trainTower(parts, { config, manifest, data: resolve(args.data), folder });
    return artifactRatings(artifact, log, parts.test);
  }
  if (name.startsWith('surprise-'))
    return surpriseRatings(name.slice('surprise-'.length), parts, args.python, folder);
  const model = BASELINES[name]();
  await model.fit(parts.train);
  return model.predict(parts.test.users, parts.test.items);
}

print(machine());
const found = Object.fromEntries(
  chosen.map((name) => [
    name,
    { rmse: [] as number[], mae: [] as number[], errors: [] as number[], seconds: [] as number[] },
  ]),
);
const owners: number[] = [];
for (const [run, parts] of args.seeds
  .split(',')
  .flatMap((seed) => [...partsOf(Number(seed))])
  .entries()) {
  const folder = mkdtempSync(join(args.out || tmpdir(), 'towerkit-movielens-'));
  try {
    const { users, ratings } = parts.test;
    for (const user of users) owners.push(user);
    for (const name of chosen) {
      const begun = performance.now();
      const predicted = await predict(name, parts, folder);
      const of = found[name];
      of.seconds.push((performance.now() - begun) / 1000);
      of.rmse.push(rmse(predicted, ratings));
      of.mae.push(mae(predicted, ratings));
      predicted.forEach((rating, k) => of.errors.push((rating - ratings[k]) ** 2));
      print(
        `run ${run + 1}  ${name.padEnd(16)} RMSE ${of.rmse.at(-1)!.toFixed(4)}  MAE ${of.mae.at(-1)!.toFixed(4)}  ${of.seconds.at(-1)!.toFixed(0)} s`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const report = chosen.map((name) => {
  const { rmse, mae, errors } = found[name];
  const { p } = comparePaired(errors, found[chosen[0]].errors, { clusters: owners });
  return { model: name, rmse: meanInterval(rmse), mae: meanInterval(mae), p: name === chosen[0] ? null : p };
});
print(
  `\n${''.padEnd(17)}RMSE [95% over ${found[chosen[0]].rmse.length} runs]      MAE     p, squared errors`,
);
for (const { model, rmse, mae, p } of report)
  print(
    `${model.padEnd(17)}${rmse.value.toFixed(4)} [${rmse.low.toFixed(4)}, ${rmse.high.toFixed(4)}]  ${mae.value.toFixed(4)}  ${p === null ? '' : p < 0.0001 ? '<.0001' : p.toFixed(4)}`,
  );
if (args.json !== '') writeFileSync(args.json, `${JSON.stringify(report, null, 2)}\n`);
