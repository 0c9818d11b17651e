import { describe, expect, test } from '@jest/globals';
import { recommenderSuite } from '@towerkit/conformance';
import { CsrMatrix } from '@towerkit/core';

import { Popularity } from '../src/index.js';

recommenderSuite('Popularity', {
  make: () => new Popularity(),
  load: Popularity.load,
  kind: 'popularity',
  learns: false,
});

// Entries (user, item, time): item 0 at 1 and 2, item 1 at 9, item 2 at 8 and 10, nothing of item 3.
const interactions = CsrMatrix.fromPairs(3, 4, [0, 0, 1, 1, 2], [0, 0, 1, 2, 2]);
const times = [1, 2, 9, 8, 10];

describe('Popularity', () => {
  test('counts every row, repetitions too, and breaks ties by id', async () => {
    const model = new Popularity();
    model.fit(interactions);
    expect(Array.from(model.counts)).toEqual([2, 1, 2, 0]);
    const [all, rest] = await model.recommend([[], [2]], 4);
    expect(Array.from(all.items)).toEqual([0, 2, 1, 3]);
    expect(Array.from(rest.items)).toEqual([0, 1, 3]);
  });

  test('a window counts from the newest, both ends in it', () => {
    const model = new Popularity({ window: 2 });
    model.fit(interactions, { times });
    expect(Array.from(model.counts)).toEqual([0, 1, 2, 0]);
  });

  test('a half-life halves what is that old', () => {
    const model = new Popularity({ halfLife: 1 });
    model.fit(interactions, { times });
    const [zero, one, two] = model.counts;
    expect([one, two]).toEqual([0.5, 1.25]);
    expect(zero).toBeCloseTo(2 ** -9 + 2 ** -8, 12);
  });

  test('times must be there, for every entry, and finite', () => {
    const refusal = (code: string) => expect.objectContaining({ code });
    const model = new Popularity({ window: 2 });
    expect(() => model.fit(interactions)).toThrow(refusal('BAD_OPTION'));
    expect(() => model.fit(interactions, { times: [1] })).toThrow(refusal('SHAPE_MISMATCH'));
    expect(() => model.fit(interactions, { times: [1, 2, NaN, 4, 5] })).toThrow(
      expect.objectContaining({ code: 'BAD_VALUE', details: { row: 1, column: 1, value: NaN } }),
    );
    expect(() => new Popularity({ window: -1 })).toThrow(refusal('BAD_OPTION'));
    expect(() => new Popularity({ halfLife: 0 })).toThrow(refusal('BAD_OPTION'));
    expect(() => new Popularity().fit(new CsrMatrix(0, 0, Int32Array.of(0), new Int32Array(0)))).toThrow(
      refusal('EMPTY_DATA'),
    );
  });
});
