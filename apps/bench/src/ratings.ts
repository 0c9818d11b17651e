/**
 * MovieLens 100k, 5-fold cross-validation: RMSE, MAE, seconds to fit and to test, beside Surprise on the same folds,
 * the two in turn, fold by fold.
 *
 *     node dist/ratings.js --shared FOLDER --python python3 [--seed 1] [--models svd,user-knn] [--json FILE]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  Bias,
  crossValidate,
  ItemKnnRatings,
  ratingFolds,
  Svd,
  UserKnnRatings,
  type FoldResult,
  type RatingFold,
  type RatingPredictor,
} from '@towerkit/baselines';
import { readDataset, toHistories } from '@towerkit/data';
import { manifests } from '@towerkit/datasets';

import { flags, median, print } from './arguments.js';
import { machine } from './machine.js';

const args = flags({
  shared: '../../../shared/datasets',
  python: 'python3',
  seed: '1',
  models: '',
  json: '',
  peer: new URL('../peers/surprise_ratings.py', import.meta.url).pathname,
});

/** The predictors, under the names that the peer knows them by. */
const scale = [1, 5] as const;
const MODELS: Record<string, () => RatingPredictor> = {
  svd: () => new Svd({ scale }),
  bias: () => new Bias({ scale }),
  'user-knn': () => new UserKnnRatings({ scale }),
  'user-knn-means': () => new UserKnnRatings({ scale, variant: 'means' }),
  'item-knn-baseline': () =>
    new ItemKnnRatings({ scale, variant: 'baseline', similarity: 'pearson-baseline' }),
};
const chosen = args.models === '' ? Object.keys(MODELS) : args.models.split(',');

print(machine());
const manifest = manifests.find(({ name }) => name === 'ml-100k')!;
const { log } = await readDataset(join(args.shared, 'ml-100k'), manifest);
const ratings = toHistories(log);
const folds = ratingFolds(ratings, { folds: 5, seed: Number(args.seed) });
await crossValidate(ratings, { make: MODELS.svd, folds: folds.slice(0, 1) }); // compiled before it is timed

const folder = mkdtempSync(join(tmpdir(), 'towerkit-ratings-'));
const lines = ({ users, items, ratings }: Pick<RatingFold, 'users' | 'items' | 'ratings'>) =>
  Array.from(users, (user, k) => `${user} ${items[k]} ${ratings[k]}\n`).join('');

function writeFold(fold: RatingFold, number: number): [string, string] {
  const { rows, indptr, indices, values } = fold.train;
  const users = new Int32Array(indices.length);
  for (let row = 0; row < rows; row++) users.fill(row, indptr[row], indptr[row + 1]);
  const [train, test] = [join(folder, `train-${number}`), join(folder, `test-${number}`)];
  writeFileSync(train, lines({ users, items: indices, ratings: values! }));
  writeFileSync(test, lines(fold));
  return [train, test];
}

const theirs = (name: string, files: readonly string[]): FoldResult =>
  JSON.parse(execFileSync(args.python, [args.peer, name, ...files], { encoding: 'utf8' }));

const report: object[] = [];
try {
  const files = folds.map(writeFold);
  print(`${''.padEnd(20)}${''.padEnd(11)}RMSE    MAE     fit s   test s  (means and medians of 5 folds)`);
  for (const name of chosen) {
    const results: Record<string, FoldResult[]> = { Towerkit: [], Surprise: [] };
    for (const [number, fold] of folds.entries()) {
      const { folds: own } = await crossValidate(ratings, { make: MODELS[name], folds: [fold] });
      results.Towerkit.push(own[0]);
      results.Surprise.push(theirs(name, files[number]));
    }
    for (const [who, each] of Object.entries(results)) {
      const of = (key: keyof FoldResult) => each.map((result) => result[key]);
      const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
      const row = {
        model: name,
        who,
        rmse: mean(of('rmse')),
        mae: mean(of('mae')),
        fitSeconds: median(of('fitSeconds')),
        testSeconds: median(of('testSeconds')),
      };
      report.push(row);
      const figures = [row.rmse, row.mae, row.fitSeconds, row.testSeconds];
      print(
        `${name.padEnd(20)}${who.padEnd(11)}${figures.map((value, i) => value.toFixed(i < 2 ? 4 : 3).padEnd(8)).join('')}`,
      );
    }
  }
  if (args.json !== '') writeFileSync(args.json, `${JSON.stringify(report, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
