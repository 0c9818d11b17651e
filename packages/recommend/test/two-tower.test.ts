import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Matrix, Rng } from '@towerkit/core';
import { createEngine, loadOnnx } from '@towerkit/engine';
import { gruTower, itemTower, servingContext, rowContext, twoTower } from '@towerkit/towers';
import * as tf from '@tensorflow/tfjs';
import { appendFile, cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type * as OrtWeb from 'onnxruntime-web';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  computeItemVectors,
  exportTowers,
  train,
  twoTowerFacts,
  writeTwoTowerFiles,
  type TrainResult,
} from '@towerkit/training';
import { verifyArtifact, writeArtifact, type ArtifactFacts } from '@towerkit/artifact';

import { TwoTowerRecommender } from '../src/index.js';
import { holdOut, ringHistories } from '../../training/test/toy.js';

const D = 8;
const STEPS = 6;
const { train: histories } = holdOut(ringHistories(100, 20));
const items = {
  categories: { parity: { codes: Int32Array.from({ length: 20 }, (_, i) => i % 2), size: 2 } },
  features: {
    title: new Matrix(
      20,
      5,
      Float32Array.from({ length: 100 }, (_, i) => Math.sin(i)),
    ),
  },
};

let trained: TrainResult;
let vectors: Matrix;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-artifact-'));
  const model = twoTower({
    item: itemTower({ dimensions: D, categories: { parity: 3 }, content: { title: 5 } }),
    user: gruTower({ dimensions: D, mean: true, id: 4 }),
  });
  trained = await train({
    model,
    data: { histories, items },
    epochs: 2,
    threads: 1,
    batches: { positions: 64, maxLength: STEPS, negatives: [{ proposal: { kind: 'uniform' }, count: 10 }] },
  });
  const engine = await createEngine({ threads: 1 });
  vectors = await computeItemVectors(trained.model, trained.state, 20, engine);
  await engine.dispose();
});
afterAll(() => rm(folder, { recursive: true }));

/** A batch of random inputs for the user tower, and what the trainer's own function answers in eager tfjs. */
function userCase(batch: number) {
  const rng = new Rng(batch);
  const history = new Float32Array(batch * STEPS * (D + 1));
  const mask = new Float32Array(batch * STEPS);
  for (let b = 0; b < batch; b++) {
    const length = 1 + rng.integer(STEPS);
    for (let t = 0; t < length; t++) {
      mask[b * STEPS + t] = 1;
      history.set(vectors.row(rng.integer(20)), (b * STEPS + t) * (D + 1));
    }
  }
  const id = Float32Array.from({ length: batch * 4 }, () => rng.normal());
  const expected = trained.model.userVectors(
    parameters(),
    { history: tf.tensor3d(history, [batch, STEPS, D + 1]), id: tf.tensor2d(id, [batch, 4]) },
    servingContext(tf.tensor2d(mask, [batch, STEPS])),
  );
  return {
    feeds: {
      history: { data: history, shape: [batch, STEPS, D + 1] },
      mask: { data: mask, shape: [batch, STEPS] },
      id: { data: id, shape: [batch, 4] },
    },
    expected: expected.dataSync(),
  };
}

function itemCase(batch: number) {
  const rng = new Rng(batch);
  const widths = { id: D, bias: 1, parity: 3, title: 5 };
  const data = Object.fromEntries(
    Object.entries(widths).map(([name, dimensions]) => [
      name,
      Float32Array.from({ length: batch * dimensions }, () => rng.normal()),
    ]),
  );
  const tensors = Object.fromEntries(
    Object.entries(widths).map(([name, dimensions]) => [name, tf.tensor2d(data[name], [batch, dimensions])]),
  );
  return {
    feeds: Object.fromEntries(
      Object.entries(widths).map(([name, dimensions]) => [
        name,
        { data: data[name], shape: [batch, dimensions] },
      ]),
    ),
    expected: trained.model.itemVectors(parameters(), tensors, rowContext()).dataSync(),
  };
}

const parameters = () =>
  Object.fromEntries(
    Object.entries(trained.state.parameters).map(([name, { table, shape }]) => [
      name.slice('parameter/'.length),
      tf.tensor(table.values, [...shape]),
    ]),
  );

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>) {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expect(Math.abs(actual[i] - expected[i])).toBeLessThan(1e-5);
}

