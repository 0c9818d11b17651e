import { afterAll, expect, test } from '@jest/globals';
import { CsrMatrix, Rng } from '@towerkit/core';

import { job, KernelPool } from '../../src/internal.js';
import { expectClose } from './expect-close.js';

const pool = new KernelPool({ threads: 1 });
afterAll(() => pool.close());

const [USERS, ITEMS] = [9, 14];
const [RATE, DECAY, BIAS_RATE, BIAS_DECAY] = [0.25, 0.125, 0.5, 0.0625];

/** Distinct items in order; user 0 has all of them. */
function interactions(rng: Rng): CsrMatrix {
  const [rows, columns]: [number[], number[]] = [[], []];
  for (let user = 0; user < USERS; user++)
    for (let item = 0; item < ITEMS; item++)
      if (user === 0 || rng.uniform() < 0.4) {
        rows.push(user);
        columns.push(item);
      }
  return CsrMatrix.fromPairs(USERS, ITEMS, rows, columns);
}

test.each([4, 8, 12, 64])(
  'steps are those of LearnBPR with the draws of an Rng, %i factors',
  async (width) => {
    const rng = new Rng(width);
    const csr = interactions(rng);
    const floats = (size: number) =>
      Float64Array.from({ length: size }, () => Math.fround(0.3 * rng.normal()));
    const [p, q, b] = [floats(USERS * width), floats(ITEMS * width), floats(ITEMS)];
    const draws = rng.fork('draws');
    const owners = Int32Array.from(csr.indices, (_, k) => csr.indptr.findLastIndex((start) => start <= k));
    const { memory } = pool;
    const [users, items, bias] = [p, q, b].map((array) => memory.floats(array));
    const state = memory.ints(draws.state.map((word) => word | 0));
    const losses = memory.floats(4);
    const sparse = [memory.ints(owners), memory.ints(csr.indptr), memory.ints(csr.indices)] as const;
    const triples = 200;
    await pool.run(
      job(
        'bprEpoch',
        1,
        ...([...sparse, users, items, bias, state, losses, triples, csr.entries, ITEMS, 4 * width] as const),
        ...([RATE, DECAY, BIAS_RATE, BIAS_DECAY] as const),
      ),
    );

    let [loss, steps] = [0, 0];
    for (let t = 0; t < triples; t++) {
      const entry = draws.integer(csr.entries);
      const [u, i] = [owners[entry], csr.indices[entry]];
      let j = draws.integer(ITEMS);
      let tries = 1;
      for (; csr.row(u).includes(j) && tries < 64; tries++) j = draws.integer(ITEMS);
      if (tries === 64) continue;
      let x = b[i] - b[j];
      for (let k = 0; k < width; k++) x += p[u * width + k] * (q[i * width + k] - q[j * width + k]);
      const g = 1 / (1 + Math.exp(x));
      loss -= Math.log(1 - g);
      steps++;
      b[i] += BIAS_RATE * (g - BIAS_DECAY * b[i]);
      b[j] += BIAS_RATE * (-g - BIAS_DECAY * b[j]);
      for (let k = 0; k < width; k++) {
        const [pu, qi, qj] = [p[u * width + k], q[i * width + k], q[j * width + k]];
        p[u * width + k] += RATE * (g * (qi - qj) - DECAY * pu);
        q[i * width + k] += RATE * (g * pu - DECAY * qi);
        q[j * width + k] += RATE * (-g * pu - DECAY * qj);
      }
    }
    expect(steps).toBeLessThan(triples); // user 0 was drawn
    const [sum, count] = new Float64Array(losses.buffer, losses.byteOffset, 2);
    expect(count).toBe(steps);
    expect(Math.abs(sum / loss - 1)).toBeLessThan(1e-5);
    expectClose(users, p, 1e-4);
    expectClose(items, q, 1e-4);
    expectClose(bias, b, 1e-4);
    expect(Array.from(state, (word) => word >>> 0)).toEqual(Array.from(draws.state));
  },
);
