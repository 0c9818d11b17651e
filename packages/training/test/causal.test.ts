import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Matrix, Rng } from '@towerkit/core';
import { createEngine, type Engine } from '@towerkit/engine';
import {
  gatedTower,
  gruTower,
  itemTower,
  mlpTower,
  selfAttentionTower,
  twoTower,
  zeros,
  type Tower,
} from '@towerkit/towers';
import * as tf from '@tensorflow/tfjs';

import { initialState, train } from '../src/index.js';
import { checkCausal } from '../src/step/check-causal.js';
import { parametersOf } from '../src/tables/model-state.js';
import { ringHistories } from './toy.js';

const D = 4;
const history = { kind: 'history', dimensions: D } as const;
const histories = ringHistories(30, 10);
const ages = new Matrix(30, 2, new Float32Array(60).fill(0.5));

const userTower = (name: string, apply: Tower['apply'], init: Tower['init'] = () => ({})): Tower => ({
  name,
  dimensions: D,
  inputs: { history },
  init,
  apply,
});

const item = () => itemTower({ dimensions: D });

describe.each(['onnx', 'tfjs'] as const)('the causality check on the %s engine', (kind) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createEngine({ kind, threads: 1, backend: 'cpu' });
  });
  afterAll(() => engine.dispose());

  const check = (user: Tower, maxLength = 9) => {
    const model = twoTower({ item: item(), user });
    const state = initialState(model, { histories, users: { features: { age: ages } } }, new Rng(1));
    return checkCausal(model, parametersOf(state), maxLength, engine);
  };

  test.each<[string, Tower]>([
    ['gru', gruTower({ dimensions: D, mean: false })],
    ['gru with everything', gruTower({ dimensions: D, mean: true, id: 3, features: { age: 2 } })],
    [
      'mlp',
      mlpTower({ dimensions: D, inputs: { history, age: { kind: 'feature', of: 'age', dimensions: 2 } } }),
    ],
    ['self-attention', selfAttentionTower({ dimensions: D, maxLength: 9 })],
    [
      'self-attention with everything',
      selfAttentionTower({
        ...{ dimensions: D, maxLength: 9, norm: 'after', mean: true, convolution: 3, frequencies: {} },
        ...{ id: 3, features: { age: 2 } },
      }),
    ],
    ['gated', gatedTower({ dimensions: D, inputs: { history } })],
    [
      'mlp without a history',
      mlpTower({ dimensions: D, inputs: { id: { kind: 'embedding', of: 'id', dimensions: 3 } } }),
    ],
  ])('%s passes', async (_, tower) => {
    await check(tower);
    await check(tower, 2);
    await check(tower, 1);
  });

  test('columns of content pass', async () => {
    const model = twoTower({
      item: itemTower({ dimensions: D, content: { title: 3 } }),
      user: gruTower({ dimensions: D }),
      similarity: { title: 2 },
    });
    await checkCausal(model, model.init(new Rng(1)), 9, engine);
  });

  test('a maximum over all steps is refused, with the tower and the position', async () => {
    const max = userTower('max', (_, inputs, context) =>
      context.perPosition(tf.max(inputs.history, 1) as tf.Tensor2D),
    );
    await expect(check(max)).rejects.toMatchObject({
      code: 'NOT_CAUSAL',
      message: expect.stringContaining('"max" looks ahead: its vector at position 1 of 6'),
      details: { tower: 'max', position: 1 },
      hint: expect.stringContaining('prefixMean'),
    });
  });

  test('one step ahead is refused, also where its weight starts from zero', async () => {
    const next = userTower(
      'next',
      (parameters, inputs, context) => {
        const [batch, steps, dimensions] = inputs.history.shape;
        const ahead = tf.concat(
          [
            tf.slice(inputs.history, [0, 1, 0], [batch, steps - 1, dimensions]),
            tf.zeros([batch, 1, dimensions]),
          ],
          1,
        );
        const states = tf.add(inputs.history, tf.mul(ahead, parameters.weight));
        return context.atPositions(states as tf.Tensor3D);
      },
      () => ({ weight: zeros([1]) }),
    );
    await expect(check(next)).rejects.toMatchObject({ code: 'NOT_CAUSAL', details: { position: 1 } });
  });

  test('a tower that reads the padding when it serves is refused', async () => {
    const padding = userTower('padding', (_, inputs, context) =>
      context.training
        ? context.atPositions(inputs.history as tf.Tensor3D)
        : (tf.mean(inputs.history, 1) as tf.Tensor2D),
    );
    await expect(check(padding)).rejects.toMatchObject({
      code: 'NOT_CAUSAL',
      message: expect.stringContaining('reads the padding'),
    });
  });
});

test('train refuses a tower that looks ahead', async () => {
  const user = userTower('max', (_, inputs, context) =>
    context.perPosition(tf.max(inputs.history, 1) as tf.Tensor2D),
  );
  await expect(
    train({ model: twoTower({ item: item(), user }), data: { histories }, epochs: 1, threads: 1 }),
  ).rejects.toMatchObject({ code: 'NOT_CAUSAL' });
});
