import { afterAll, describe, expect, test } from '@jest/globals';
import { CsrMatrix, Rng } from '@towerkit/core';
import { KernelPool } from '@towerkit/kernels/internal';

import { ChoiceBatches, type ChoiceBuffers } from '../src/lightgcn/choice-batches.js';
import { interactionGraph } from '../src/lightgcn/interaction-graph.js';
import { lightGcnSettings } from '../src/lightgcn/light-gcn-options.js';
import { LightGcnTraining } from '../src/lightgcn/light-gcn-training.js';

const pool = new KernelPool({ threads: 2 });
afterAll(() => pool.close());

// The last user has nothing, and nobody has the last item.
const data = CsrMatrix.fromPairs(5, 6, [0, 0, 0, 1, 1, 2, 2, 3], [0, 1, 2, 1, 3, 0, 4, 2]);
const [users, nodes] = [5, 11];

function buffers(capacity: number, negatives: number): ChoiceBuffers {
  return {
    choices: new Int32Array((2 + negatives) * capacity),
    slots: new Int32Array((2 + 2 * negatives) * capacity),
    indptr: new Int32Array(nodes + 1),
    indices: new Int32Array((2 + 2 * negatives) * capacity),
    occurrences: new Float32Array(nodes),
  };
}

test('the graph is the normalized adjacency', () => {
  const { indptr, indices, values } = interactionGraph(data);
  expect(Array.from(indptr)).toEqual([0, 3, 5, 7, 8, 8, 10, 12, 14, 15, 16, 16]);
  expect(Array.from(indices.subarray(0, 3))).toEqual([5, 6, 7]);
  expect(Array.from(indices.subarray(10, 12))).toEqual([0, 1]); // item 1
  expect(values[10]).toBeCloseTo(1 / Math.sqrt(6), 6);
  expect(values[14]).toBeCloseTo(1 / Math.sqrt(2), 6); // item 3, of user 1
});

describe('batches', () => {
  test('an epoch has every interaction once, with negatives that the user does not have', () => {
    const batches = new ChoiceBatches(data, { batchSize: 3, negatives: 2, rng: new Rng(1) });
    const into = buffers(batches.capacity, 2);
    for (let epoch = 0; epoch < 3; epoch++) {
      const seen: string[] = [];
      for (let step = 0; step < batches.steps; step++) {
        const count = batches.fill(into);
        for (let t = 0; t < count; t++) {
          const [user, item, ...negatives] = into.choices.subarray(4 * t, 4 * t + 4);
          seen.push(`${user} ${item - users}`);
          for (const negative of negatives)
            expect(Array.from(data.row(user))).not.toContain(negative - users);
        }
      }
      const all = Array.from({ length: 5 }, (_, user) =>
        Array.from(data.row(user), (item) => `${user} ${item}`),
      );
      expect(seen.sort()).toEqual(all.flat().sort());
    }
  });

  test('the layout is a sparse matrix with a place for every pair', () => {
    const batches = new ChoiceBatches(data, { batchSize: 100, negatives: 3, rng: new Rng(1) });
    const into = buffers(batches.capacity, 3);
    const count = batches.fill(into);
    expect(count).toBe(8);
    expect(Array.from(into.slots).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 64 }, (_, slot) => slot),
    );
    const rowOf = (slot: number) => into.indptr.findLastIndex((start) => start <= slot);
    const uses = new Float32Array(nodes);
    for (let t = 0; t < count; t++) {
      const [user, ...others] = into.choices.subarray(5 * t, 5 * t + 5);
      uses[user]++;
      others.forEach((other, k) => {
        uses[other]++;
        const [forth, back] = into.slots.subarray(8 * t + 2 * k, 8 * t + 2 * k + 2);
        expect([rowOf(forth), into.indices[forth]]).toEqual([user, other]);
        expect([rowOf(back), into.indices[back]]).toEqual([other, user]);
      });
    }
    expect(into.occurrences).toEqual(uses);
  });
});

