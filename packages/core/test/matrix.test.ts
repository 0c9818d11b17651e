import { describe, expect, test } from '@jest/globals';

import { Matrix } from '../src/index.js';

const refusal = (code: string) => expect.objectContaining({ code });

describe('Matrix', () => {
  const m = new Matrix(3, 2, Float32Array.of(1, 2, 3, 4, 5, 6));

  test('is zeros by default and keeps the values it is given', () => {
    expect([...new Matrix(2, 2).data]).toEqual([0, 0, 0, 0]);
    const data = new Float32Array(6);
    expect(new Matrix(2, 3, data).data).toBe(data);
    expect(new Matrix(0, 5).data).toHaveLength(0);
  });

  test('a row is a view', () => {
    const copy = new Matrix(3, 2, m.data.slice());
    copy.row(1)[0] = 30;
    expect([...copy.data]).toEqual([1, 2, 30, 4, 5, 6]);
  });

  test('gathers copies of rows in any order, repeats too', () => {
    const gathered = m.gather([2, 0, 2]);
    expect([gathered.rows, gathered.cols]).toEqual([3, 2]);
    expect([...gathered.data]).toEqual([5, 6, 1, 2, 5, 6]);
    gathered.data[0] = 50;
    expect(m.data[4]).toBe(5);
    expect(m.gather(new Int32Array(0)).rows).toBe(0);
  });

  test.each([[3], [-1], [0.5], [NaN]])('row %d cannot be gathered', (index) => {
    expect(() => m.gather([index])).toThrow(refusal('OUT_OF_RANGE'));
  });

  test.each([
    [-1, 2, undefined],
    [2, -1, undefined],
    [1.5, 2, undefined],
    [NaN, 2, undefined],
    [Infinity, 1, undefined],
    [2, 2, new Float32Array(3)],
    [2, 2, [1, 2, 3, 4] as never],
    [2, 2, new Float64Array(4) as never],
  ])('%p x %p of %p is refused', (rows, cols, data) => {
    expect(() => new Matrix(rows, cols, data)).toThrow(refusal('SHAPE_MISMATCH'));
  });
});
