import { describe, expect, test } from '@jest/globals';
import { recommenderSuite } from '@towerkit/conformance';
import { CsrMatrix, Rng } from '@towerkit/core';
import { eigen } from '@towerkit/kernels/internal';

import { Bspm, GfCf } from '../src/index.js';

recommenderSuite('GfCf', {
  make: () => new GfCf({ dimensions: 4, threads: 1 }),
  load: GfCf.load,
  kind: 'gf-cf',
  explains: true,
});
recommenderSuite('Bspm', {
  make: () => new Bspm({ dimensions: 4, threads: 1 }),
  load: Bspm.load,
  kind: 'bspm',
  explains: true,
});

type Dense = Float64Array[];
const times = (a: Dense, b: Dense): Dense =>
  a.map((row) => Float64Array.from(b[0], (_, j) => row.reduce((sum, value, k) => sum + value * b[k][j], 0)));
const mix = (a: Dense, factor: number, b: Dense): Dense =>
  a.map((row, i) => row.map((value, j) => value + factor * b[i][j]));
const identity = (n: number): Dense =>
  Array.from({ length: n }, (_, i) => Float64Array.from({ length: n }, (_, j) => Number(i === j)));

/** P = R~' R~ and the ideal low-pass filter D^-1/2 V V' D^1/2 in float64, items x items. */
function filters({ rows, cols, indptr, indices, values }: CsrMatrix, dimensions: number): [Dense, Dense] {
  const r = Array.from({ length: rows }, () => new Float64Array(cols));
  for (let row = 0; row < rows; row++)
    for (let k = indptr[row]; k < indptr[row + 1]; k++)
      r[row][indices[k]] = values ? r[row][indices[k]] + values[k] : 1;
  const ofItems = Float64Array.from({ length: cols }, (_, item) =>
    r.reduce((sum, row) => sum + row[item], 0),
  );
  const scaled = r.map((row) => {
    const own = row.reduce((sum, value) => sum + value, 0);
    return row.map((value, item) => (value === 0 ? 0 : value / Math.sqrt(own * ofItems[item])));
  });
  const transposed = Array.from({ length: cols }, (_, item) => Float64Array.from(scaled, (row) => row[item]));
  const p = times(transposed, scaled);
  const { vectors } = eigen(Float64Array.from(p.flatMap((row) => Array.from(row))), cols);
  const low = identity(cols).map((row, i) =>
    row.map((_, j) => {
      let sum = 0;
      for (let d = 0; d < dimensions; d++) sum += vectors[d * cols + i] * vectors[d * cols + j];
      return ofItems[i] === 0 ? 0 : (sum / Math.sqrt(ofItems[i])) * Math.sqrt(ofItems[j]);
    }),
  );
  return [p, low];
}

function random(rows: number, cols: number, entries: number, valued = false): CsrMatrix {
  const rng = new Rng(rows);
  const draw = (bound: number) =>
    Array.from({ length: entries }, () => Math.floor(bound * rng.uniform() ** 2));
  const values = valued ? Array.from({ length: entries }, () => 0.5 + rng.uniform()) : undefined;
  return CsrMatrix.fromPairs(rows, cols, draw(rows), draw(cols), values);
}

async function expectScores(model: GfCf | Bspm, data: CsrMatrix, expected: Dense): Promise<void> {
  await model.fit(data);
  const largest = Math.max(...expected.map((row) => Math.max(...row.map(Math.abs))));
  // More histories than are filtered at once, and one with a repeated item.
  const histories = Array.from({ length: 70 }, (_, n) => [n % data.cols, (3 * n + 1) % data.cols]);
  histories[1] = [2, 2];
  const out = new Float32Array(histories.length * data.cols);
  await model.score(histories, out);
  histories.forEach((history, row) => {
    for (let item = 0; item < data.cols; item++) {
      const wanted = [...new Set(history)].reduce((sum, one) => sum + expected[one][item], 0);
      expect(Math.abs(out[row * data.cols + item] - wanted) / largest).toBeLessThan(1e-3); // what the random start leaves of the singular vectors
    }
  });
  await model.dispose();
}

describe.each([
  ['ones', random(80, 31, 500)],
  ['values', random(60, 23, 300, true)],
  ['fewer users than items', random(12, 40, 90)],
])('filters equal a float64 reference: %s', (_case, data) => {
  const dimensions = 6;
  const [p, low] = filters(data, dimensions);

  test('GF-CF', async () => {
    await expectScores(new GfCf({ dimensions, alpha: 0.7, threads: 2 }), data, mix(p, 0.7, low));
  });

  test.each([
    [{ solver: 'euler', sharpening: 1, steps: 1 }, 1],
    [{ solver: 'rk4', sharpening: 2.5, steps: 1 }, 4],
    [{ solver: 'rk4', sharpening: 2, steps: 2 }, 4],
    [{ sharpening: 0 }, 1],
  ] as const)('BSPM %j', async (options, order) => {
    const { sharpening, steps = 1 } = { steps: 1, ...options };
    const h = sharpening / steps;
    let [once, term] = [identity(data.cols), identity(data.cols)];
    for (let n = 1; n <= order; n++) {
      term = times(term, p).map((row) => row.map((value) => (-h / n) * value));
      once = mix(once, 1, term);
    }
    let expected = mix(p, 0.4, low);
    for (let step = 0; step < steps; step++) expected = times(expected, once);
    await expectScores(new Bspm({ dimensions, idealWeight: 0.4, ...options, threads: 2 }), data, expected);
  });
});

test('refused: options that make no sense, and nothing to learn from', async () => {
  const bad = expect.objectContaining({ code: 'BAD_OPTION' });
  expect(() => new GfCf({ alpha: -1 })).toThrow(bad);
  expect(() => new GfCf({ dimensions: 0 })).toThrow(bad);
  expect(() => new Bspm({ sharpening: NaN })).toThrow(bad);
  expect(() => new Bspm({ solver: 'dopri5' as 'rk4' })).toThrow(bad);
  await expect(new GfCf().fit(CsrMatrix.fromPairs(3, 3, [], []))).rejects.toMatchObject({
    code: 'EMPTY_DATA',
  });
});
