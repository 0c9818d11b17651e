import { expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';

import { job, KernelPool } from '../../src/internal.js';

test.each([
  [4, 1],
  [20, 1],
  [36, 0],
])('svdEpoch equals the steps written out, %i floats a row, biased %i', (width, biased) => {
  const rng = new Rng(width);
  const [users, items, lr, reg, mean] = [6, 5, 0.05, 0.1, 2.5];
  const indptr = [0];
  const indices: number[] = [];
  for (let user = 0; user < users; user++) {
    for (let n = user === 2 ? 0 : 4; n > 0; n--) indices.push(rng.integer(items)); // repetitions too
    indptr.push(indices.length);
  }
  const floats = (n: number) => Float32Array.from({ length: n }, () => rng.normal());
  const [values, bu, bi] = [floats(indices.length), floats(users), floats(items)];
  const [p, q] = [floats(users * width), floats(items * width)];

  const pool = new KernelPool({ threads: 1 });
  const { memory } = pool;
  const data = [memory.ints(indptr), memory.ints(indices), memory.floats(values)] as const;
  const learned = [bu, bi, p, q].map((array) => memory.floats(array));
  const rest = [4 * width, lr, 1 - lr * reg, mean, biased] as const;
  const [a, b, c, d] = learned;
  pool.call(
    job('svdEpoch', 1, ...data, a, b, c, d, 0, 3, ...rest),
    job('svdEpoch', 1, ...data, a, b, c, d, 3, users, ...rest),
  );

  const expected = [bu, bi, p, q].map((array) => Array.from(array));
  const [ebu, ebi, ep, eq] = expected;
  for (let u = 0; u < users; u++)
    for (let k = indptr[u]; k < indptr[u + 1]; k++) {
      const i = indices[k];
      let error = values[k] - (mean + ebu[u] + ebi[i]);
      for (let f = 0; f < width; f++) error -= ep[u * width + f] * eq[i * width + f];
      if (biased) {
        ebu[u] += lr * (error - reg * ebu[u]);
        ebi[i] += lr * (error - reg * ebi[i]);
      }
      for (let f = 0; f < width; f++) {
        const [x, y] = [ep[u * width + f], eq[i * width + f]];
        ep[u * width + f] += lr * (error * y - reg * x);
        eq[i * width + f] += lr * (error * x - reg * y);
      }
    }
  learned.forEach((array, which) =>
    array.forEach((value, at) => expect(value).toBeCloseTo(expected[which][at], 3)),
  );
  if (!biased) expect(Array.from(learned[0])).toEqual(Array.from(bu));
});
