import { describe, expect, test } from '@jest/globals';

import { CsrMatrix, Rng } from '../src/index.js';

const ints = (...values: number[]) => Int32Array.from(values);
const refusal = (details: object) => expect.objectContaining({ code: 'BAD_CSR', ...details });

/** (row, column, value) of every entry, in stored order. */
function triples({ rows, indptr, indices, values }: CsrMatrix): number[][] {
  const out: number[][] = [];
  for (let row = 0; row < rows; row++)
    for (let k = indptr[row]; k < indptr[row + 1]; k++) out.push([row, indices[k], values?.[k] ?? 1]);
  return out;
}

function random(rng: Rng) {
  const [rows, cols, entries] = [1 + rng.integer(8), 1 + rng.integer(8), rng.integer(40)];
  const draw = (bound: number) => Array.from({ length: entries }, () => rng.integer(bound));
  return { rows, cols, rowOf: draw(rows), columnOf: draw(cols), values: draw(1000) };
}

describe('CsrMatrix', () => {
  test('fromPairs groups by row and keeps the order within a row', () => {
    const rng = new Rng(1);
    for (let round = 0; round < 100; round++) {
      const { rows, cols, rowOf, columnOf, values } = random(rng);
      const m = CsrMatrix.fromPairs(rows, cols, rowOf, columnOf, values);
      const expected = rowOf.map((row, k) => [row, columnOf[k], values[k]]);
      expected.sort((a, b) => a[0] - b[0]); // stable
      expect(triples(m)).toEqual(expected);
      expect(m.entries).toBe(rowOf.length);
    }
  });

  test('fromRows is fromPairs of the same entries row by row; any kind of list serves', () => {
    const rng = new Rng(3);
    for (let round = 0; round < 100; round++) {
      const { rows, cols, rowOf, columnOf, values } = random(rng);
      const lists = Array.from({ length: rows }, () => [] as number[]);
      const weights = Array.from({ length: rows }, () => [] as number[]);
      rowOf.forEach((row, k) => {
        lists[row].push(columnOf[k]);
        weights[row].push(values[k]);
      });
      const given = round % 2 ? lists : lists.map((list) => Uint16Array.from(list));
      const m = CsrMatrix.fromRows(given, cols, round % 3 ? weights : undefined);
      expect(m).toEqual(CsrMatrix.fromPairs(rows, cols, rowOf, columnOf, round % 3 ? values : undefined));
    }
  });

  test('fromRows copies', () => {
    const list = ints(2, 0);
    const m = CsrMatrix.fromRows([list, [], [1]], 3);
    list[0] = 1;
    expect([[...m.indptr], [...m.indices], m.values]).toEqual([[0, 2, 2, 3], [2, 0, 1], undefined]);
  });

  test.each<[string, number[][], number[][]?, object?]>([
    ['a column too far', [[0], [2]], undefined, { row: 1, column: 2 }],
    ['a negative column', [[], [0, -1]], undefined, { row: 1, column: -1 }],
    ['half a column', [[0.5]], undefined, { row: 0, column: 0.5 }],
    ['a column that is no number', [[NaN]], undefined, { row: 0, column: NaN }],
    ['values of fewer rows', [[0], [1]], [[1]]],
    ['values of more rows', [[0]], [[1], []]],
    ['a value short', [[0], [1, 0]], [[1], [1]], { row: 1 }],
    ['a value too many', [[0]], [[1, 2]], { row: 0 }],
  ])('fromRows: %s: BAD_CSR', (_, rows, values = undefined, details = {}) => {
    expect(() => CsrMatrix.fromRows(rows, 2, values)).toThrow(refusal({ details }));
  });

  test('transpose swaps rows and columns, with and without values; twice gives columns in order', () => {
    const rng = new Rng(2);
    for (let round = 0; round < 100; round++) {
      const { rows, cols, rowOf, columnOf, values } = random(rng);
      const m = CsrMatrix.fromPairs(rows, cols, rowOf, columnOf, round % 2 ? values : undefined);
      const t = m.transpose();
      expect([t.rows, t.cols]).toEqual([cols, rows]);
      const expected = triples(m).map(([row, column, value]) => [column, row, value]);
      expected.sort((a, b) => a[0] - b[0]);
      expect(triples(t)).toEqual(expected);
      expect(t.values === undefined).toBe(m.values === undefined);
      const back = triples(m).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      expect(triples(t.transpose())).toEqual(back);
    }
  });

  test('row is a view, columnCounts counts', () => {
    const m = new CsrMatrix(3, 4, ints(0, 2, 2, 3), ints(3, 1, 3));
    expect([...m.row(0)]).toEqual([3, 1]);
    expect(m.row(1)).toHaveLength(0);
    expect(m.row(2).buffer).toBe(m.indices.buffer);
    expect([...m.columnCounts()]).toEqual([0, 1, 0, 2]);
  });

  test('nothing at all is a matrix too', () => {
    expect(new CsrMatrix(0, 0, ints(0), ints()).transpose().rows).toBe(0);
    expect(CsrMatrix.fromPairs(2, 0, [], []).entries).toBe(0);
    expect(CsrMatrix.fromRows([], 0)).toEqual(new CsrMatrix(0, 0, ints(0), ints()));
    expect(CsrMatrix.fromRows([[], []], 0, [[], []]).rows).toBe(2);
  });

  test.each<[string, number, number, Int32Array, Int32Array, Float32Array?]>([
    ['too few boundaries', 2, 2, ints(0, 1), ints(0)],
    ['no boundary at all', 0, 2, ints(), ints()],
    ['a start that is not 0', 1, 2, ints(1, 1), ints(0)],
    ['an end that is not the number of entries', 1, 2, ints(0, 2), ints(0)],
    ['boundaries that go back', 2, 2, ints(0, 2, 1), ints(0)],
    ['boundaries that go far beyond the entries first', 2, 2, ints(0, 0x7fffffff, 1), ints(0)],
    ['a negative column', 1, 2, ints(0, 1), ints(-1)],
    ['a column too far', 1, 2, ints(0, 1), ints(2)],
    ['a column that no number of columns allows', 1, NaN, ints(0, 1), ints(7)],
    ['columns without end', 1, Infinity, ints(0, 1), ints(7)],
    ['half a row', 0.5, 2, ints(0), ints()],
    ['fewer values than entries', 1, 2, ints(0, 1), ints(0), new Float32Array(0)],
  ])('%s: BAD_CSR', (_, rows, cols, indptr, indices, values = undefined) => {
    expect(() => new CsrMatrix(rows, cols, indptr, indices, values)).toThrow(refusal({}));
  });

  test('the error names the row', () => {
    expect(() => new CsrMatrix(2, 2, ints(0, 1, 2), ints(0, 9))).toThrow(
      refusal({ details: { row: 1, column: 9 } }),
    );
  });

  test.each<[string, number[], number[], number[]?]>([
    ['a row too far', [2], [0]],
    ['a negative row', [-1], [0]],
    ['half a row', [0.5], [0]],
    ['a row that is no number', [NaN], [0]],
    ['a column too far', [0], [2]],
    ['half a column', [0], [0.5]],
    ['a column that is no number', [0], [NaN]],
    ['a column short', [0, 1], [0]],
    ['a value short', [0, 1], [0, 0], [1]],
  ])('fromPairs: %s: BAD_CSR', (_, rowOf, columnOf, values = undefined) => {
    expect(() => CsrMatrix.fromPairs(2, 2, rowOf, columnOf, values)).toThrow(refusal({}));
  });

  test('fromPairs and fromRows refuse sizes that are none', () => {
    expect(() => CsrMatrix.fromPairs(-1, 2, [], [])).toThrow(refusal({}));
    expect(() => CsrMatrix.fromPairs(2, 2 ** 31, [], [])).toThrow(refusal({}));
    expect(() => CsrMatrix.fromRows([[]], 0.5)).toThrow(refusal({}));
  });
});
