import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';
import { createEngine, type Engine } from '@towerkit/engine';
import * as tf from '@tensorflow/tfjs';

import { sampledSoftmax, wholeSoftmax, type LossBatch } from '../src/index.js';
import { wholePartition } from '../src/losses/whole-partition.js';

/** A batch against all items: the last column is padding, barred columns have a log q of Infinity. */
function randomProblem(seed: number) {
  const rng = new Rng(seed);
  const rows = 1 + rng.integer(12);
  const items = 2 + rng.integer(20);
  const width = 1 + rng.integer(6);
  const columns = items + 1;
  const positives = Int32Array.from({ length: rows }, () => rng.integer(items));
  const logQ = new Float32Array(columns);
  logQ[items] = Infinity;
  for (let c = 0; c < items; c++) if (!positives.includes(c) && rng.uniform() < 0.15) logQ[c] = Infinity;
  const pairs: number[] = [];
  for (let row = 0; row < rows; row++)
    for (let c = 0; c < items; c++) if (c !== positives[row] && rng.uniform() < 0.2) pairs.push(row, c);
  pairs.push(0, items); // the room that is left points at the padding
  const weights = Float32Array.from({ length: rows }, () => (rng.uniform() < 0.2 ? 0 : rng.uniform()));
  weights[0] = 1;
  const total = weights.reduce((a, b) => a + b);
  const scale = rng.uniform() < 0.2 ? 12 : 1; // scores of some hundreds as well
  const normals = (length: number) => Float32Array.from({ length }, () => scale * rng.normal());
  return {
    ...{ rows, items, width, columns, positives, logQ },
    masked: Int32Array.from(pairs),
    weights: weights.map((w) => w / total),
    users: normals(rows * width),
    candidates: normals(columns * width),
    smoothing: rng.uniform() < 0.5 ? 0 : 0.9 * rng.uniform(),
    blockValues: columns * (1 + rng.integer(rows)) + rng.integer(columns),
  };
}

type Problem = ReturnType<typeof randomProblem>;

/** The loss and its gradients in float64, position by position, from the definition of the softmax. */
function naive({ rows, items, width, columns, ...p }: Problem) {
  const du = new Float64Array(rows * width);
  const dv = new Float64Array(columns * width);
  const masked = new Set<number>();
  for (let k = 0; k < p.masked.length; k += 2) masked.add(p.masked[k] * columns + p.masked[k + 1]);
  const candidates = [...Array(items).keys()].filter((c) => p.logQ[c] === 0);
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    const score = (c: number) => {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += p.users[row * width + i] * p.candidates[c * width + i];
      return sum;
    };
    const open = candidates.filter((c) => !masked.has(row * columns + c));
    const most = Math.max(...open.map(score));
    const total = open.reduce((sum, c) => sum + Math.exp(score(c) - most), 0);
    const slopes = new Map(open.map((c) => [c, Math.exp(score(c) - most) / total]));
    const toward = (c: number, share: number) => {
      loss -= p.weights[row] * share * score(c);
      slopes.set(c, (slopes.get(c) ?? 0) - share);
    };
    loss += p.weights[row] * (most + Math.log(total));
    toward(p.positives[row], 1 - p.smoothing);
    for (const c of candidates) toward(c, p.smoothing / candidates.length);
    for (const [c, slope] of slopes)
      for (let i = 0; i < width; i++) {
        du[row * width + i] += p.weights[row] * slope * p.candidates[c * width + i];
        dv[c * width + i] += p.weights[row] * slope * p.users[row * width + i];
      }
  }
  return { loss, du, dv };
}

const close = (actual: ArrayLike<number>, expected: ArrayLike<number>) => {
  let largest = 1e-3;
  for (let i = 0; i < expected.length; i++) largest = Math.max(largest, Math.abs(expected[i]));
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++)
    expect(Math.abs(actual[i] - expected[i]) / largest).toBeLessThan(2e-5);
};

