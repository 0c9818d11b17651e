import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isTowerkitError, Matrix, Rng } from '@towerkit/core';
import { createEngine, type Engine } from '@towerkit/engine';
import { dotHead, fusionHead, mlpTower, pairModel, rowContext, type PairHead } from '@towerkit/towers';
import * as tf from '@tensorflow/tfjs';

import { exportPairs, indexedRows, numberRows, pairTask, trainRows } from '@towerkit/training';

import { PairScorer } from '../src/index.js';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 1 });
});
afterAll(() => engine.dispose());

const feature = (of: string, dimensions: number) => ({ kind: 'feature', of, dimensions }) as const;
const modelWith = (head: PairHead) =>
  pairModel({
    user: mlpTower({
      dimensions: 8,
      hidden: [16],
      activation: 'elu',
      inputs: { taste: feature('taste', 3) },
    }),
    item: mlpTower({ dimensions: 8, hidden: [16], activation: 'elu', inputs: { kind: feature('kind', 3) } }),
    head,
  });

const random = (rows: number, cols: number, seed: number) => {
  const rng = new Rng(seed);
  return new Matrix(
    rows,
    cols,
    Float32Array.from({ length: rows * cols }, () => rng.normal()),
  );
};

/** People rate things by how well they match. */
function ratings(count: number) {
  const [taste, kind] = [random(count, 3, 1), random(count, 3, 2)];
  const rating = Array.from({ length: count }, (_, row) =>
    taste.row(row).reduce((sum, value, c) => sum + value * kind.row(row)[c], 3),
  );
  return { taste, kind, rating };
}

test.each([
  ['fusion', fusionHead({ outputs: ['rating', 'choice'], hidden: [16, 8], dropout: 0 })],
  ['dot', dotHead({ outputs: ['rating', 'choice'] })],
])('a %s model learns ratings and choices, and its export says the same', async (_, head) => {
  const model = modelWith(head);
  const { taste, kind, rating } = ratings(400);
  const mean = 3;
  const chosen = rating.map((value) => (value > mean ? 1 : 0));
  const one = new Array<number>(400).fill(1);
  const { parameters, epochs } = await trainRows({
    task: pairTask(model),
    rows: {
      count: 400,
      inputs: {
        'user/taste': indexedRows(taste),
        'item/kind': indexedRows(kind),
        rating: numberRows(rating),
        rated: numberRows(one),
        offset: numberRows(one.map(() => mean)),
        chosen: numberRows(chosen),
      },
    },
    epochs: 40,
    optimizer: { learningRate: 0.01 },
    engine,
  });
  expect(epochs[39].loss).toBeLessThan(0.3 * epochs[0].loss);

  const scorer = await PairScorer.open(exportPairs(model, parameters), { threads: 1 });
  try {
    const [people, things] = [random(7, 3, 5), random(11, 3, 6)];
    await expect(scorer.score(new Matrix(1, 8))).rejects.toMatchObject({ code: 'NO_ITEMS' });
    await scorer.setItems({ kind: things });
    const said = await scorer.score(await scorer.userVectors({ taste: people }));
    const weights = Object.fromEntries(
      Object.entries(parameters).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
    );
    const users = model.userVectors(weights, { taste: tf.tensor2d(people.data, [7, 3]) }, rowContext());
    const items = model.itemVectors(weights, { kind: tf.tensor2d(things.data, [11, 3]) }, rowContext());
    const wanted = model.cross(weights, users, model.prepare(weights, items));
    for (const name of ['rating', 'choice']) {
      const expected = wanted[name].dataSync();
      const largest = Math.max(...expected.map(Math.abs));
      said[name].forEach((value, at) =>
        expect(Math.abs(value - expected[at])).toBeLessThan(1e-5 * Math.max(1, largest)),
      );
    }
    const some = await scorer.score(await scorer.userVectors({ taste: people }), [10, 3]);
    expect(some.rating[2]).toBeCloseTo(said.rating[11 + 10], 5);
    expect(some.rating[3]).toBeCloseTo(said.rating[11 + 3], 5);
    await expect(scorer.score(new Matrix(1, 8), [11])).rejects.toMatchObject({ code: 'OUT_OF_RANGE' });
    expect((await scorer.score(new Matrix(2, 8), [])).rating).toHaveLength(0);
  } finally {
    await scorer.dispose();
  }
});

test('what weighs nothing teaches nothing: a rating that does not count may be anything', async () => {
  const model = modelWith(fusionHead());
  const { taste, kind, rating } = ratings(40);
  const fit = (others: number) =>
    trainRows({
      task: pairTask(model),
      rows: {
        count: 40,
        inputs: {
          'user/taste': indexedRows(taste),
          'item/kind': indexedRows(kind),
          rating: numberRows(rating.map((value, row) => (row % 2 ? value : others))),
          rated: numberRows(rating.map((_, row) => row % 2)),
          offset: numberRows(rating.map(() => 0)),
        },
      },
      epochs: 2,
      engine,
    });
  const [a, b] = [await fit(0), await fit(100)];
  expect(a.parameters['head.out.kernel'].data).toEqual(b.parameters['head.out.kernel'].data);
});

test('an output without a loss is refused', () => {
  let error: unknown;
  try {
    pairTask(modelWith(fusionHead({ outputs: ['mood'] })));
  } catch (thrown) {
    error = thrown;
  }
  expect(isTowerkitError(error, 'BAD_TOWER')).toBe(true);
});