describe.each([
  ['bpr', 1, 1],
  ['bpr', 3, 2],
  ['bpr', 2, 3],
  ['softmax', 4, 3],
] as const)('%s with %i negatives and %i layers', (loss, negatives, layers) => {
  const settings = lightGcnSettings({
    ...{ factors: 3, layers, loss, negatives, seed: 4, epochs: 1 },
    ...{ regularization: 0.3, batchSize: 4 },
  });

  test('steps equal Adam on numeric gradients of the float64 loss', async () => {
    const training = new LightGcnTraining(pool, data, settings);
    const rng = new Rng(4);
    const free = Float64Array.from({ length: 3 * nodes }, () => Math.fround(0.1 * rng.normal()));
    const batches = new ChoiceBatches(data, {
      batchSize: 1, // as many steps as interactions, at least ten being wanted
      negatives,
      rng: rng.fork('batches'),
    });
    expect(batches.steps).toBe(training.batches.steps);
    const into = buffers(batches.capacity, negatives);
    const first = new Float64Array(free.length);
    const second = new Float64Array(free.length);
    for (let step = 1; step <= 6; step++) {
      const count = batches.fill(into);
      const [mean] = lossOf(free, into, count);
      expect(await training.step(0.05)).toBeCloseTo(mean, 5);
      const gradient = free.map((value, i) => {
        const at = (x: number) => {
          const moved = free.slice();
          moved[i] = x;
          const [choices, ridge] = lossOf(moved, into, count);
          return choices + ridge;
        };
        return (at(value + 1e-5) - at(value - 1e-5)) / 2e-5;
      });
      gradient.forEach((g, i) => {
        first[i] = 0.9 * first[i] + 0.1 * g;
        second[i] = 0.999 * second[i] + 0.001 * g * g;
        const unbiased = Math.sqrt(second[i] / (1 - 0.999 ** step));
        free[i] -= (0.05 * first[i]) / (1 - 0.9 ** step) / (unbiased + 1e-8);
      });
    }
    const { users: finalUsers, items, terms } = await training.weights();
    const sums = propagated(free, layers);
    const alpha = 1 / (layers + 1);
    finalUsers.data.forEach((value, i) => expect(value).toBeCloseTo(alpha * sums[i], 3));
    items.data.forEach((value, i) => expect(value).toBeCloseTo(alpha * sums[3 * users + i], 3));
    const shorter = propagated(free, layers - 1);
    const degrees = data.columnCounts();
    terms.data.forEach((value, i) => {
      const degree = Math.max(1, degrees[Math.floor(i / 3)]);
      expect(value).toBeCloseTo((alpha * shorter[3 * users + i]) / Math.sqrt(degree), 3);
    });
  });

  /** The mean loss of the choices, and the ridge of the batch. */
  function lossOf(free: Float64Array, { choices }: ChoiceBuffers, count: number): [number, number] {
    const sums = propagated(free, layers);
    const score = (a: number, b: number) =>
      [0, 1, 2].reduce((sum, i) => sum + sums[3 * a + i] * sums[3 * b + i], 0) / (layers + 1) ** 2;
    let [total, ridge] = [0, 0];
    for (let t = 0; t < count; t++) {
      const [user, item, ...others] = choices.subarray((2 + negatives) * t, (2 + negatives) * (t + 1));
      const above = others.map((other) => Math.exp(score(user, other) - score(user, item)));
      total +=
        loss === 'bpr'
          ? above.reduce((sum, e) => sum + Math.log(1 + e), 0) / negatives
          : Math.log(1 + above.reduce((sum, e) => sum + e, 0));
      for (const node of [user, item, ...others])
        for (let i = 0; i < 3; i++) ridge += free[3 * node + i] ** 2 / 2;
    }
    return [total / count, (settings.regularization * ridge) / count];
  }
});

/** E + AE + .. + A^layers E. */
function propagated(free: Float64Array, layers: number): Float64Array {
  const sum = free.slice();
  let layer: Float64Array = free.slice();
  const itemDegrees = data.columnCounts();
  for (let k = 0; k < layers; k++) {
    const next = new Float64Array(free.length);
    for (let user = 0; user < data.rows; user++)
      for (const item of data.row(user)) {
        const weight = 1 / Math.sqrt(data.row(user).length * itemDegrees[item]);
        for (let i = 0; i < 3; i++) {
          next[3 * user + i] += weight * layer[3 * (users + item) + i];
          next[3 * (users + item) + i] += weight * layer[3 * user + i];
        }
      }
    layer = next;
    layer.forEach((value, i) => (sum[i] += value));
  }
  return sum;
}
