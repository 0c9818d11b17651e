import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { minilm, type TextEncoder } from '../src/index.js';
import { sharedFolder } from './shared.js';

const models = join(sharedFolder() ?? '', 'models');
const where = sharedFolder() && existsSync(join(models, 'all-MiniLM-L6-v2')) ? describe : describe.skip;

const LONG = 'word '.repeat(600);

/** What sentence-transformers 6.2.0 (PyTorch 2.15) gives for the published weights: the first eight values. */
const REFERENCE: readonly [string, readonly number[]][] = [
  ['Mario Party 4', [-0.0299, 0.02881, 0.0043, -0.00892, -0.07651, 0.05599, 0.06224, -0.0589]],
  [
    'A cosy farming game for the whole family, with cows, crops and a café by the sea',
    [-0.00942, 0.02184, -0.02207, -0.03742, -0.01282, 0.00796, 0.00733, -0.0544],
  ],
  [
    'Forza Motorsport 6: NASCAR Expansion - Xbox One Digital Code',
    [-0.04413, -0.01628, -0.08551, -0.02254, -0.00668, 0.07343, -0.0592, -0.03396],
  ],
  ['ゼルダの伝説', [-0.00318, 0.07653, 0.068, 0.00548, -0.05091, 0.05389, 0.06823, 0.04702]],
  [LONG, [-0.00812, -0.09559, -0.03867, 0.04966, -0.04379, 0.02372, -0.01814, -0.02021]],
];

where('all-MiniLM-L6-v2', () => {
  let encoder: TextEncoder;
  beforeAll(async () => {
    encoder = await minilm({ models, threads: 1 });
  });
  afterAll(() => encoder.dispose!());

  test('gives the vectors of sentence-transformers, batched and cut off as there', async () => {
    expect([encoder.name, encoder.dimensions]).toEqual(['all-MiniLM-L6-v2', 384]);
    const out = await encoder.encode(REFERENCE.map(([text]) => text));
    REFERENCE.forEach(([, values], row) =>
      values.forEach((value, c) => expect(Math.abs(out.row(row)[c] - value)).toBeLessThan(2e-5)),
    );
    expect(out.row(0).reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5);
  });

  test('padding does not change a vector', async () => {
    const [alone, together] = [
      await encoder.encode(['Mario Party 4']),
      await encoder.encode([LONG, 'Mario Party 4']),
    ];
    alone.data.forEach((value, c) => expect(Math.abs(together.row(1)[c] - value)).toBeLessThan(1e-5));
  });

  test('int8 weights point the same way', async () => {
    const small = await minilm({ models, threads: 1, dtype: 'q8' });
    expect(small.fingerprint).not.toBe(encoder.fingerprint);
    const texts = REFERENCE.slice(0, 3).map(([text]) => text);
    const [a, b] = [await encoder.encode(texts), await small.encode(texts)];
    for (let row = 0; row < 3; row++)
      expect(a.row(row).reduce((sum, value, c) => sum + value * b.row(row)[c], 0)).toBeGreaterThan(0.995);
    await small.dispose!();
  });
});
