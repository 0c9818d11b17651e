import { describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';
import { checkConfig } from '@towerkit/pipeline';
import fc from 'fast-check';

import { setValues } from '../src/runs/set-values.js';
import { checkSpace, drawPoint, placeOf, valueAt, type NumberDimension } from '../src/tune/space.js';
import { proposePoint, type Tried } from '../src/tune/tpe.js';
import { rungsOf } from '../src/tune/halving.js';

const config = checkConfig({ name: 'base' });

test('values at dotted paths, through lists too; the config stays as it is', () => {
  const before = JSON.stringify(config);
  const changed = setValues(config, { 'optimizer.learningRate': 0.5, 'negatives.0.count': 7, epochs: 3 });
  expect(changed).toMatchObject({ optimizer: { learningRate: 0.5 }, negatives: [{ count: 7 }], epochs: 3 });
  expect(JSON.stringify(config)).toBe(before);
  expect(setValues({}, { 'start.als.alpha': 2 })).toEqual({ start: { als: { alpha: 2 } } });
  for (const path of ['negatives.1.count', 'epochs.first'])
    expect(() => setValues(config, { [path]: 1 })).toThrow(expect.objectContaining({ code: 'BAD_SPACE' }));
});

test.each<[string, unknown, RegExp]>([
  ['nothing', {}, /no object of dimensions/],
  ['a list', [], /no object of dimensions/],
  ['an unknown key', { 'optimizer.learningrate': { min: 1, max: 2 } }, /did you mean "learningRate"/],
  ['bounds the wrong way', { epochs: { min: 5, max: 1, int: true } }, /`min` must be a number below `max`/],
  ['a logarithm of nothing', { 'optimizer.learningRate': { min: 0, max: 1, log: true } }, /above 0/],
  ['halves of whole numbers', { epochs: { min: 0.5, max: 3, int: true } }, /both bounds are whole/],
  [
    'values that the config refuses',
    { epochs: { min: 0, max: 3, int: true } },
    /epochs, with 0|epochs: with 0/,
  ],
  ['a key that a dimension has not', { epochs: { min: 1, max: 3, step: 1 } }, /no key "step"/],
  ['no choice', { maxLength: { choice: [] } }, /one value or more/],
  ['a choice that is none', { engine: { choice: ['onnx', 'gpu'] } }, /"gpu"/],
])('BAD_SPACE: %s', (_, space, message) => {
  expect(() => checkSpace(space, config)).toThrow(expect.objectContaining({ code: 'BAD_SPACE' }));
  expect(() => checkSpace(space, config)).toThrow(message);
});

describe('places and values', () => {
  const dimension = fc
    .record({
      min: fc.integer({ min: 1, max: 50 }),
      span: fc.integer({ min: 1, max: 500 }),
      log: fc.boolean(),
      int: fc.boolean(),
    })
    .map(({ min, span, log, int }): NumberDimension => ({ min, max: min + span, log, int }));

  test('a value lies within its bounds, whole where it must be, and its place leads back to it', () => {
    fc.assert(
      fc.property(dimension, fc.double({ min: 0, max: 0.999999, noNaN: true }), (dimension, place) => {
        const value = valueAt(dimension, place) as number;
        expect(value).toBeGreaterThanOrEqual(dimension.min);
        expect(value).toBeLessThanOrEqual(dimension.max);
        if (dimension.int) expect(Number.isInteger(value)).toBe(true);
        const again = valueAt(dimension, Math.min(placeOf(dimension, value), 0.9999999)) as number;
        expect(Math.abs(again - value)).toBeLessThanOrEqual(dimension.int ? 0 : 1e-4 * value);
      }),
    );
  });

  test('whole numbers and choices come up alike', () => {
    const rng = new Rng(5);
    const space = { a: { min: 1, max: 4, int: true }, b: { choice: ['x', 'y', 'z'] } };
    const counts = new Map<unknown, number>();
    for (let i = 0; i < 6000; i++)
      for (const value of Object.values(drawPoint(space, rng)))
        counts.set(value, (counts.get(value) ?? 0) + 1);
    for (const value of [1, 2, 3, 4]) expect(counts.get(value)! / 6000).toBeCloseTo(1 / 4, 1);
    for (const value of ['x', 'y', 'z']) expect(counts.get(value)! / 6000).toBeCloseTo(1 / 3, 1);
  });
});

test('TPE comes nearer to the best of a bowl than points at random, with as many trials', () => {
  const space = {
    rate: { min: 1e-4, max: 1, log: true },
    size: { min: 1, max: 100, int: true },
    kind: { choice: ['a', 'b', 'c'] },
  };
  const valueOf = ({ rate, size, kind }: Record<string, unknown>) =>
    -((Math.log10(rate as number) + 2) ** 2) - ((size as number) / 25 - 3) ** 2 - (kind === 'b' ? 0 : 2);
  const search = (seed: number, propose: (tried: Tried[], rng: Rng) => Record<string, unknown>) => {
    const tried: Tried[] = [];
    for (let trial = 0; trial < 40; trial++) {
      const point = propose(tried, new Rng(seed).fork(trial));
      tried.push({ point, value: valueOf(point) });
    }
    return Math.max(...tried.map(({ value }) => value));
  };
  const seeds = Array.from({ length: 20 }, (_, seed) => seed);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const tpe = mean(seeds.map((seed) => search(seed, (tried, rng) => proposePoint(space, tried, rng))));
  const random = mean(seeds.map((seed) => search(seed, (_, rng) => drawPoint(space, rng))));
  expect(tpe).toBeGreaterThan(random / 2); // both are below 0: half as far from the best, or less
});

test('successive halving: a third as many trials with three times the epochs', () => {
  expect(rungsOf(9, 9)).toEqual([
    { trials: 9, epochs: 1 },
    { trials: 3, epochs: 3 },
    { trials: 1, epochs: 9 },
  ]);
  expect(rungsOf(9, 4)).toEqual([
    { trials: 9, epochs: 1 },
    { trials: 3, epochs: 4 },
  ]);
  expect(rungsOf(2, 10)).toEqual([{ trials: 2, epochs: 10 }]);
});
