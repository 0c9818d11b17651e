import { describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';

import { RowTable, type AdamStep, type Backend } from '../../src/index.js';
import { layoutOf, MAX_PAGES } from '../../src/table/layout.js';

const BACKENDS: Backend[] = ['wasm', 'plain'];

/** Adam on one weight in float64, as the papers write it. */
class Oracle {
  #m = 0;
  #v = 0;
  constructor(public w: number) {}
  step(
    g: number,
    { step, learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 }: AdamStep,
  ): void {
    this.#m = beta1 * this.#m + (1 - beta1) * g;
    this.#v = beta2 * this.#v + (1 - beta2) * g * g;
    const [m, v] = [this.#m / (1 - beta1 ** step), this.#v / (1 - beta2 ** step)];
    this.w -= learningRate * weightDecay * this.w + (learningRate * m) / (Math.sqrt(v) + epsilon);
  }
}

const normals = (rng: Rng, length: number): Float32Array => Float32Array.from({ length }, () => rng.normal());

const someRows = (rng: Rng, rows: number, count: number): Int32Array =>
  (rng.shuffle(Int32Array.from({ length: rows }, (_, i) => i)) as Int32Array).slice(0, count);

function randomTable(rows: number, dimensions: number, seed: number, backend: Backend): RowTable {
  const table = RowTable.create(rows, dimensions, { backend });
  table.values.set(normals(new Rng(seed), rows * dimensions));
  return table;
}

/** A copy as bytes, which compare quickly and tell 0 from -0. */
const bytes = (array: Float32Array): Buffer => Buffer.from(array.slice().buffer);

describe.each(BACKENDS)('lazy Adam (%s)', (backend) => {
  test('one step by hand', () => {
    const table = RowTable.create(3, 2, { backend });
    table.values.fill(1);
    const step = { step: 1, learningRate: 0.5, beta1: 0.5, beta2: 0.75, epsilon: 1, weightDecay: 0.25 };
    table.adam(Int32Array.of(1), 1, Float32Array.of(2, -4), step);
    // m = g / 2 and v = g^2 / 4, unbiased g and g^2; w = 1 - .5 * .25 - .5 g / (|g| + 1).
    expect([...table.first]).toEqual([0, 0, 1, -2, 0, 0]);
    expect([...table.second]).toEqual([0, 0, 1, 4, 0, 0]);
    [1, 1, 0.875 - 1 / 3, 0.875 + 0.4, 1, 1].forEach((w, i) => expect(table.values[i]).toBeCloseTo(w, 6));
  });

  test.each([
    [1, 0],
    [3, 0.1],
    [4, 0],
    [10, 0.1],
  ])('200 steps on random rows of %d, weight decay %d, as in float64', (dimensions, weightDecay) => {
    const rows = 20;
    const rng = new Rng(dimensions);
    const table = randomTable(rows, dimensions, 3, backend);
    const oracles = Array.from(table.values, (w) => new Oracle(w));
    for (let t = 1; t <= 200; t++) {
      const ids = someRows(rng, rows, 7);
      const gradient = normals(rng, 7 * dimensions);
      const step = { step: t, learningRate: 0.01, weightDecay };
      table.adam(ids, 7, gradient, step);
      ids.forEach((id, r) => {
        for (let i = 0; i < dimensions; i++)
          oracles[id * dimensions + i].step(gradient[r * dimensions + i], step);
      });
    }
    const error = Math.max(
      ...oracles.map(({ w }, i) => Math.abs(w - table.values[i]) / Math.max(1, Math.abs(w))),
    );
    expect(error).toBeLessThan(2e-6);
  });

  test('2,000 steps on one row: rounding does not pile up in the moments', () => {
    const rng = new Rng(8);
    const table = RowTable.create(1, 5, { backend });
    const m = new Float64Array(5);
    const v = new Float64Array(5);
    for (let t = 1; t <= 2_000; t++) {
      const gradient = normals(rng, 5);
      table.adam(Int32Array.of(0), 1, gradient, { step: t, learningRate: 0 });
      gradient.forEach((g, i) => {
        m[i] += 0.1 * (g - m[i]);
        v[i] += 0.001 * (g * g - v[i]);
      });
    }
    for (let i = 0; i < 5; i++) {
      expect(Math.abs(table.second[i] / v[i] - 1)).toBeLessThan(3e-6);
      expect(Math.abs(table.first[i] - m[i])).toBeLessThan(1e-6);
    }
  });

  test('rows that are not given keep every bit, and so does all else past count', () => {
    const table = randomTable(50, 6, 5, backend);
    const before = table.values.slice();
    const ids = Int32Array.of(7, 49, 0, 3);
    table.adam(ids, 3, new Float32Array(24).fill(1), { step: 1, learningRate: 0.1, weightDecay: 0.1 });
    table.values.forEach((w, at) => {
      const row = Math.floor(at / 6);
      const given = row === 7 || row === 49 || row === 0;
      expect(w !== before[at]).toBe(given);
      expect(table.second[at] > 0).toBe(given);
    });
  });

  test('a decay too small for a float32 factor is not rounded away', () => {
    const table = RowTable.create(1, 4, { backend });
    table.values.fill(1);
    const oracles = Array.from(table.values, (w) => new Oracle(w));
    const rng = new Rng(7);
    for (let t = 1; t <= 2_000; t++) {
      // 1 - 2e-8 is 1 in float32; the weights lose 4e-5 all the same.
      const step = { step: t, learningRate: 1e-4, weightDecay: 2e-4 };
      const gradient = normals(rng, 4);
      table.adam(Int32Array.of(0), 1, gradient, step);
      gradient.forEach((g, i) => oracles[i].step(g, step));
    }
    oracles.forEach(({ w }, i) => expect(Math.abs(table.values[i] - w)).toBeLessThan(8e-6));
  });

  test('a gradient that is not finite spoils its own weight and no other', () => {
    const table = randomTable(4, 5, 6, backend);
    const gradient = new Float32Array(10).fill(1);
    gradient[1] = NaN;
    gradient[4] = Infinity;
    gradient[7] = -Infinity;
    table.adam(Int32Array.of(3, 1), 2, gradient, { step: 1, learningRate: 0.1 });
    const spoilt = [...table.values.keys()].filter((i) => Number.isNaN(table.values[i]));
    expect(spoilt).toEqual([7, 16, 19]);
    expect(table.first[19]).toBe(Infinity);
    expect(table.second[7]).toBe(Infinity);
  });

  test('no rows, no change', () => {
    const table = randomTable(2, 3, 1, backend);
    const before = table.values.slice();
    table.adam(new Int32Array(0), 0, new Float32Array(0), { step: 1, learningRate: 1, weightDecay: 1 });
    expect(table.values).toEqual(before);
    expect(RowTable.create(0, 3, { backend }).values.length).toBe(0);
  });
});

describe('both backends', () => {
  test.each([
    [1, 40_000, 39_000],
    [2, 300, 200],
    [3, 300, 200],
    [4, 300, 200],
    [64, 1_500, 1_100],
    [65, 600, 500],
    [20_000, 5, 4],
  ])('give the same bits: rows of %d, %d of them, %d a step', (dimensions, rows, count) => {
    const [wasm, plain] = BACKENDS.map((backend) => randomTable(rows, dimensions, 9, backend));
    const rng = new Rng(10);
    for (let t = 1; t <= 5; t++) {
      const ids = someRows(rng, rows, count);
      const gradient = normals(rng, count * dimensions);
      gradient[0] = 0;
      gradient[1] = 1e-30;
      gradient[2] = 1e15;
      const step = { step: t, learningRate: 0.003, weightDecay: 0.01 };
      wasm.adam(ids, count, gradient, step);
      plain.adam(ids, count, gradient, step);
    }
    expect(wasm.backend).toBe('wasm');
    expect(plain.backend).toBe('plain');
    for (const name of ['values', 'first', 'second'] as const)
      expect(bytes(wasm[name]).equals(bytes(plain[name]))).toBe(true);
  });

  test('give the same not-a-numbers', () => {
    const odd = [NaN, Infinity, -Infinity, 3e38, -3e38, 1e-45, 0, 1];
    const tables = BACKENDS.map((backend) => randomTable(1, odd.length, 2, backend));
    for (let t = 1; t <= 3; t++)
      for (const table of tables)
        table.adam(Int32Array.of(0), 1, Float32Array.from(odd), {
          step: t,
          learningRate: 0.1,
        });
    expect(tables[0].values).toEqual(tables[1].values);
    expect(tables[0].first).toEqual(tables[1].first);
    expect(tables[0].second).toEqual(tables[1].second);
    expect([...tables[0].values].map(Number.isNaN)).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  test('a width is no more than its columns: each gets the bits it gets alone', () => {
    const wide = randomTable(10, 7, 4, 'wasm');
    const narrow = Array.from({ length: 7 }, (_, c) => {
      const table = RowTable.create(10, 1, { backend: 'wasm' });
      for (let r = 0; r < 10; r++) table.values[r] = wide.values[r * 7 + c];
      return table;
    });
    const gradient = normals(new Rng(3), 14);
    const ids = Int32Array.of(8, 2);
    const step = { step: 3, learningRate: 0.01, weightDecay: 0.3 };
    wide.adam(ids, 2, gradient, step);
    narrow.forEach((table, c) => {
      table.adam(ids, 2, Float32Array.of(gradient[c], gradient[7 + c]), step);
      for (let r = 0; r < 10; r++) expect(table.values[r]).toBe(wide.values[r * 7 + c]);
    });
  });
});

describe.each(BACKENDS)('gather (%s)', (backend) => {
  test.each([
    [1, 30_000],
    [5, 40],
    [64, 700],
    [20_000, 3],
  ])('copies rows of %d, as many as %d, some of them twice', (dimensions, count) => {
    const table = randomTable(30, dimensions, 1, backend);
    const rng = new Rng(2);
    const ids = Int32Array.from({ length: count + 1 }, () => rng.integer(30));
    const out = new Float32Array(count * dimensions + 1).fill(-7);
    table.gather(ids, count, out);
    const expected = new Float32Array(count * dimensions + 1).fill(-7);
    for (let at = 0; at < count * dimensions; at++)
      expected[at] = table.values[ids[Math.floor(at / dimensions)] * dimensions + (at % dimensions)];
    expect(bytes(out).equals(bytes(expected))).toBe(true);
  });

  test('leaves the gaps of a wider stride alone', () => {
    const table = RowTable.create(3, 2, { backend });
    table.values.set([1, 2, 3, 4, 5, 6]);
    const out = new Float32Array(8);
    table.gather(Int32Array.of(2, 0, 2), 3, out, 3);
    expect([...out]).toEqual([5, 6, 0, 1, 2, 0, 5, 6]);
  });

  test('reads what was written to the view', () => {
    const table = RowTable.create(2, 4, { backend });
    table.values[5] = 9;
    const out = new Float32Array(4);
    table.gather(Int32Array.of(1), 1, out);
    expect([...out]).toEqual([0, 9, 0, 0]);
  });
});

describe.each(BACKENDS)('refusals (%s)', (backend) => {
  const table = randomTable(10, 4, 1, backend);
  const step = { step: 1, learningRate: 0.1 };
  const out = new Float32Array(8);

  test.each([-1, 10, 2 ** 31 - 1])('row %d, before anything changes', (row) => {
    const before = table.values.slice();
    const ids = Int32Array.of(0, row);
    const error = expect.objectContaining({ code: 'OUT_OF_RANGE' });
    expect(() => table.adam(ids, 2, out, step)).toThrow(error);
    expect(() => table.gather(ids, 2, out)).toThrow(error);
    expect(() => table.gather(ids, 2, out, 4)).toThrow(error);
    expect(table.values).toEqual(before);
    table.gather(ids, 1, out);
  });

  test('arrays that are too short', () => {
    const error = expect.objectContaining({ code: 'SHAPE_MISMATCH' });
    const two = Int32Array.of(1, 2);
    expect(() => table.adam(two, 3, new Float32Array(12), step)).toThrow(error);
    expect(() => table.adam(two, 2, new Float32Array(7), step)).toThrow(error);
    expect(() => table.adam(two, -1, out, step)).toThrow(error);
    expect(() => table.adam(two, 1.5, out, step)).toThrow(error);
    expect(() => table.gather(two, 2, new Float32Array(7))).toThrow(error);
    expect(() => table.gather(two, 2, out, 5)).toThrow(error);
    expect(() => table.gather(two, 2, out, 3)).toThrow(error);
  });

  test.each([
    { step: 0 },
    { step: 1.5 },
    { learningRate: NaN },
    { learningRate: Infinity },
    { beta1: 1 },
    { beta2: -0.1 },
    { epsilon: -1 },
    { weightDecay: NaN },
  ])('%j', (wrong) => {
    expect(() => table.adam(Int32Array.of(1), 1, out, { ...step, ...wrong })).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION' }),
    );
  });

  test('sizes of no table', () => {
    const error = expect.objectContaining({ code: 'BAD_OPTION' });
    for (const [rows, dimensions] of [
      [-1, 2],
      [1.5, 2],
      [2, 0],
      [NaN, 1],
    ])
      expect(() => RowTable.create(rows, dimensions, { backend })).toThrow(error);
    expect(() => RowTable.create(2, 2, { backend: 'gpu' as never })).toThrow(error);
  });
});

describe('memory', () => {
  test('arrays of a table do not overlap, and end within its pages', () => {
    for (const [rows, dimensions] of [
      [0, 1],
      [1, 1],
      [7, 3],
      [26_354, 64],
      [3, 40_000],
    ]) {
      const { values, first, second, ids, batch, chunk, pages } = layoutOf(rows, dimensions);
      const size = 4 * rows * dimensions;
      const ends = [
        values + size,
        first + size,
        second + size,
        ids + 4 * chunk,
        batch + 4 * chunk * dimensions,
      ];
      [first, second, ids, batch, pages * 65_536].forEach((next, i) =>
        expect(ends[i]).toBeLessThanOrEqual(next),
      );
      for (const at of [values, first, second, ids, batch]) expect(at % 64).toBe(0);
    }
  });

  test('4 GiB is where one memory ends', () => {
    expect(layoutOf(5_591_000, 64).pages).toBeLessThanOrEqual(MAX_PAGES);
    expect(layoutOf(5_593_000, 64).pages).toBeGreaterThan(MAX_PAGES);
    expect(() => RowTable.create(5_593_000, 64, { backend: 'wasm' })).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED' }),
    );
    expect(() => RowTable.create(2 ** 40, 2 ** 10)).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }));
  });

  test('rows past 2 GiB are found', () => {
    const [rows, dimensions] = [2_900_000, 64]; // the second moments begin at 1.4 GiB and end at 2.1
    const table = RowTable.create(rows, dimensions, { backend: 'wasm' });
    const last = rows - 1;
    table.adam(Int32Array.of(last), 1, new Float32Array(dimensions).fill(2), { step: 1, learningRate: 0.5 });
    expect(table.second[last * dimensions]).toBeCloseTo(0.004, 8);
    expect(table.values[last * dimensions + 63]).toBeCloseTo(-0.5, 6);
    const out = new Float32Array(dimensions);
    table.gather(Int32Array.of(last), 1, out);
    expect(out[0]).toBe(table.values[last * dimensions]);
  });
});
