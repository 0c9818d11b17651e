import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createEngine } from '@towerkit/engine';
import { itemTower, mse, sumTower, twoTower } from '@towerkit/towers';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  checkConfig,
  evaluateArtifact,
  prepare,
  shapesOf,
  trainBaseline,
  trainRecommender,
  trainTwoTower,
  type ModelShapes,
} from '../src/index.js';
import { opened } from './toy.js';

/** Forty people look at things and rate others: what is rated even is liked; views have no rating. */
function viewsAndRatings() {
  const rows = Array.from({ length: 40 }, (_, user) =>
    Array.from({ length: 10 }, (_, step) => ({ user, item: (user + step * 3) % 20, step })),
  ).flat();
  return {
    user: rows.map(({ user }) => `u${user}`),
    item: rows.map(({ item }) => `i${item}`),
    time: rows.map(({ step }) => step * 3600),
    kind: rows.map(({ step }) => (step % 3 === 1 ? 'view' : 'rate')),
    rating: rows.map(({ item, step }) => (step % 3 === 1 ? NaN : item % 2 === 0 ? 4 + (item % 3) / 2 : 2)),
  };
}
const interactions = viewsAndRatings();
const towers = ({ ratings, moment }: ModelShapes) =>
  twoTower({
    item: itemTower({ dimensions: 4, stddev: 0.1 }),
    user: sumTower({
      dimensions: 4,
      inputs: { id: { kind: 'embedding', of: 'id', dimensions: 4, stddev: 0.1 }, ...moment.inputs },
    }),
    userBias: true,
    loss: mse({ offset: ratings.mean, range: ratings.range }),
  });
const settings = {
  ...{ model: towers, batchSize: 64, epochs: 4, threads: 1 },
  optimizer: { learningRate: 0.02 },
  split: { kind: 'leave-last-out' as const },
  metrics: ['rmse' as const, 'mae' as const],
};

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'towerkit-rated-'))));
afterAll(() => rm(folder, { recursive: true }));

describe('ratings beside rows of other kinds, which have none', () => {
  const file = () => join(folder, 'rows.csv');
  const data = {
    dataset: {
      file: 'rows.csv',
      columns: { user: 'user', item: 'item', time: 'time', kind: 'kind', rating: 'rating' },
    },
    kinds: { view: { target: false }, rate: {} },
  };
  const ready = async () => {
    const lines = interactions.user.map((user, row) => {
      const { item, time, kind, rating } = interactions;
      return [user, item[row], time[row], kind[row], Number.isNaN(rating[row]) ? '' : rating[row]].join(',');
    });
    await writeFile(file(), ['user,item,time,kind,rating', ...lines, ''].join('\n'));
    const config = checkConfig({ name: 'rated', ...settings, data });
    const source = { name: 'rated', interactions: { file: 'rows.csv', columns: data.dataset.columns } };
    return { config, prepared: await prepare({ name: 'rated', folder, source }, config) };
  };
  const known = interactions.rating.filter((rating, row) => !Number.isNaN(rating) && row % 10 !== 9);
  const mean = known.reduce((sum, rating) => sum + rating, 0) / known.length;

  test('the shapes of a model are those of the ratings there are', async () => {
    const { prepared } = await ready();
    const { ratings } = shapesOf(prepared);
    expect(ratings.mean).toBeCloseTo(mean, 6);
    expect(ratings.range).toEqual([2, 5]);
  });

  test('a baseline of ratings learns from them, and its artifact measures what its training did', async () => {
    const { config, prepared } = await ready();
    const trained = await trainBaseline('svd', prepared, config);
    const at = join(folder, 'svd');
    await trained.save(at);
    await opened(at, async (artifact) => {
      expect(artifact.manifest.model.meanRating).toBeCloseTo(mean, 6);
      const { metrics } = await evaluateArtifact(artifact);
      expect(Object.keys(metrics)).toEqual(['rmse', 'mae']);
      expect(metrics.rmse.value).toBeCloseTo(trained.ratings!.rmse.value, 6);
      expect(metrics.mae.users).toBe(40);
    });
    expect(trained.baselines['user + item bias'].rmse.users).toBe(40);
  });

  test('a tower is told from biases that learned from the same, and its artifact measures the same', async () => {
    const { config, prepared } = await ready();
    const engine = await createEngine({ threads: 1 });
    try {
      const model = towers(shapesOf(prepared));
      const trained = await trainTwoTower(prepared, { config, model, engine });
      if (trained.interrupted) throw new Error('it was not to be');
      const at = join(folder, 'tower');
      await trained.save(at);
      await opened(at, async (artifact) => {
        expect(artifact.manifest.model.meanRating).toBeCloseTo(mean, 6);
        const { metrics } = await evaluateArtifact(artifact);
        expect(metrics.rmse.value).toBeCloseTo(trained.metrics.rmse.value, 5);
      });
      expect(trained.baselines['user + item bias'].rmse.users).toBe(40);
    } finally {
      await engine.dispose();
    }
  });
});

test('ratings are measured at moments of which nothing is known, in training as of the artifact', async () => {
  const rated = interactions.kind.flatMap((kind, row) => (kind === 'rate' ? row : []));
  const pick = <T>(values: readonly T[]) => rated.map((row) => values[row]);
  const { user, item, time, rating } = interactions;
  const recommender = await trainRecommender({
    ...settings,
    interactions: { user: pick(user), item: pick(item), time: pick(time), rating: pick(rating) },
    moment: { time: ['hour'] },
  });
  try {
    const { metrics, users, unknownMoment } = await recommender.evaluate();
    expect([users, unknownMoment]).toEqual([40, ['hour']]);
    expect(metrics.rmse.value).toBeCloseTo(recommender.metrics.rmse.value, 5);
    const { artifact } = recommender;
    const { ranker } = artifact.engine;
    let squares = 0;
    for (let id = 0; id < 40; id++) {
      const [wanted] = artifact.validation!.row(id);
      const at = artifact.validation!.indptr[id];
      const [predicted] = await ranker.ratings!(Array.from(artifact.histories.row(id)), id, [wanted]);
      squares += (predicted - artifact.validation!.values![at]) ** 2;
    }
    expect(metrics.rmse.value).toBeCloseTo(Math.sqrt(squares / 40), 5);
  } finally {
    await recommender.dispose();
  }
});
