/**
 * Ratings of newcomers on MovieLens 1M: one user in ten and one movie in ten are kept out of training, and are then known by what
 * stands in the tables alone. Users by gender, age and occupation, movies by genres, year and poster. Beside the tower: the same
 * tower told nothing, and the biases of the other side alone. RMSE with intervals over the newcomers, paired tests of squared errors.
 *
 *     node dist/movielens-cold.js --data FOLDER [--seeds 1,2,3] [--config movielens-1m] [--out FOLDER] [--json FILE]
 */
import { Bias } from '@towerkit/baselines';
import { CsrMatrix, Rng } from '@towerkit/core';
import { readDataset, readUsers, toHistories } from '@towerkit/data';
import { manifests } from '@towerkit/datasets';
import { comparePaired, evaluateRatings, rmse as rmseOf } from '@towerkit/metrics';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { flags, print } from './arguments.js';
import { machine } from './machine.js';
import { artifactRatings, trainTower, type Parts } from './movielens/contenders.js';

const args = flags({ data: '', seeds: '1,2,3', config: 'movielens-1m', out: '', json: '' });
const manifest = manifests.find(({ name }) => name === 'movielens-1m')!;
const { log } = await readDataset(args.data, manifest);
const all = toHistories(log);
const columns = ['user_id', 'gender', 'age', 'occupation', 'zip'];
const { users: named, table } = await readUsers({
  path: join(args.data, 'users.dat'),
  ...{ format: 'csv', header: false, columnNames: columns, delimiter: '::' },
  columns: { id: 'user_id', gender: 'gender', age: 'age', occupation: 'occupation' },
  types: { gender: 'text', age: 'text', occupation: 'text' },
});
const featuresOf = (user: string) =>
  Object.fromEntries(
    ['gender', 'age', 'occupation'].map((name) => [name, table.get(name, named.indexOf(user)!)]),
  );

/** Rows by whether the user and the movie are kept out of training. */
function partsOf(seed: number) {
  const draw = (what: string, count: number) => {
    const rng = new Rng(seed).fork(what);
    return Array.from({ length: count }, () => rng.uniform() < 0.1);
  };
  const [coldUser, coldItem] = [draw('users', all.rows), draw('items', all.cols)];
  const parts = { known: [] as number[][], users: [] as number[][], items: [] as number[][] };
  for (let user = 0; user < all.rows; user++)
    for (let at = all.indptr[user]; at < all.indptr[user + 1]; at++) {
      const item = all.indices[at];
      const row = [user, item, all.values![at]];
      if (!coldUser[user] && !coldItem[item]) parts.known.push(row);
      else if (!coldItem[item]) parts.users.push(row);
      else if (!coldUser[user]) parts.items.push(row);
    }
  return parts;
}

const pairs = (rows: readonly number[][]): Parts['test'] => ({
  users: Int32Array.from(rows, ([user]) => user),
  items: Int32Array.from(rows, ([, item]) => item),
  ratings: Float32Array.from(rows, ([, , rating]) => rating),
});

print(machine());
interface Found {
  /** Predictions of all seeds by model. */
  readonly predicted: Record<string, number[]>;
  readonly actual: number[];
  /** Whose each rating is; those of another seed are others. */
  readonly owners: number[];
}
const found: Record<'users' | 'items', Found> = {
  users: { predicted: {}, actual: [], owners: [] },
  items: { predicted: {}, actual: [], owners: [] },
};
for (const seed of args.seeds.split(',').map(Number)) {
  const parts = partsOf(seed);
  const known = pairs(parts.known);
  const train = CsrMatrix.fromPairs(all.rows, all.cols, known.users, known.items, known.ratings);
  const rng = new Rng(seed).fork('validation');
  const validation = Uint8Array.from({ length: train.entries }, () => (rng.uniform() < 1 / 9 ? 1 : 0));
  const bias = new Bias({ scale: [1, 5] });
  await bias.fit(train);
  const mean = known.ratings.reduce((sum, rating) => sum + rating, 0) / known.ratings.length;
  const folder = mkdtempSync(join(args.out || tmpdir(), 'towerkit-cold-'));
  try {
    const data = resolve(args.data);
    const artifact = trainTower({ seed, log, train, validation }, { ...args, manifest, data, folder });
    for (const side of ['users', 'items'] as const) {
      const test = pairs(parts[side]);
      const predicted: Record<string, ArrayLike<number>> = {
        tower: await artifactRatings(artifact, log, test, featuresOf),
        ...(side === 'users' && { 'tower, told nothing': await artifactRatings(artifact, log, test) }),
        'bias of the other side': await bias.predict(test.users, test.items),
        mean: new Float32Array(test.ratings.length).fill(mean),
      };
      for (const owner of test[side]) found[side].owners.push(owner + seed * 100_000);
      for (const rating of test.ratings) found[side].actual.push(rating);
      for (const [name, values] of Object.entries(predicted)) {
        const own = (found[side].predicted[name] ??= []);
        for (let row = 0; row < values.length; row++) own.push(values[row]);
        print(
          `seed ${seed}  cold ${side}  ${name.padEnd(24)} RMSE ${rmseOf(values, test.ratings).toFixed(4)}  ${values.length} ratings`,
        );
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const report = (['users', 'items'] as const).flatMap((side) => {
  const { predicted, actual, owners } = found[side];
  const errors = (of: readonly number[]) => of.map((rating, row) => (rating - actual[row]) ** 2);
  return Object.entries(predicted).map(([name, own]) => ({
    side,
    name,
    ...evaluateRatings({ predicted: own, actual, users: owners }),
    p: name === 'tower' ? null : comparePaired(errors(own), errors(predicted.tower), { clusters: owners }).p,
  }));
});
for (const { side, name, rmse, p } of report)
  print(
    `cold ${side}  ${name.padEnd(24)}${rmse.value.toFixed(4)} [${rmse.low!.toFixed(4)}, ${rmse.high!.toFixed(4)}]  p ${p?.toPrecision(2) ?? ''}`,
  );
if (args.json !== '') writeFileSync(args.json, `${JSON.stringify(report, null, 2)}\n`);
