import * as tf from '@tensorflow/tfjs-core';
import { defineConfig, itemTower, twoTower, type Tower } from 'towerkit';

/** A user tower of one's own: the last item, and a map of it that is learned. */
const lastItemTower = (dimensions: number): Tower => ({
  name: 'last-item',
  dimensions,
  inputs: { history: { kind: 'history', dimensions } },
  init: (rng) => ({
    kernel: {
      shape: [dimensions, dimensions],
      data: Float32Array.from({ length: dimensions * dimensions }, () => 0.3 * rng.normal()),
    },
  }),
  apply: (parameters, inputs, context) => {
    const last = context.atPositions(inputs.history as tf.Tensor3D);
    return tf.add(last, tf.matMul(last, parameters.kernel as tf.Tensor2D));
  },
});

export default defineConfig({
  name: 'my-shop',
  data: {
    dataset: {
      file: 'purchases.csv',
      columns: { user: 'customer', item: 'product', time: 'at' },
      catalog: { file: 'products.csv', columns: { id: 'product', title: 'name' } },
    },
  },
  model: () => twoTower({ item: itemTower({ dimensions: 8 }), user: lastItemTower(8) }),
  maxLength: 5,
  batchSize: 64,
  negatives: [{ kind: 'uniform', count: 16 }],
  optimizer: { learningRate: 0.02 },
  epochs: 8,
});
