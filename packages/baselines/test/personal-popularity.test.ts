import { describe, expect, test } from '@jest/globals';
import { recommenderSuite } from '@towerkit/conformance';
import { CsrMatrix, Rng } from '@towerkit/core';

import { PersonalPopularity } from '../src/index.js';

recommenderSuite('PersonalPopularity', {
  make: () => new PersonalPopularity(),
  load: PersonalPopularity.load,
  kind: 'personal-popularity',
  learns: false,
});

describe('PersonalPopularity', () => {
  test('by hand: counts of the history first, popularity where they are equal', () => {
    // Item 0 stands there three times, item 1 twice, item 2 once, item 3 never.
    const model = new PersonalPopularity();
    model.fit(CsrMatrix.fromRows([[0, 1, 0], [0, 1], [2]], 4));
    expect(Array.from(model.counts)).toEqual([3, 2, 1, 0]);
    const scores = new Float32Array(8);
    model.score([[3, 2, 3], []], scores);
    const order = (row: Float32Array) => Array.from(row.keys()).sort((a, b) => row[b] - row[a]);
    expect(order(scores.subarray(0, 4))).toEqual([3, 2, 0, 1]);
    expect(order(scores.subarray(4))).toEqual([0, 1, 2, 3]);
    expect(Array.from(scores.subarray(0, 4), Math.floor)).toEqual([0, 0, 1, 2]);
  });

  test('ranks any history as a sort by count, then by popularity, does, ties as ties', () => {
    const rng = new Rng(5);
    for (let round = 0; round < 200; round++) {
      const items = 1 + rng.integer(12);
      const list = () => Array.from({ length: rng.integer(30) }, () => rng.integer(items));
      const rows = [list(), list(), list()];
      const model = new PersonalPopularity();
      model.fit(CsrMatrix.fromRows(rows, items));
      const history = list();
      const scores = new Float32Array(items);
      model.score([history], scores);
      const times = (all: readonly number[], item: number) => all.filter((one) => one === item).length;
      for (let a = 0; a < items; a++)
        for (let b = 0; b < items; b++) {
          const own = times(history, a) - times(history, b);
          const everybody = times(rows.flat(), a) - times(rows.flat(), b);
          expect(Math.sign(scores[a] - scores[b])).toBe(Math.sign(own || everybody));
        }
    }
  });

  test('needs items', () => {
    const none = new CsrMatrix(0, 0, Int32Array.of(0), new Int32Array(0));
    expect(() => new PersonalPopularity().fit(none)).toThrow(expect.objectContaining({ code: 'EMPTY_DATA' }));
  });
});
