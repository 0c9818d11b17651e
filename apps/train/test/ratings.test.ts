import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { lastLine, removeFolder, towerkit, workFolder } from './command.js';

const config = (settings: object) => `
import { defineConfig, itemTower, mse, sumTower, twoTower } from 'towerkit';
export default defineConfig({
  name: 'rated',
  data: {
    path: 'movies',
    dataset: {
      file: 'ratings.csv',
      columns: { user: 'user', item: 'movie', rating: 'rating' },
      catalog: {
        file: 'movies.dat', format: 'csv', header: false, delimiter: '::', encoding: 'latin-1',
        columnNames: ['movie', 'title', 'genres'], columns: { id: 'movie', title: 'title', genres: 'genres' },
      },
    },
    features: { lists: { genres: {} } },
    users: {
      file: 'users.dat', format: 'csv', header: false, delimiter: '::', columnNames: ['user', 'age'],
      features: { categories: { age: {} } },
    },
  },
  split: { kind: 'random', validation: 0.1, test: 0.1 },
  model: ({ numeric, ratings, user }) => twoTower({
    item: itemTower({ dimensions: 4, stddev: 0.1, numeric }),
    user: sumTower({
      dimensions: 4,
      inputs: { id: { kind: 'embedding', of: 'id', dimensions: 4, stddev: 0.1 }, ...user.inputs },
    }),
    userBias: true, idDropout: 0.1, userIdDropout: 0.1,
    loss: mse({ offset: ratings.mean, range: ratings.range, regularization: 0.01 }),
  }),
  batchSize: 64, optimizer: { learningRate: 0.02 }, epochs: 20, threads: 1, metrics: ['rmse', 'mae'],
  ...${JSON.stringify(settings)},
});
`;

let folder: string;
let trained: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
beforeAll(async () => {
  folder = await workFolder();
  await mkdir(join(folder, 'movies'));
  const lines = ['user,movie,rating'];
  // The young give comedies a 5 and dramas a 2, the old the other way round; a third is not rated.
  for (let user = 0; user < 60; user++)
    for (let movie = 0; movie < 20; movie++)
      if ((user * 7 + movie * 11) % 3 > 0)
        lines.push(
          `${user},${movie},${((user + movie) % 2 === 0 ? 5 : 2) - ((user * movie) % 5 === 0 ? 1 : 0)}`,
        );
  await writeFile(join(folder, 'movies/ratings.csv'), `${lines.join('\n')}\n`);
  const movies = Array.from(
    { length: 20 },
    (_, movie) => `${movie}::Café: part ${movie}::${movie % 2 === 0 ? 'comedy|short' : 'drama'}`,
  );
  await writeFile(join(folder, 'movies/movies.dat'), Buffer.from(`${movies.join('\n')}\n`, 'latin1'));
  const users = Array.from({ length: 60 }, (_, user) => `${user}::${user % 2 === 0 ? 'young' : 'old'}`);
  await writeFile(join(folder, 'movies/users.dat'), `${users.join('\n')}\n`);
  await writeFile(join(folder, 'rated.mjs'), config({}));
  trained = lastLine(await towerkit(['train', '--config', 'rated.mjs', '--json', '--refit'], folder));
});
afterAll(() => removeFolder(folder));

describe('ratings by the command', () => {
  test('train keeps the epoch of the lowest error, beside the biases alone', () => {
    const errors = trained.epochs.map(({ metrics }: typeof trained) => metrics.rmse.value);
    expect(trained.metrics.rmse.value).toBe(Math.min(...errors));
    expect(trained.metrics.rmse.value).toBeLessThan(0.5 * trained.baselines['user + item bias'].rmse.value);
  });

  test('evaluate measures the test ratings, and says no ranking', async () => {
    const { metrics, targets, groups } = lastLine(
      await towerkit(['evaluate', '--artifact', trained.artifact, '--json'], folder),
    );
    expect(targets).toBe('test');
    expect(Object.keys(metrics)).toEqual(['rmse', 'mae']);
    expect(metrics.rmse.value).toBeLessThan(1);
    expect(groups).toEqual({});
  });

  test('recommend says a rating, also to somebody known by their age alone', async () => {
    const { items } = lastLine(
      await towerkit(
        ['recommend', '--artifact', trained.artifact, '--json', '-k', '3', '--user-features', 'age=old'],
        folder,
      ),
    );
    for (const { id, title, rating } of items) {
      expect(Number(id) % 2).toBe(1);
      expect(title).toBe(`Café: part ${id}`);
      expect(rating).toBeGreaterThan(3.5);
      expect(rating).toBeLessThanOrEqual(5);
    }
  });

  test('a metric of ratings for a model of choices is refused in one line', async () => {
    await writeFile(
      join(folder, 'unrated.mjs'),
      `import config from './rated.mjs';\nexport default { ...config, name: 'unrated', model: undefined };\n`,
    );
    const { status, stderr } = await towerkit(['train', '--config', 'unrated.mjs'], folder);
    expect(status).toBe(2);
    expect(stderr).toMatch(/error NO_RATINGS: the model predicts no ratings, which "rmse" measures/);
  });
});