describe('exported towers', () => {
  beforeAll(() => tf.setBackend('cpu'));

  test.each([1, 7])('answer as the trainer does, batch %i, in onnxruntime-node', async (batch) => {
    const { user, item } = exportTowers(trained);
    for (const [bytes, { feeds, expected }] of [
      [user, userCase(batch)],
      [item, itemCase(batch)],
    ] as const) {
      const model = await loadOnnx(bytes, { threads: 1 });
      const { vectors } = await model.run(feeds);
      expectClose(vectors.data, expected);
      await model.dispose();
    }
  });

  test.each([1, 7])('answer as the trainer does, batch %i, in onnxruntime-web', async (batch) => {
    const ort = createRequire(import.meta.url)('onnxruntime-web') as typeof OrtWeb;
    ort.env.wasm.numThreads = 1;
    const { user, item } = exportTowers(trained);
    for (const [bytes, { feeds, expected }] of [
      [user, userCase(batch)],
      [item, itemCase(batch)],
    ] as const) {
      const session = await ort.InferenceSession.create(bytes);
      const tensors = Object.fromEntries(
        Object.entries(feeds as Record<string, { data: Float32Array; shape: number[] }>).map(
          ([name, { data, shape }]) => [name, new ort.Tensor('float32', data, shape)],
        ),
      );
      const { vectors } = await session.run(tensors);
      expectClose(vectors.data as Float32Array, expected);
    }
  });
});

describe('artifacts', () => {
  const facts = (): ArtifactFacts => ({
    kind: 'two-tower',
    name: 'toy',
    recipe: { seed: 1 },
    dataset: {
      name: 'ring',
      fingerprint: 'f',
      users: histories.rows,
      items: 20,
      interactions: histories.entries,
    },
    packages: {},
    metrics: {},
    baselines: {},
    model: twoTowerFacts(trained),
  });
  const write = (name: string) =>
    writeArtifact(join(folder, name), facts(), (fresh) => writeTwoTowerFiles(fresh, trained, vectors));

  test('read back, they recommend what the towers say', async () => {
    await write('good');
    const recommender = await TwoTowerRecommender.load(join(folder, 'good'), { threads: 1 });
    const users = [3, 8, -1];
    const given = [histories.row(3), histories.row(8), [4, 5]];
    const scores = new Float32Array(3 * 20);
    await recommender.score(given, scores, users);
    const vectorsOfUsers = await recommender.userVectors(given, users);
    for (let u = 0; u < 3; u++)
      for (let i = 0; i < 20; i++) {
        const dot = vectors.row(i).reduce((sum, x, d) => sum + x * vectorsOfUsers.row(u)[d], 0);
        expect(scores[u * 20 + i]).toBeCloseTo(dot, 4);
      }
    const [first] = await recommender.recommend(given, 5, users);
    expect(first.items.length).toBe(5);
    for (const item of first.items) expect([...given[0]]).not.toContain(item);
    expect([...first.scores]).toEqual([...first.scores].sort((a, b) => b - a));
    await recommender.dispose();
  });

  test('a failed write leaves the old one and nothing else', async () => {
    await write('kept');
    const before = await readFile(join(folder, 'kept', 'manifest.json'), 'utf8');
    await expect(
      writeArtifact(join(folder, 'kept'), facts(), async (fresh) => {
        await writeFile(join(fresh, 'half'), 'x');
        throw new Error('disk on fire');
      }),
    ).rejects.toThrow('disk on fire');
    expect(await readFile(join(folder, 'kept', 'manifest.json'), 'utf8')).toBe(before);
    expect((await readdir(folder)).filter((name) => name.includes('kept'))).toEqual(['kept']);
  });

  const damages: [string, (path: string) => Promise<unknown>, RegExp][] = [
    [
      'a truncated file',
      (path) => truncate(join(path, 'item_vectors.safetensors'), 100),
      /item_vectors.*100 bytes/,
    ],
    ['a missing file', (path) => rm(join(path, 'user_tower.onnx')), /user_tower.onnx is missing/],
    [
      'a changed byte',
      async (path) => {
        const bytes = await readFile(join(path, 'weights.safetensors'));
        bytes[bytes.length - 1] ^= 1;
        await writeFile(join(path, 'weights.safetensors'), bytes);
      },
      /checksum/,
    ],
    ['half a manifest', (path) => truncate(join(path, 'manifest.json'), 50), /not JSON/],
    [
      'another layout',
      (path) => writeFile(join(path, 'manifest.json'), '{"schemaVersion": 99}'),
      /version 99/,
    ],
    [
      'a manifest of the wrong types',
      (path) => writeFile(join(path, 'manifest.json'), '{"schemaVersion": 2}'),
      /kind/,
    ],
    ['junk behind the manifest', (path) => appendFile(join(path, 'manifest.json'), 'junk'), /not JSON/],
  ];
  test.each(damages)('%s is told', async (_, damage, message) => {
    const path = join(folder, 'damaged');
    await rm(path, { recursive: true, force: true });
    await write('source');
    await cp(join(folder, 'source'), path, { recursive: true });
    await damage(path);
    const error = await TwoTowerRecommender.load(path).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: 'BAD_ARTIFACT', message: expect.stringMatching(message) });
  });

  test('no artifact, and one of another kind', async () => {
    await expect(verifyArtifact(join(folder, 'nowhere'))).rejects.toMatchObject({
      code: 'ARTIFACT_NOT_FOUND',
    });
    await write('kind');
    await expect(verifyArtifact(join(folder, 'kind'), 'als')).rejects.toMatchObject({ code: 'BAD_ARTIFACT' });
  });
});