describe.each(['onnx', 'tfjs'] as const)('the softmax over all items on the %s engine', (kind) => {
  let engine: Engine;
  beforeAll(async () => {
    await tf.setBackend('cpu');
    engine = await createEngine({ kind, threads: 1, backend: 'cpu' });
  });
  afterAll(() => engine.dispose());

  const inputsOf = ({ rows, width, columns, masked }: Problem) => ({
    users: { shape: [rows, width] },
    candidates: { shape: [columns, width] },
    log_q: { shape: [columns] },
    positives: { shape: [rows], dtype: 'int32' as const },
    masked: { shape: [masked.length / 2, 2], dtype: 'int32' as const },
    weights: { shape: [rows] },
  });
  const batchOf = (given: Record<string, tf.Tensor>): LossBatch => ({
    users: given.users as tf.Tensor2D,
    candidates: given.candidates as tf.Tensor2D,
    logQ: given.log_q as tf.Tensor1D,
    positives: given.positives as tf.Tensor1D,
    masked: given.masked as tf.Tensor2D,
  });
  async function compute(problem: Problem, fn: (given: Record<string, tf.Tensor>) => tf.Tensor) {
    const compiled = await engine.compile((given) => ({ loss: fn(given) }), {
      inputs: inputsOf(problem),
      gradient: { of: 'loss', wrt: ['users', 'candidates'] },
    });
    const { users, candidates, logQ, positives, masked, weights } = problem;
    const { outputs, gradients } = await compiled.run({
      ...{ users, candidates, positives, masked, weights },
      log_q: logQ,
    });
    await compiled.dispose();
    return { loss: outputs.loss[0], du: gradients.users, dv: gradients.candidates };
  }
  const compare = (found: Awaited<ReturnType<typeof compute>>, expected: ReturnType<typeof naive>) => {
    close([found.loss], [expected.loss]);
    close(found.du, expected.du);
    close(found.dv, expected.dv);
  };

  test('value and gradients are those of the definition, smoothed or not', async () => {
    for (let seed = 0; seed < 40; seed++) {
      const problem = randomProblem(seed);
      const loss = wholeSoftmax({ smoothing: problem.smoothing });
      const found = await compute(problem, (given) =>
        loss.mean!(batchOf(given), given.weights as tf.Tensor1D),
      );
      compare(found, naive(problem));
    }
  });

  test('row by row it is the same, and without smoothing the sampled softmax of all items', async () => {
    for (let seed = 100; seed < 115; seed++) {
      const problem = randomProblem(seed);
      const weighted = (loss: ReturnType<typeof wholeSoftmax>) => (given: Record<string, tf.Tensor>) =>
        tf.sum(tf.mul(loss.apply(batchOf(given)), given.weights));
      compare(
        await compute(problem, weighted(wholeSoftmax({ smoothing: problem.smoothing }))),
        naive(problem),
      );
      const plain = { ...problem, smoothing: 0 };
      const sampled = sampledSoftmax();
      compare(await compute(plain, weighted(sampled)), naive(plain));
      const whole = (given: Record<string, tf.Tensor>) =>
        sampled.mean!(batchOf(given), given.weights as tf.Tensor1D);
      compare(await compute(plain, whole), naive(plain));
    }
  });

  test('blocks of any size give the same log partition and gradients', async () => {
    for (let seed = 200; seed < 230; seed++) {
      const problem = randomProblem(seed);
      const inBlocks = (blockValues?: number) =>
        compute(problem, (given) =>
          wholePartition(
            given.users as tf.Tensor2D,
            given.candidates as tf.Tensor2D,
            tf.neg(given.log_q) as tf.Tensor1D,
            given.weights as tf.Tensor1D,
            given.masked as tf.Tensor2D,
            blockValues,
          ),
        );
      const [one, several] = [await inBlocks(), await inBlocks(problem.blockValues)];
      close([several.loss], [one.loss]);
      close(several.du, one.du);
      close(several.dv, one.dv);
    }
  });
});

test.each([-0.1, 1, Number.NaN])('a smoothing of %d is refused', (smoothing) => {
  expect(() => wholeSoftmax({ smoothing })).toThrow(
    expect.objectContaining({ code: 'BAD_OPTION', details: { option: 'smoothing', value: smoothing } }),
  );
});
