import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Matrix } from '@towerkit/core';

import type { VectorIndex } from '../../src/index.js';
import { D, type Fixture } from './fixture.js';
import { columnsOf } from './vectors.js';

/** Input that is refused, after which the index answers as before. */
export function badInput({ few, queries, open, filled, expectAnswers }: Fixture): void {
  describe('bad input leaves it as it was', () => {
    let index: VectorIndex;
    beforeAll(async () => void (index = await filled(few)));
    const vector = (value: number) => new Matrix(1, D, new Float32Array(D).fill(value));
    const ids = [900_001];

    test.each<[string, string, () => Promise<unknown>]>([
      ['SHAPE_MISMATCH', 'a wrong width', () => index.add(new Matrix(1, D + 1), { ids })],
      ['SHAPE_MISMATCH', 'a wrong width to build', () => index.build(new Matrix(3, D - 1))],
      ['SHAPE_MISMATCH', 'a query of a wrong width', () => index.search(new Float32Array(D - 1), 1)],
      ['SHAPE_MISMATCH', 'queries of a wrong width', () => index.searchBatch(new Matrix(2, 1), 1)],
      ['SHAPE_MISMATCH', 'fewer ids than vectors', () => index.add(new Matrix(2, D), { ids })],
      ['SHAPE_MISMATCH', 'no ids to add', () => index.add(new Matrix(2, D), {} as never)],
      ['BAD_VECTOR', 'NaN', () => index.add(vector(NaN), { ids })],
      ['BAD_VECTOR', 'infinity to build', () => index.build(vector(Infinity))],
      ['BAD_VECTOR', 'a query of NaN', () => index.search(vector(NaN).data, 1)],
      ['BAD_VECTOR', 'a value whose square leaves float32', () => index.add(vector(1e20), { ids })],
      ['BAD_ID', 'a negative id', () => index.add(vector(1), { ids: [-1] })],
      ['BAD_ID', 'an id that is no integer', () => index.build(vector(1), { ids: [0.5] })],
      ['DUPLICATE_ID', 'an id twice', () => index.add(new Matrix(2, D), { ids: [7, 7] })],
      ['DUPLICATE_ID', 'an id twice to build', () => index.build(new Matrix(3, D), { ids: [7, 8, 7] })],
      ['DUPLICATE_ID', 'an id twice to remove', () => index.remove([few[0].id, few[0].id])],
      ['UNKNOWN_ID', 'an id that is not there', () => index.remove([few[1].id, 77_777_777])],
      ['BAD_ATTRIBUTE', 'too few values', () => index.add(vector(1), { ids, attributes: { price: [] } })],
      ['BAD_ATTRIBUTE', 'a value of NaN', () => index.add(vector(1), { ids, attributes: { price: [NaN] } })],
      [
        'BAD_ATTRIBUTE',
        'a name that is taken',
        () => index.add(vector(1), { ids, attributes: { any: [1] } }),
      ],
      ['BAD_OPTION', 'k of 0', () => index.search(queries.row(0), 0)],
      ['BAD_OPTION', 'k of 1.5', () => index.searchBatch(queries, 1.5)],
      [
        'BAD_FILTER',
        'an unknown attribute',
        () => index.search(queries.row(0), 1, { filter: { where: { x: 1 } } }),
      ],
      [
        'BAD_FILTER',
        'an unknown operator',
        () => index.search(queries.row(0), 1, { filter: { where: { price: { like: 1 } as never } } }),
      ],
      [
        'BAD_FILTER',
        'a word for a filter',
        () => index.search(queries.row(0), 1, { filter: 'rpg' as never }),
      ],
      [
        'BAD_FILTER',
        'an unknown part',
        () => index.search(queries.row(0), 1, { filter: { but: [] } as never }),
      ],
      [
        'BAD_FILTER',
        'an id that is none',
        () => index.search(queries.row(0), 1, { filter: { deny: [NaN] } }),
      ],
    ])('%s: %s', async (code, _, call) => {
      await expect(call()).rejects.toMatchObject({ code });
      expect(index.size).toBe(few.length);
    });

    test('BAD_VECTOR names the row', async () => {
      const vectors = new Matrix(3, D);
      vectors.row(2)[5] = NaN;
      const failed = index.add(vectors, { ids: [1_000_001, 1_000_002, 1_000_003] });
      await expect(failed).rejects.toMatchObject({ code: 'BAD_VECTOR', details: { row: 2 } });
    });

    test('a build that is stopped', async () => {
      const signal = AbortSignal.abort(new Error('enough'));
      const { vectors } = columnsOf(few);
      await expect(index.build(vectors, { signal })).rejects.toThrow('enough');
    });

    test('BAD_OPTION: dimensions, a metric', async () => {
      for (const dimensions of [0, 1.5, 70_000])
        await expect(open({ dimensions })).rejects.toMatchObject({ code: 'BAD_OPTION' });
      await expect(open({ metric: 'l2' as never })).rejects.toMatchObject({ code: 'BAD_OPTION' });
    });

    afterAll(() => expectAnswers(index, few));
  });
}
