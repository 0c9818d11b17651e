import { describe, expect, test } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';

import {
  defineTower,
  glorotUniform,
  itemTower,
  prefixMean,
  twoTower,
  zeros,
  type Tower,
} from '../src/index.js';

/** The example of the documentation: no cast. */
const meanTower = (dimensions: number) =>
  defineTower({
    name: 'mean',
    dimensions,
    inputs: { history: { kind: 'history', dimensions } },
    init: (rng) => ({ kernel: glorotUniform([dimensions, dimensions], rng) }),
    apply: (parameters, inputs, context) => tf.matMul(prefixMean(inputs.history, context), parameters.kernel),
  });

describe('the types of a tower', () => {
  test('inputs and weights are known by name and rank', () => {
    defineTower({
      name: 'typed',
      dimensions: 4,
      inputs: {
        history: { kind: 'history', dimensions: 4 },
        age: { kind: 'feature', of: 'age', dimensions: 1 },
      },
      init: () => ({ kernel: zeros([1, 4]), bias: zeros([4]) }),
      apply(parameters, inputs, context) {
        const history: tf.Tensor3D = inputs.history;
        const age: tf.Tensor2D = inputs.age;
        const kernel: tf.Tensor2D = parameters.kernel;
        const bias: tf.Tensor1D = parameters.bias;
        // @ts-expect-error a kernel has two axes
        const wrong: tf.Tensor1D = parameters.kernel;
        // @ts-expect-error there is no such weight
        void parameters.kernal;
        // @ts-expect-error there is no such input
        void inputs.histroy;
        void wrong;
        return tf.add(
          tf.add(context.atPositions(history), tf.matMul(context.perPosition(age), kernel)),
          bias,
        );
      },
    });
  });

  test('a typed tower goes wherever a tower goes', () => {
    const user = meanTower(4);
    const any: Tower = user;
    const model = twoTower({ item: itemTower({ dimensions: 4 }), user });
    expect(model.user).toBe(any);
  });

  test('the size of a vocabulary is not the width of an embedding', () => {
    const shapes = { categories: { brand: { size: 20_000 } } };
    const refused = expect.objectContaining({
      code: 'BAD_TOWER',
      hint: expect.stringContaining('{ brand: 16 }'),
    });
    // @ts-expect-error sizes are no widths
    expect(() => itemTower({ categories: shapes.categories })).toThrow(refused);
    expect(() => itemTower({ categories: { brand: 0 } })).toThrow(refused);
    expect(() => itemTower({ numeric: { price: 1.5 } })).toThrow(
      expect.objectContaining({ code: 'BAD_TOWER' }),
    );
    expect(() => itemTower({ categories: { brand: 16 } })).not.toThrow();
  });
});
