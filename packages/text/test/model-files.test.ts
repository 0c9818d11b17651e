import { expect, jest, test } from '@jest/globals';
import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { minilm } from '../src/index.js';
import { inFolder } from './in-folder.js';
import { TABLE, writeTinyModel } from './tiny-model.js';

const inModel = (use: (folder: string) => Promise<void>) =>
  inFolder(async (models) => {
    await writeTinyModel(join(models, 'tiny'));
    await use(join(models, 'tiny'));
  });

const open = (models: string) => minilm({ models, model: 'tiny', threads: 1, maxTokens: 32 });

test.each(['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model.onnx'])(
  'without %s: the error names it',
  (file) =>
    inModel(async (folder) => {
      await rm(join(folder, file));
      const expected = { code: 'BAD_MODEL', details: { file: join(folder, file) } };
      await expect(open(join(folder, '..'))).rejects.toMatchObject(expected);
      await expect(open(join(folder, '..'))).rejects.toThrow('is missing');
    }),
);

test.each(['config.json', 'tokenizer.json', 'tokenizer_config.json'])(
  '%s cut off: the error names it',
  (file) =>
    inModel(async (folder) => {
      await truncate(join(folder, file), 20);
      await expect(open(folder)).rejects.toMatchObject({
        code: 'BAD_MODEL',
        details: { file: join(folder, file) },
      });
    }),
);

test.each([0, 100])('weights cut off after %i bytes', (size) =>
  inModel(async (folder) => {
    const file = join(folder, 'onnx/model.onnx');
    await truncate(file, size);
    await expect(open(folder)).rejects.toMatchObject({ code: 'BAD_MODEL', details: { file } });
  }),
);

test('a tokenizer that is JSON and no tokenizer', () =>
  inModel(async (folder) => {
    const file = join(folder, 'tokenizer.json');
    await writeFile(file, '{"model": {"type": "none"}}');
    await expect(open(folder)).rejects.toMatchObject({ code: 'BAD_MODEL', details: { file } });
  }));

test('a configuration without sizes', () =>
  inModel(async (folder) => {
    await writeFile(join(folder, 'config.json'), '{"model_type": "bert"}');
    await expect(open(folder)).rejects.toMatchObject({ code: 'BAD_MODEL' });
  }));

test('a configuration of another width than the weights', () =>
  inModel(async (folder) => {
    const file = join(folder, 'config.json');
    const config = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify({ ...config, hidden_size: 5 }));
    const encoder = await open(folder);
    await expect(encoder.encode(['red'])).rejects.toMatchObject({ code: 'BAD_MODEL' });
  }));

test('a tokenizer that knows more words than the weights', () =>
  inModel(async (folder) => {
    await writeTinyModel(folder, TABLE.slice(0, 24)); // six tokens: up to "red"
    const encoder = await open(folder);
    expect((await encoder.encode(['red'])).rows).toBe(1);
    const said = jest.spyOn(console, 'error').mockImplementation(() => undefined); // transformers.js reports it too
    await expect(encoder.encode(['scarf'])).rejects.toMatchObject({ code: 'BAD_MODEL' });
    said.mockRestore();
  }));

test('weights that are not finite', () =>
  inModel(async (folder) => {
    await writeTinyModel(
      folder,
      TABLE.map((value, k) => (k === 20 ? NaN : value)),
    );
    const encoder = await open(folder);
    await expect(encoder.encode(['hat', 'red'])).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: expect.stringContaining('row 1'),
    });
  }));

test('a folder without the model: the hint says where it belongs', () =>
  inFolder(async (models) => {
    await expect(open(models)).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      hint: expect.stringContaining(join(models, 'tiny')),
    });
  }));
