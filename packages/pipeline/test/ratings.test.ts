import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';
import { openArtifact, type OpenArtifact } from '@towerkit/recommend';
import { itemTower, mse, rated, sampledSoftmax, sumTower, twoTower } from '@towerkit/towers';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  evaluateArtifact,
  trainRecommender,
  type ModelShapes,
  type TrainedRecommender,
  type TrainRecommenderOptions,
} from '../src/index.js';

/** The young like comedies and the old do not, and some movies are better than others: ratings from 1 to 5. */
function movieRatings() {
  const rng = new Rng(3);
  const rows = { user: [] as string[], item: [] as string[], rating: [] as number[] };
  for (let user = 0; user < 60; user++)
    for (let item = 0; item < 24; item++) {
      if (rng.uniform() < 0.4) continue;
      const fits = (user % 2 === 0) === (item % 3 === 0);
      const rating = Math.round((fits ? 4.2 : 2) + (item % 5) * 0.15 + 0.4 * rng.normal());
      rows.user.push(`u${user}`);
      rows.item.push(`m${item}`);
      rows.rating.push(Math.min(5, Math.max(1, rating)));
    }
  return rows;
}
const rows = movieRatings();
const options: TrainRecommenderOptions = {
  interactions: rows,
  items: Array.from({ length: 24 }, (_, item) => ({
    id: `m${item}`,
    title: `Movie ${item}`,
    genres: item % 3 === 0 ? 'comedy|short' : 'drama',
  })),
  features: { lists: { genres: {} } },
  users: Array.from({ length: 60 }, (_, user) => ({ id: `u${user}`, age: user % 2 === 0 ? 'young' : 'old' })),
  userFeatures: { categories: { age: {} } },
  split: { kind: 'random', validation: 0.1, test: 0.1 },
  optimizer: { learningRate: 0.02 },
  batchSize: 64,
  epochs: 25,
  threads: 1,
};
const towers = ({ numeric, user }: ModelShapes) => ({
  item: itemTower({ dimensions: 4, stddev: 0.1, numeric }),
  user: sumTower({
    dimensions: 4,
    inputs: { id: { kind: 'embedding', of: 'id', dimensions: 4, stddev: 0.1 }, ...user.inputs },
  }),
});
const meanRating = rows.rating.reduce((sum, rating) => sum + rating, 0) / rows.rating.length;

describe('ratings from arrays to answers', () => {
  let folder: string;
  let recommender: TrainedRecommender;
  let artifact: OpenArtifact;
  let shapes: ModelShapes | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'towerkit-ratings-'));
    recommender = await trainRecommender({
      ...options,
      model: (given) => {
        shapes = given;
        return twoTower({
          ...towers(given),
          userBias: true,
          idDropout: 0.2,
          userIdDropout: 0.2,
          loss: mse({ offset: given.ratings.mean, range: given.ratings.range, regularization: 0.01 }),
        });
      },
      metrics: ['rmse', 'mae'],
    });
    await recommender.save(join(folder, 'movies'));
    artifact = await openArtifact(join(folder, 'movies'), { threads: 1 });
  });
  afterAll(async () => {
    await artifact.dispose();
    await recommender.dispose();
    await rm(folder, { recursive: true });
  });

  test('a config is told the mean and the range of the training ratings', () => {
    expect(shapes!.ratings.range).toEqual([1, 5]);
    expect(Math.abs(shapes!.ratings.mean - meanRating)).toBeLessThan(0.1);
  });

  test('the best epoch has the lowest RMSE, below that of the biases', () => {
    const { rmse, mae } = recommender.metrics;
    expect(mae.value).toBeLessThan(rmse.value);
    expect(rmse.value).toBeLessThan(0.8 * recommender.baselines['user + item bias'].rmse.value);
    expect(recommender.baselines.popularity).toBeUndefined();
  });

  test('the artifact has the errors of the run on its validation ratings, and measures the test ratings by itself', async () => {
    const again = await evaluateArtifact(artifact, { on: 'validation' });
    expect(again.metrics.rmse.value).toBeCloseTo(recommender.metrics.rmse.value, 4);
    expect(again.metrics.mae.value).toBeCloseTo(recommender.metrics.mae.value, 4);
    const { on, metrics, users } = await evaluateArtifact(artifact);
    expect(on).toBe('test');
    expect(Object.keys(metrics)).toEqual(['rmse', 'mae']);
    expect(metrics.rmse.users).toBe(users);
    const { test: held, histories, engine } = artifact;
    let squares = 0;
    for (let user = 0; user < held!.rows; user++)
      for (let at = held!.indptr[user]; at < held!.indptr[user + 1]; at++) {
        const known = [...histories.row(user), ...artifact.validation!.row(user)];
        const [rating] = await engine.ranker.ratings!(known, user, [held!.indices[at]]);
        squares += (rating - held!.values![at]) ** 2;
      }
    expect(metrics.rmse.value).toBeCloseTo(Math.sqrt(squares / held!.entries), 4);
  });

  test('answers say the predicted rating, within the range and in the order of the scores', async () => {
    const { items } = await artifact.recommend({ user: 'u4' }, 20);
    const ratings = items.map(({ rating }) => rating!);
    expect(ratings.every((rating) => rating >= 1 && rating <= 5)).toBe(true);
    expect([...ratings].sort((a, b) => b - a)).toEqual(ratings);
  });

  test('somebody new is rated for by their age alone', async () => {
    const young = await artifact.recommend({ features: { age: 'young' } }, 24);
    const old = await artifact.recommend({ features: { age: 'old' } }, 24);
    const ratingOf = ({ items }: typeof old, id: string) => items.find((item) => item.id === id)!.rating!;
    for (const comedy of ['m0', 'm9', 'm21'])
      expect(ratingOf(young, comedy)).toBeGreaterThan(ratingOf(old, comedy) + 0.5);
  });
});

test('ratings beside choices: rankings and ratings are measured, and answers have both', async () => {
  const recommender = await trainRecommender({
    ...options,
    model: (given) =>
      twoTower({
        ...towers(given),
        rating: { offset: given.ratings.mean, range: given.ratings.range },
        loss: rated({ loss: sampledSoftmax() }),
      }),
    metrics: ['ndcg@10', 'rmse', 'mae'],
    earlyStopping: { metric: 'rmse' },
  });
  try {
    expect(recommender.metrics.rmse.value).toBeLessThan(recommender.baselines['user + item bias'].rmse.value);
    expect(recommender.baselines.popularity['ndcg@10'].value).toBeGreaterThan(0);
    const { metrics } = await recommender.evaluate();
    expect(Object.keys(metrics)).toEqual(['ndcg@10', 'rmse', 'mae']);
    const { items } = await recommender.recommend({ user: 'u4' }, 5);
    for (const { rating } of items) expect(rating).toBeGreaterThan(1);
    const alike = await recommender.artifact.engine.similar({ item: 0, k: 3 });
    expect(alike.scores.every((score) => score <= 1.0001)).toBe(true);
  } finally {
    await recommender.dispose();
  }
});
