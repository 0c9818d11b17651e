import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { verifyArtifact } from '@towerkit/artifact';
import { Rng } from '@towerkit/core';
import { gruTower, itemTower, twoTower } from '@towerkit/towers';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  addItems,
  evaluateArtifact,
  trainRecommender,
  type Metrics,
  type ModelShapes,
} from '../src/index.js';
import { arraysOf, opened } from './toy.js';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'towerkit-unseen-'))));
afterAll(() => rm(folder, { recursive: true }));

/** 32 items that people have had and 8 new ones, of four kinds; each of 160 keeps to one kind, and a third then takes what is new. */
function toy() {
  const rng = new Rng(4);
  const pick = (from: number, count: number, kind: number) => `i${from + 4 * rng.integer(count / 4) + kind}`;
  const rows = Object.fromEntries(
    Array.from({ length: 160 }, (_, user) => {
      const kind = user % 4;
      const had = Array.from({ length: 5 }, () => pick(0, 32, kind));
      return [`u${user}`, [...had, user % 3 === 0 ? pick(32, 8, kind) : pick(0, 32, kind)]];
    }),
  );
  const items = Array.from({ length: 40 }, (_, item) => ({ id: `i${item}`, kind: `k${item % 4}` }));
  return { rows, items };
}

const { rows, items } = toy();
const train = (idDropout: number) =>
  trainRecommender({
    interactions: arraysOf(rows),
    items,
    features: { categories: { kind: {} } },
    model: (_: ModelShapes) =>
      twoTower({
        item: itemTower({ dimensions: 8, categories: { kind: 4 } }),
        user: gruTower({ dimensions: 8, dropout: 0 }),
        idDropout,
      }),
    ...{ negatives: [{ kind: 'uniform', count: 10 }], batchSize: 64, epochs: 4, threads: 1 },
    ...{ metrics: ['hr@5', 'ndcg@5'], repeats: 'allow', calibrateUnseen: { tolerance: 0.2 } },
  });

interface Vectors {
  readonly itemVectors: { row(item: number): Float32Array };
}

test('what nobody has had gets its bias in the artifact, and so does what comes later', async () => {
  const at = join(folder, 'toy');
  const recommender = await train(0.2);
  await recommender.save(at);
  await recommender.dispose();
  const { manifest } = await verifyArtifact(at);
  const bias = manifest.model.unseenBias as number;
  expect(bias).toBeGreaterThan(0);
  // The figures of the manifest are those of the model as it was saved.
  await opened(at, async (artifact) => {
    const { metrics } = await evaluateArtifact(artifact);
    const saved = manifest.metrics as Metrics;
    for (const name of Object.keys(saved)) expect(metrics[name].value).toBeCloseTo(saved[name].value, 5);
  });
  await writeFile(join(folder, 'new.csv'), 'id,kind\nn1,k2\n');
  await addItems({ artifact: at, items: join(folder, 'new.csv'), threads: 1 });
  await opened(at, (artifact) => {
    const { itemVectors } = artifact.model as unknown as Vectors;
    const biasOf = (id: string) => itemVectors.row(artifact.items.indexOf(id)!).at(-1);
    expect(['i32', 'i39', 'n1'].map(biasOf)).toEqual(new Array(3).fill(Math.fround(bias)));
    // Of the same kind and both without an id: the same vector.
    const [one, two] = ['n1', 'i34'].map((id) => itemVectors.row(artifact.items.indexOf(id)!));
    one.forEach((value, i) => expect(value).toBeCloseTo(two[i], 5));
    return Promise.resolve();
  });
});

test('a model that has nothing to calibrate is refused', async () => {
  await expect(train(0)).rejects.toMatchObject({
    code: 'BAD_CONFIG',
    message: expect.stringContaining('calibrateUnseen'),
  });
});
