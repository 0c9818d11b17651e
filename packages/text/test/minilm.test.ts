import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { minilm, type TextEncoder } from '../src/index.js';
import { TABLE, TOKENS, WIDTH, writeTinyModel } from './tiny-model.js';

let models: string;
let encoder: TextEncoder;
beforeAll(async () => {
  models = await mkdtemp(join(tmpdir(), 'towerkit-minilm-'));
  await writeTinyModel(join(models, 'tiny'));
  encoder = await minilm({ models, model: 'tiny', threads: 1 });
});
afterAll(async () => {
  await encoder.dispose!();
  await rm(models, { recursive: true, force: true });
});

/** The mean of the tokens' rows, by hand. */
const meanOf = (...tokens: string[]): number[] =>
  Array.from({ length: WIDTH }, (_, c) => {
    const sum = tokens.reduce((total, token) => total + TABLE[TOKENS.indexOf(token) * WIDTH + c], 0);
    return sum / tokens.length;
  });

const unit = (vector: number[]) => vector.map((value) => value / Math.hypot(...vector));

const expectRow = (row: Float32Array, expected: number[]) =>
  [...row].forEach((value, c) => expect(value).toBeCloseTo(expected[c], 5));

const raw = { normalize: false };

test('a vector is the mean over the tokens, marks included, padding not', async () => {
  const out = await encoder.encode(['red', 'Blue hats, red scarf', 'hats', 'boots'], raw);
  expect([out.rows, out.cols]).toEqual([4, encoder.dimensions]);
  expectRow(out.row(0), meanOf('[CLS]', 'red', '[SEP]'));
  // The comma is no token of the model.
  expectRow(out.row(1), meanOf('[CLS]', 'blue', 'hat', '##s', '[UNK]', 'red', 'scarf', '[SEP]'));
  expectRow(out.row(2), meanOf('[CLS]', 'hat', '##s', '[SEP]'));
  expectRow(out.row(3), meanOf('[CLS]', '[UNK]', '[SEP]'));
});

test('vectors have a length of 1 unless told otherwise', async () => {
  const out = await encoder.encode(['blue hat']);
  expectRow(out.row(0), unit(meanOf('[CLS]', 'blue', 'hat', '[SEP]')));
});

test('rows stay in order, whatever the batches', async () => {
  const texts = Array.from({ length: 700 }, (_, k) => 'red '.repeat(1 + ((k * 7) % 40)));
  const expected = texts.map((text) => {
    const words = text.trim().split(' ');
    return meanOf('[CLS]', ...words, '[SEP]');
  });
  for (const batchSize of [1, 7, 256]) {
    const out = await encoder.encode(texts, { batchSize, ...raw });
    expected.forEach((vector, row) => expectRow(out.row(row), vector));
  }
});

test('a text that is too long loses its end and keeps its closing mark', async () => {
  const short = await minilm({ models, model: 'tiny', threads: 1, maxTokens: 5 });
  const [long] = ['red blue hat scarf scarf scarf'];
  const expected = meanOf('[CLS]', 'red', 'blue', 'hat', '[SEP]');
  expectRow((await short.encode([long], raw)).row(0), expected);
  const huge = 'red blue hat ' + 'scarf '.repeat(2_000_000);
  expectRow((await short.encode([huge], raw)).row(0), expected);
  await short.dispose!();
});

test('a text that says nothing has zeros', async () => {
  const out = await encoder.encode(['', ' \n\t ', '\u0000\u0007']);
  expect([...out.data]).toEqual(new Array(3 * WIDTH).fill(0));
  expect((await encoder.encode([])).rows).toBe(0);
});

test('half a character is read as U+FFFD', async () => {
  const out = await encoder.encode(['red \ud83d', 'red \ufffd', '\udc00 red'], raw);
  expect([...out.row(0)]).toEqual([...out.row(1)]);
  expect([...out.row(2)]).toEqual([...out.row(1)]);
});

test.each([[undefined], [null], [7], [Buffer.from('red')], [['red']]])('%p is no text', async (value) => {
  await expect(encoder.encode(['red', value as never])).rejects.toMatchObject({
    code: 'BAD_TEXT',
    details: { row: 1 },
  });
  await expect(encoder.encode('red' as never)).rejects.toMatchObject({ code: 'BAD_TEXT' });
});

test('progress counts every text once', async () => {
  const seen: number[] = [];
  const texts = ['red', '', 'blue', 'red hat', 'scarf'];
  await encoder.encode(texts, {
    batchSize: 2,
    onProgress: ({ stage, done, total, unit: of }) => {
      expect([stage, total, of]).toEqual(['encode', 5, 'texts']);
      seen.push(done);
    },
  });
  expect(seen).toEqual([3, 5]);
});

test('a signal stops it between batches', async () => {
  const controller = new AbortController();
  const asked = encoder.encode(['red', 'blue', 'hat'], {
    batchSize: 1,
    signal: controller.signal,
    onProgress: ({ done }) => done === 2 && controller.abort(new Error('enough')),
  });
  await expect(asked).rejects.toThrow('enough');
});

describe('the fingerprint', () => {
  test('goes by what is in the files, not by where they lie', async () => {
    await cp(join(models, 'tiny'), join(models, 'copy'), { recursive: true });
    const copy = await minilm({ models: join(models, 'copy'), threads: 1 });
    expect(copy.fingerprint).toBe(encoder.fingerprint);
    expect(copy.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    await copy.dispose!();
  });

  test('differs with the weights, their type, and the limit', async () => {
    await writeTinyModel(
      join(models, 'other'),
      TABLE.map((value) => -value),
    );
    const all = [
      await minilm({ models, model: 'other', threads: 1 }),
      await minilm({ models, model: 'tiny', threads: 1, dtype: 'q8' }),
      await minilm({ models, model: 'tiny', threads: 1, maxTokens: 9 }),
    ];
    const prints = [encoder, ...all].map(({ fingerprint }) => fingerprint);
    expect(new Set(prints).size).toBe(4);
    for (const one of all) await one.dispose!();
  });
});

test.each([
  [{ dtype: 'fp16' }],
  [{ model: '' }],
  [{ maxTokens: 2 }],
  [{ maxTokens: 65 }], // the tiny model has 64 positions
  [{ threads: 0 }],
])('refuses %p', async (options) => {
  const asked = minilm({ models, model: 'tiny', maxTokens: 9, ...(options as object) });
  await expect(asked).rejects.toMatchObject({ code: 'BAD_OPTION' });
});

test('refuses a batch of none', async () => {
  await expect(encoder.encode(['red'], { batchSize: 0 })).rejects.toMatchObject({ code: 'BAD_OPTION' });
});
