import { describe, expect, test } from '@jest/globals';
import { loadOnnx } from '@towerkit/engine';
import { itemTower, selfAttentionTower, servingContext, twoTower } from '@towerkit/towers';
import * as tf from '@tensorflow/tfjs';

import { exportTowers, train, type TrainOptions } from '../src/index.js';
import { parametersOf } from '../src/tables/model-state.js';
import { base, targets } from './toy.js';

const D = 8;
const MAX = 8;

const options = (user: Parameters<typeof selfAttentionTower>[0] = {}): TrainOptions => ({
  ...base,
  model: twoTower({
    item: itemTower({ dimensions: D }),
    user: selfAttentionTower({ dimensions: D, maxLength: MAX, units: 12, dropout: 0.1, ...user }),
  }),
  batches: { batchSize: 64, maxLength: MAX, negatives: 'all' },
  validation: { targets },
  earlyStopping: false,
});

describe.each<[string, Parameters<typeof selfAttentionTower>[0]]>([
  ['layer norm before', {}],
  ['a bias by distance', { relative: true }],
  ['pointwise attention', { attention: 'pointwise' }],
  [
    'layer norm after and all options',
    { norm: 'after', mean: true, convolution: 3, frequencies: { low: 3 } },
  ],
])('a self-attention tower with %s', (_, user) => {
  test('learns a ring, and is exported as it stands', async () => {
    const trained = await train({ ...options(user), epochs: 8 });
    // At random one target in twenty is first, one in two among the first ten.
    expect(trained.epochs.at(-1)!.metrics['ndcg@10'].value).toBeGreaterThan(0.6);

    const { model, state } = trained;
    const { user: bytes } = exportTowers(trained);
    const onnx = await loadOnnx(bytes, { threads: 1 });
    const { values } = state.tables['item/id'];
    const bias = state.tables['item/bias'].values;
    const histories = [[3], [4, 5, 6], [], [1, 2, 3, 4, 5, 6, 7, 8]];
    const history = new Float32Array(histories.length * MAX * (D + 1));
    const mask = new Float32Array(histories.length * MAX);
    histories.forEach((items, row) =>
      items.forEach((item, place) => {
        history.set(values.subarray(item * D, (item + 1) * D), (row * MAX + place) * (D + 1));
        history[(row * MAX + place) * (D + 1) + D] = bias[item];
        mask[row * MAX + place] = 1;
      }),
    );
    const shape = [histories.length, MAX];
    const { vectors } = await onnx.run({
      history: { shape: [...shape, D + 1], data: history },
      mask: { shape, data: mask },
    });
    await onnx.dispose();
    await tf.setBackend('cpu');
    const weights = Object.fromEntries(
      Object.entries(parametersOf(state)).map(([name, { data, shape }]) => [
        name,
        tf.tensor(data, [...shape]),
      ]),
    );
    const expected = model.userVectors(
      weights,
      { history: tf.tensor3d(history, [histories.length, MAX, D + 1]) },
      servingContext(tf.tensor2d(mask, [histories.length, MAX])),
    );
    expected.dataSync().forEach((value, i) => expect(vectors.data[i]).toBeCloseTo(value, 4));
  });
});

test('histories of training longer than the tower can read are refused', async () => {
  await expect(train({ ...options({ maxLength: 3 }), epochs: 1 })).rejects.toMatchObject({
    code: 'BAD_TOWER',
    message: expect.stringMatching(/longer than the 3/),
  });
});
