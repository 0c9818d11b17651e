import { describe, expect, test } from '@jest/globals';
import { recommenderSuite } from '@towerkit/conformance';
import { CsrMatrix, Rng } from '@towerkit/core';

import { LightGcn } from '../src/index.js';

recommenderSuite('LightGcn', {
  make: () => new LightGcn({ factors: 9, epochs: 12, seed: 2, threads: 1, negatives: 2 }),
  load: LightGcn.load,
  kind: 'lightgcn',
  knowsUsers: true,
  explains: true,
});

const rng = new Rng(8);
const draw = (bound: number) => Array.from({ length: 600 }, () => rng.integer(bound));
const data = CsrMatrix.fromPairs(90, 70, draw(88), draw(68));

describe('LightGcn', () => {
  test('the same bits on any number of threads, others with another seed', async () => {
    const fit = async (threads: number, seed = 0) => {
      const model = new LightGcn({ factors: 12, epochs: 3, batchSize: 200, negatives: 3, threads, seed });
      await model.fit(data);
      return [model.userEmbeddings.data, model.itemEmbeddings.data];
    };
    expect(await fit(2)).toEqual(await fit(1));
    expect(await fit(2, 1)).not.toEqual(await fit(2));
  });

  test('a known user has the part of their own beside what their history gives', async () => {
    const model = new LightGcn({ factors: 6, epochs: 4, threads: 1 });
    await model.fit(data);
    const history = data.row(3);
    const out = new Float32Array(2 * data.cols);
    await model.score([history, history], out, [3, -1]);
    const items = model.itemEmbeddings;
    const own = model.userEmbeddings.row(3);
    for (let item = 0; item < data.cols; item++) {
      const product = items.row(item).reduce((sum, value, i) => sum + value * own[i], 0);
      expect(out[item]).toBeCloseTo(product, 5);
    }
    const difference = out.slice(0, data.cols).map((score, item) => score - out[data.cols + item]);
    expect(Math.max(...difference.map(Math.abs))).toBeGreaterThan(1e-4);
    await model.dispose();
  });

  test('reports epochs, keeps the best and stops', async () => {
    const model = new LightGcn({ factors: 4, epochs: 9, threads: 1 });
    const seen: Float32Array[] = [];
    await model.fit(data, {
      onEpoch: async ({ epoch, snapshot }) => {
        const now = await snapshot();
        seen.push(now.itemEmbeddings.data);
        await now.dispose();
        return { best: epoch < 3, stop: epoch === 4 };
      },
    });
    expect(seen).toHaveLength(4);
    expect(model.itemEmbeddings.data).toEqual(seen[1]);
    expect(seen[3]).not.toEqual(seen[1]);
  });

  test.each([
    ['factors', 0],
    ['layers', 0],
    ['epochs', 1.5],
    ['learningRate', -1],
    ['regularization', NaN],
    ['batchSize', 0],
    ['negatives', 0],
    ['loss', 'hinge'],
    ['seed', 'one'],
    ['threads', -1],
  ])('%s of %p', (name, value) => {
    expect(() => new LightGcn({ [name]: value })).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });

  test('data it cannot learn from', async () => {
    const bad = CsrMatrix.fromPairs(2, 2, [0, 1], [0, 1], [1, Infinity]);
    await expect(new LightGcn().fit(bad)).rejects.toMatchObject({ code: 'BAD_VALUE', details: { row: 1 } });
    const empty = CsrMatrix.fromPairs(2, 2, [], []);
    await expect(new LightGcn().fit(empty)).rejects.toMatchObject({ code: 'EMPTY_DATA' });
  });
});
