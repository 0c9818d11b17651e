import { describe, expect, test } from '@jest/globals';
import { recommenderSuite } from '@towerkit/conformance';
import { CsrMatrix, Rng } from '@towerkit/core';

import { Ease } from '../src/index.js';

recommenderSuite('Ease', {
  make: () => new Ease({ regularization: 5, threads: 1 }),
  load: Ease.load,
  kind: 'ease',
  explains: true,
});

/** B in float64, by Gauss-Jordan elimination of the whole matrix. */
function expectedWeights(x: CsrMatrix, lambda: number): Float64Array[] {
  const n = x.cols;
  const dense = Array.from({ length: x.rows }, () => new Float64Array(n));
  for (let row = 0; row < x.rows; row++)
    for (let k = x.indptr[row]; k < x.indptr[row + 1]; k++)
      dense[row][x.indices[k]] = x.values ? dense[row][x.indices[k]] + x.values[k] : 1;
  const system = Array.from({ length: n }, (_, i) =>
    Float64Array.from({ length: 2 * n }, (_, j) =>
      j >= n
        ? Number(j - n === i)
        : dense.reduce((sum, row) => sum + row[i] * row[j], 0) + (i === j ? lambda : 0),
    ),
  );
  for (let k = 0; k < n; k++) {
    const inverse = 1 / system[k][k];
    for (let j = 0; j < 2 * n; j++) system[k][j] *= inverse;
    for (let i = 0; i < n; i++)
      if (i !== k) for (let j = 2 * n - 1, f = system[i][k]; j >= 0; j--) system[i][j] -= f * system[k][j];
  }
  return system.map((row, i) =>
    Float64Array.from({ length: n }, (_, j) => (i === j ? 0 : -row[n + j] / system[j][n + j])),
  );
}

function random(rows: number, cols: number, entries: number, valued = false): CsrMatrix {
  const rng = new Rng(rows);
  const draw = (bound: number) =>
    Array.from({ length: entries }, () => Math.floor(bound * rng.uniform() ** 2));
  const values = valued ? Array.from({ length: entries }, () => rng.uniform()) : undefined;
  return CsrMatrix.fromPairs(rows, cols, draw(rows), draw(cols), values);
}

async function scores(model: Ease, history: number[]): Promise<Float32Array> {
  const out = new Float32Array(model.items);
  await model.score([history], out);
  return out;
}

describe('Ease', () => {
  test.each([
    ['1 item', random(3, 1, 2), 1],
    ['one block of columns', random(90, 61, 400), 3],
    ['with values', random(90, 62, 400, true), 0.5],
    ['several blocks of columns', random(500, 530, 4000), 20],
  ])(
    'equals a float64 reference: %s',
    async (_case, data, regularization) => {
      const model = new Ease({ regularization, threads: 2 });
      await model.fit(data);
      const weights = expectedWeights(data, regularization);
      const largest = Math.max(
        1e-12,
        ...weights.map((row) => row.reduce((most, b) => Math.max(most, Math.abs(b)), 0)),
      );
      for (let item = 0; item < data.cols; item += 7)
        (await scores(model, [item])).forEach((score, j) =>
          expect(Math.abs(score - weights[item][j]) / largest).toBeLessThan(2e-5),
        );
      await model.dispose();
    },
    60_000,
  );

  test('the same bits on any number of threads', async () => {
    const data = random(300, 290, 2000);
    const [one, two] = await Promise.all(
      [1, 2].map(async (threads) => {
        const model = new Ease({ threads });
        await model.fit(data);
        const all = await Promise.all(Array.from({ length: data.cols }, (_, item) => scores(model, [item])));
        await model.dispose();
        return all;
      }),
    );
    expect(two).toEqual(one);
  });

  test('two items always bought together, worked by hand', async () => {
    // X'X + 1 = [3 2; 2 3], its inverse [3 -2; -2 3] / 5: B = 2 / 3 off the diagonal.
    const model = new Ease({ regularization: 1 });
    await model.fit(CsrMatrix.fromPairs(2, 2, [0, 0, 0, 1, 1], [0, 1, 1, 0, 1]));
    expect((await scores(model, [0]))[1]).toBeCloseTo(2 / 3, 6);
    expect(model.explain([1, 1], 0)).toEqual([{ item: 1, weight: expect.closeTo(2 / 3, 6) }]);
    await model.dispose();
  });

  test('refuses a catalog that is too large, with the bytes and the next step', async () => {
    const wide = (items: number) => new CsrMatrix(1, items, Int32Array.of(0, 1), Int32Array.of(0));
    await expect(new Ease().fit(wide(26_354))).rejects.toMatchObject({
      code: 'TOO_LARGE',
      message: expect.stringMatching(/26354 items needs \d{10} bytes \(2\.6\d GiB\).*1\.00 GiB/),
      hint: expect.stringMatching(/raise maxMemory to \d{10}.*ItemKnn/),
      details: { items: 26_354, bytes: expect.any(Number), maxMemory: 2 ** 30 },
    });
    await expect(new Ease({ maxMemory: 2 ** 40 }).fit(wide(40_981))).rejects.toMatchObject({
      code: 'TOO_LARGE',
      hint: expect.stringContaining('4 GiB at most'),
    });
  });

  test('data and options that it cannot use', async () => {
    await expect(new Ease().fit(CsrMatrix.fromPairs(2, 0, [], []))).rejects.toMatchObject({
      code: 'EMPTY_DATA',
    });
    const bad = CsrMatrix.fromPairs(2, 2, [0, 1], [0, 1], [1, -1]);
    await expect(new Ease().fit(bad)).rejects.toMatchObject({ code: 'BAD_VALUE', details: { row: 1 } });
    const singular = CsrMatrix.fromPairs(1, 2, [0, 0], [0, 1], [3000, 3000]);
    await expect(new Ease({ regularization: 1e-9 }).fit(singular)).rejects.toMatchObject({
      code: 'NOT_POSITIVE_DEFINITE',
    });
    for (const options of [{ regularization: 0 }, { maxMemory: -1 }, { threads: 1.5 }])
      expect(() => new Ease(options)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });

  test('without an interaction nothing is recommended over anything', async () => {
    const model = new Ease();
    await model.fit(CsrMatrix.fromPairs(2, 3, [], []));
    expect(Array.from(await scores(model, [1]))).toEqual([0, 0, 0]);
    await model.dispose();
  });

  test('can be stopped in the middle', async () => {
    const controller = new AbortController();
    const fit = new Ease().fit(random(400, 600, 3000), {
      signal: controller.signal,
      onProgress: ({ done }) => done > 600 && controller.abort(new Error('enough')),
    });
    await expect(fit).rejects.toThrow('enough');
  });
});
