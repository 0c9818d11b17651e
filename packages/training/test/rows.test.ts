import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CsrMatrix, isTowerkitError, Matrix, Rng } from '@towerkit/core';
import { createEngine, type Engine } from '@towerkit/engine';
import { zeros } from '@towerkit/towers';
import * as tf from '@tensorflow/tfjs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  indexedRows,
  numberRows,
  setRows,
  trainRows,
  type Rows,
  type RowTask,
  type TrainRowsOptions,
} from '../src/index.js';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 1 });
});
afterAll(() => engine.dispose());

/** y = 2 a - b + .5 */
const line: RowTask = {
  inputs: { x: 2, y: 1 },
  init: () => ({ w: zeros([2, 1]), b: zeros([1]) }),
  loss: ({ w, b }, { x, y }) =>
    tf.sum(
      tf.squaredDifference(tf.add(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D), b), y),
      1,
    ) as tf.Tensor1D,
};

function points(count: number): Rows {
  const rng = new Rng(3);
  const x = new Matrix(
    count,
    2,
    Float32Array.from({ length: 2 * count }, () => rng.normal()),
  );
  const y = Array.from({ length: count }, (_, row) => 2 * x.row(row)[0] - x.row(row)[1] + 0.5);
  return { count, inputs: { x: indexedRows(x), y: numberRows(y) } };
}

const train = (options: Partial<TrainRowsOptions>) =>
  trainRows({
    task: line,
    rows: points(70),
    batchSize: 16,
    epochs: 40,
    optimizer: { learningRate: 0.05 },
    engine,
    ...options,
  });

describe('trainRows', () => {
  test('finds a line, with a last batch that is not full', async () => {
    const { parameters, epochs } = await train({});
    expect(parameters.w.data[0]).toBeCloseTo(2, 2);
    expect(parameters.w.data[1]).toBeCloseTo(-1, 2);
    expect(parameters.b.data[0]).toBeCloseTo(0.5, 2);
    expect(epochs).toHaveLength(40);
    expect(epochs[39].loss).toBeLessThan(epochs[0].loss);
  });

  test('one padded batch steps as the rows alone would', async () => {
    const one = {
      rows: points(5),
      epochs: 1,
      optimizer: { learningRate: 0.1, schedule: 'constant' as const },
    };
    const [padded, exact] = [await train({ ...one, batchSize: 16 }), await train({ ...one, batchSize: 5 })];
    padded.parameters.w.data.forEach((value, i) => expect(value).toBeCloseTo(exact.parameters.w.data[i], 6));
    expect(padded.epochs[0].loss).toBeCloseTo(exact.epochs[0].loss, 5);
  });

  test('the same seed gives the same weights, another seed others', async () => {
    const [a, b, c] = [await train({ seed: 5 }), await train({ seed: 5 }), await train({ seed: 6 })];
    expect(a.parameters.w.data).toEqual(b.parameters.w.data);
    expect(a.parameters.w.data).not.toEqual(c.parameters.w.data);
  });

  test('an interrupted run that is resumed ends with the weights of one that was not', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'towerkit-rows-'));
    try {
      const whole = await train({ epochs: 6 });
      const controller = new AbortController();
      const stopped = await train({
        epochs: 6,
        checkpoint: { folder },
        signal: controller.signal,
        onEpochEnd: ({ epoch }) => epoch === 3 && controller.abort(),
      });
      expect(stopped.interrupted).toBe(true);
      expect(stopped.epochs).toHaveLength(3);
      const resumed = await train({ epochs: 6, checkpoint: { folder, resume: true } });
      expect(resumed.parameters.w.data).toEqual(whole.parameters.w.data);
      expect(resumed.epochs.map(({ loss }) => loss)).toEqual(whole.epochs.map(({ loss }) => loss));
      const other = train({ epochs: 7, checkpoint: { folder, resume: true } });
      expect(isTowerkitError(await other.catch((error: unknown) => error), 'OTHER_RUN')).toBe(true);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('keeps the best epoch by what validation says, and stops after it', async () => {
    const seen: number[] = [];
    const { parameters, epochs, best } = await train({
      validate: ({ w }, epoch) => {
        seen.push(w.data[0]);
        return [3, 1, 2, 2][epoch - 1] ?? 0;
      },
    });
    expect(epochs).toHaveLength(4);
    expect(best).toEqual({ epoch: 2, value: 1 });
    expect(parameters.w.data[0]).toBe(seen[1]);
  });

  test('asks for the rows of each epoch', async () => {
    const asked: number[] = [];
    await train({
      epochs: 3,
      rows: (epoch) => {
        asked.push(epoch);
        return points(20);
      },
    });
    expect(new Set(asked)).toEqual(new Set([1, 2, 3]));
  });

  test.each<[string, string, Partial<TrainRowsOptions>]>([
    ['no rows', 'EMPTY_DATA', { rows: { ...points(2), count: 0 } }],
    ['an input that is missing', 'SHAPE_MISMATCH', { rows: { count: 2, inputs: {} } }],
    ['an input of another width', 'SHAPE_MISMATCH', { task: { ...line, inputs: { x: 3, y: 1 } } }],
    ['no batch', 'BAD_OPTION', { batchSize: 0 }],
    ['no epoch', 'BAD_OPTION', { epochs: 1.5 }],
    [
      'a loss that is not finite',
      'LOSS_NOT_FINITE',
      { rows: { count: 2, inputs: { ...points(2).inputs, y: numberRows([NaN, 1]) } } },
    ],
  ])('%s is an error', async (_, code, options) => {
    expect(isTowerkitError(await train(options).catch((error: unknown) => error), code)).toBe(true);
  });
});

describe('inputs', () => {
  const matrix = new Matrix(3, 2, Float32Array.of(1, 2, 3, 4, 5, 6));

  test('rows of a matrix through an index', () => {
    const out = new Float32Array(4);
    indexedRows(matrix, Int32Array.of(2, 2, 0)).gather(Int32Array.of(2, 1), 2, out);
    expect([...out]).toEqual([1, 2, 5, 6]);
    expect(() => indexedRows(matrix, Int32Array.of(3))).toThrow(
      expect.objectContaining({ code: 'OUT_OF_RANGE' }),
    );
  });

  test('the last of a set, and which places are taken', () => {
    const lists = new CsrMatrix(2, 3, Int32Array.of(0, 3, 4), Int32Array.of(0, 1, 2, 1));
    const { values, present } = setRows(matrix, lists, 2);
    const [out, mask] = [new Float32Array(8).fill(9), new Float32Array(4).fill(9)];
    values.gather(Int32Array.of(0, 1), 2, out);
    present.gather(Int32Array.of(0, 1), 2, mask);
    expect([...out]).toEqual([3, 4, 5, 6, 3, 4, 0, 0]);
    expect([...mask]).toEqual([1, 1, 1, 0]);
  });
});
