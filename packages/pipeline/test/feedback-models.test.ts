import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Als } from '@towerkit/als';
import type { CsrMatrix } from '@towerkit/core';
import { createEngine } from '@towerkit/engine';
import { dislikes, gruTower, itemTower, sampledSoftmax, twoTower } from '@towerkit/towers';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { trainBaseline, trainRecommender, trainTwoTower } from '../src/index.js';
import { configOf, kinds, MANY, prepared } from './feedback-toy.js';
import { opened } from './toy.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-feedback-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('models', () => {
  const weights = { transform: 'log1p' as const, cap: 3 };
  const config = configOf(
    { kinds, weights },
    { baselines: { als: { factors: 5, alpha: 7, regularization: 0.3, iterations: 3 } } },
  );

  test('ALS has the weights for confidences: its users solve the dense equations with them', async () => {
    const made = await prepared(MANY, config);
    const { model } = await trainBaseline('als', made, config);
    const { userFactors, itemFactors: items } = model as Als;
    const { interactions } = made.feedback!.learning;
    // By name and number, from the text: views weigh half, purchases the logarithm of 1 + the number, at most 3 of them.
    const raw = new Map<string, number>();
    const { log, split } = made;
    for (const row of split.rows!.train) {
      const of = log.kind!.names[log.kind!.codes[row]] === 'view' ? 0.5 : 1;
      const weight = of * Math.log(1 + Math.min(log.weight![row], 3));
      const pair = `${log.user[row]} ${log.item[row]}`;
      raw.set(pair, (raw.get(pair) ?? 0) + weight);
    }
    const mean = [...raw.values()].reduce((a, b) => a + b, 0) / interactions.entries;
    for (let user = 0; user < log.users.size; user++) {
      const x = userFactors.row(user);
      // The gradient of the loss over every item, dense: 0 at the solution.
      const gradient = Float64Array.from(x, (value) => 0.3 * value);
      let size = 0;
      for (let item = 0; item < log.items.size; item++) {
        const y = items.row(item);
        const confidence = 1 + (7 * (raw.get(`${user} ${item}`) ?? 0)) / mean;
        const error = x.reduce((sum, value, f) => sum + value * y[f], 0) - (confidence > 1 ? 1 : 0);
        y.forEach((value, f) => (gradient[f] += confidence * error * value));
        size += confidence * Math.hypot(...y);
      }
      expect(Math.hypot(...gradient) / size).toBeLessThan(1e-5);
    }
    await model.dispose?.();
  });

  test('towers get weights, examples after views, and dislikes for a loss that learns from them', async () => {
    const made = await prepared(MANY, config);
    const engine = await createEngine({ threads: 1 });
    try {
      const model = twoTower({
        item: itemTower({ dimensions: 4 }),
        user: gruTower({ dimensions: 4 }),
        loss: dislikes({ loss: sampledSoftmax() }),
      });
      const quick = { ...config, epochs: 1, negatives: [{ kind: 'uniform' as const, count: 5 }] };
      const trained = await trainTwoTower(made, { config: quick, model, engine, refit: true });
      if (trained.interrupted) throw new Error('it was not stopped');
      const { data } = trained.fitted;
      const { learning } = made.feedback!;
      expect(data.disliked).toEqual(learning.disliked);
      expect(data.disliked!.entries).toBeGreaterThan(100);
      expect(data.examples).toEqual(learning.examples);
      expect(new Set(data.examples!.weights).size).toBeGreaterThan(2);
      expect(data.histories).toEqual(learning.histories);
      const path = join(folder, 'tower');
      await trained.save(path);
      await opened(path, async (artifact) => {
        expect(artifact.validation).toBeUndefined();
        const { train, validation } = made.feedback!.parts;
        const leftOut = (user: number, ...parts: readonly { taken: CsrMatrix; disliked: CsrMatrix }[]) =>
          new Set(parts.flatMap(({ taken, disliked }) => [...taken.row(user), ...disliked.row(user)]));
        for (const user of [0, 7, 59]) {
          expect(leftOut(user, artifact.feedback!.train)).toEqual(leftOut(user, train, validation!));
          const { items } = await artifact.recommend({ user: `u${user}` }, 20);
          const out = leftOut(user, train, validation!, made.feedback!.parts.test!);
          expect(items.map(({ id }) => id).sort()).toEqual(
            made.log.items.names.filter((_, item) => !out.has(item)).sort(),
          );
        }
      });
    } finally {
      await engine.dispose();
    }
  });

  test('trainRecommender takes kinds, dislikes and weights, of arrays too', async () => {
    const counted = MANY.user.flatMap((_, row) => (MANY.kind![row] === 'view' ? [] : row));
    const pick = <T>(values: ArrayLike<T>) => counted.map((row) => values[row]);
    const recommender = await trainRecommender({
      interactions: {
        ...{ user: pick(MANY.user), item: pick(MANY.item), time: pick(MANY.time!) },
        rating: pick(MANY.kind!).map((kind) => (kind === 'hide' ? 1 : 5)),
      },
      dislikes: { below: 1 },
      weights: { halfLife: 0.002 },
      ...{ epochs: 1, threads: 1, metrics: ['hr@3'] },
    });
    try {
      const { items } = await recommender.recommend({ user: 'u0' }, 20);
      const hidden = new Set(
        MANY.item.filter((_, row) => MANY.user[row] === 'u0' && MANY.kind![row] !== 'view'),
      );
      expect(items).toHaveLength(20 - hidden.size);
      expect(items.filter(({ id }) => hidden.has(id))).toEqual([]);
      expect((await recommender.evaluate()).metrics['hr@3'].value).toBeCloseTo(
        recommender.metrics['hr@3'].value,
        6,
      );
    } finally {
      await recommender.dispose();
    }
  });
});
