import { beforeAll, describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';
import { createEngine, type Engine } from '@towerkit/engine';
import { gruTower, itemTower, rowContext, servingContext, twoTower } from '@towerkit/towers';
import * as tf from '@tensorflow/tfjs';

import { InlineStream } from '../src/batches/inline-stream.js';
import { BatchAssembler, initialState, stepFunction, type Batch, type BatchOptions } from '../src/index.js';
import { parametersOf } from '../src/tables/model-state.js';
import { runStep } from '../src/step/run-step.js';
import { Profile } from '../src/step/profile.js';
import { adamSettings } from '../src/index.js';
import { ringHistories } from './toy.js';

const D = 6;
const model = twoTower({
  item: itemTower({ dimensions: D }),
  user: gruTower({ dimensions: D, dropout: 0, mean: true }),
});
const histories = ringHistories(40, 25, 3, 7);
const options = {
  batchSize: 40,
  maxLength: 6,
  negatives: [{ proposal: { kind: 'uniform' }, count: 6 }],
} as const;

/**
 * The loss of a batch and its gradients without any padding: one user and one position at a time, the softmax
 * over that position's own candidates, by eager tfjs.
 */
function unpadded(batch: Batch, assembler: BatchAssembler, weights: Record<string, tf.Tensor>) {
  const { steps } = assembler.shapes[batch.bucket];
  const names = Object.keys(weights);
  const { value, grads } = tf.valueAndGrads((...values: tf.Tensor[]) => {
    const w = Object.fromEntries(names.map((name, i) => [name, values[i]]));
    const { 'item/id': id, 'item/bias': bias, ...parameters } = w;
    const items = model.itemVectors(parameters, { id, bias }, rowContext());
    const losses: tf.Tensor[] = [];
    for (let row = 0; row < batch.examples; row++) {
      const user = batch.positionUser[row];
      const length = batch.positions[row] - user * steps + 1;
      const rows = Array.from(batch.history.subarray(user * steps, user * steps + length));
      const history = tf.reshape(tf.gather(items, tf.tensor1d(rows, 'int32')), [1, length, model.dimensions]);
      const vector = model.userVectors(parameters, { history }, servingContext(tf.ones([1, length])));
      const masked = new Set<number>();
      for (let k = 0; k < batch.masked.length; k += 2)
        if (batch.masked[k] === row) masked.add(batch.masked[k + 1]);
      const columns = [...batch.logQ.keys()].filter((c) => batch.logQ[c] !== Infinity && !masked.has(c));
      const candidates = tf.gather(items, tf.tensor1d(columns, 'int32'));
      const logits = tf.sub(
        tf.reshape(tf.matMul(vector, candidates as tf.Tensor2D, false, true), [columns.length]),
        columns.map((c) => (c === batch.positives[row] ? batch.targetLogQ[row] : batch.logQ[c])),
      );
      const target = tf.gather(logits, tf.tensor1d([columns.indexOf(batch.positives[row])], 'int32'));
      losses.push(tf.sub(tf.logSumExp(logits), tf.reshape(target, [])));
    }
    return tf.mean(tf.stack(losses)) as tf.Scalar;
  })(names.map((name) => weights[name]));
  return {
    loss: value.dataSync()[0],
    gradients: Object.fromEntries(names.map((name, i) => [name, grads[i].dataSync() as Float32Array])),
  };
}

describe.each(['onnx', 'tfjs'] as const)('a step on the %s engine', (kind) => {
  let engine: Engine;
  beforeAll(async () => {
    await tf.setBackend('cpu');
    engine = await createEngine({ kind, threads: 1, backend: 'cpu' });
  });

  test.each<['drawn' | 'all', BatchOptions]>([
    ['drawn', options],
    ['all', { ...options, negatives: 'all' }],
  ])(
    'with negatives %s, padded batches give the loss and gradients of the unpadded computation',
    async (_, options) => {
      const assembler = new BatchAssembler({ histories }, options);
      const state = initialState(model, { histories }, new Rng(2));
      for (const table of Object.values(state.tables))
        table.values.forEach((_, i) => (table.values[i] = Math.sin(i)));
      const stream = new InlineStream(assembler, 1);
      stream.start(1, 0);
      let padded = 0;
      for (let batch = stream.next(); batch; batch = stream.next()) {
        const shape = { ...assembler.shapes[batch.bucket], pairs: batch.masked.length / 2 + 3 };
        if (batch.examples < shape.positions && batch.userCount < shape.batch) padded++;
        const { fn, inputs, trained, kept } = stepFunction(model, parametersOf(state), shape);
        const compiled = await engine.compile(fn, { inputs, gradient: { of: 'loss', wrt: trained } });

        const rows = Object.fromEntries(
          ['item/id', 'item/bias'].map((name) => {
            const out = new Float32Array(shape.rows * state.inputs[name].dimensions);
            state.inputs[name].gather(batch!.items, batch!.itemCount, out);
            return [name, tf.tensor2d(out, [shape.rows, state.inputs[name].dimensions])];
          }),
        );
        const weights: Record<string, tf.Tensor> = { ...rows };
        for (const [name, { table, shape }] of Object.entries(state.parameters))
          weights[name.slice('parameter/'.length)] = tf.tensor(table.values, [...shape]);
        const expected = unpadded(batch, assembler, weights);

        const seen: Record<string, Float32Array> = {};
        const spy = {
          ...compiled,
          run: async (...args: Parameters<typeof compiled.run>) => {
            const result = await compiled.run(...args);
            Object.assign(seen, result.gradients);
            return result;
          },
        };
        const update = {
          step: 1,
          learningRate: 0,
          tableLearningRate: 0,
          dense: adamSettings(),
          tables: adamSettings(),
        };
        const step = { fn, inputs, trained, kept, shape, compiled: spy };
        const loss = await runStep({
          ...{ state, step, batch, update },
          rng: new Rng(1),
          buffers: new Map(),
          profile: new Profile(),
        });
        expect(loss).toBeCloseTo(expected.loss, 4);
        for (const name of trained) {
          const want = expected.gradients[name.startsWith('item/') ? name : name.slice('parameter/'.length)];
          const largest = want.reduce((max, x) => Math.max(max, Math.abs(x)), 1e-6);
          want.forEach((x, i) => expect(Math.abs(seen[name][i] - x) / largest).toBeLessThan(1e-4));
        }
        await compiled.dispose();
      }
      expect(padded).toBeGreaterThan(0);
    },
  );
});
