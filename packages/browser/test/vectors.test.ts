import { expect, test } from '@jest/globals';
import { Matrix } from '@towerkit/core';
import fc from 'fast-check';

import { fromHalf, toHalf } from '../src/half.js';
import { decodeVectors, encodeVectors } from '../src/vectors.js';

const finite = fc.float({ noNaN: true, noDefaultInfinity: true });

test.each([
  [0, 0x0000],
  [-0, 0x8000],
  [1, 0x3c00],
  [-2, 0xc000],
  [65504, 0x7bff],
  [65520, 0x7c00],
  [2 ** -14, 0x0400],
  [2 ** -24, 0x0001],
  [2 ** -25, 0x0000],
  [1 + 2 ** -11, 0x3c00],
  [1 + 3 * 2 ** -11, 0x3c02],
  [0.333251953125, 0x3555],
])('%d is %d as float16 (IEEE 754)', (value, bits) => {
  expect(toHalf(value)).toBe(bits);
});

test('every float16 comes back as it was', () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const value = fromHalf(bits);
    if (Number.isNaN(value)) expect(fromHalf(toHalf(value))).toBeNaN();
    else expect(toHalf(value)).toBe(bits);
  }
});

test('rounding is to the nearest of the two float16 around', () => {
  const inRange = fc.float({ min: Math.fround(-65000), max: Math.fround(65000), noNaN: true });
  fc.assert(
    fc.property(inRange, (value) => {
      const bits = toHalf(value);
      const off = (other: number) => Math.abs(fromHalf(other) - value);
      for (const other of [bits - 1, bits + 1])
        if ((other & 0x7fff) <= 0x7bff && (other & 0x8000) === (bits & 0x8000))
          expect(off(bits)).toBeLessThanOrEqual(off(other));
    }),
    { seed: 3, numRuns: 2000 },
  );
});

test.each([
  ['float32', () => 0],
  ['float16', (vector: Float32Array) => 2 ** -11 * most(vector)],
  ['int8', (vector: Float32Array) => 0.5001 * (most(vector) / 127)],
] as const)('%s keeps vectors as well as it should', (type, bound) => {
  const small = fc.float({ min: Math.fround(-100), max: Math.fround(100), noNaN: true });
  fc.assert(
    fc.property(fc.array(small, { minLength: 6, maxLength: 6 }), (values) => {
      const given = new Matrix(2, 3, Float32Array.from(values));
      const back = decodeVectors(encodeVectors(given, type), 2, 3)!;
      for (let row = 0; row < 2; row++)
        given.row(row).forEach((value, i) => {
          const off = Math.abs(back.row(row)[i] - value);
          expect(off).toBeLessThanOrEqual(bound(given.row(row)) + 2 ** -24);
        });
    }),
    { seed: 4 },
  );
});

test('vectors of another shape are none', () => {
  fc.assert(
    fc.property(fc.array(finite, { minLength: 4, maxLength: 4 }), (values) => {
      const file = encodeVectors(new Matrix(2, 2, Float32Array.from(values)), 'float32');
      expect(decodeVectors(file, 3, 2)).toBeUndefined();
    }),
    { numRuns: 5, seed: 1 },
  );
});

const most = (vector: Float32Array) => vector.reduce((all, value) => Math.max(all, Math.abs(value)), 0);
