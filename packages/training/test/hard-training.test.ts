import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeSafetensors, encodeSafetensors } from '@towerkit/core';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { train, type TrainOptions } from '../src/index.js';
import { ringHistories, toyModel, weights } from './toy.js';

const ITEMS = 30;
const hardNegatives = { ranks: [2, 12], count: 3, refresh: 4 } as const;
const base: TrainOptions = {
  model: toyModel(),
  data: { histories: ringHistories(80, ITEMS, 5, 12) },
  epochs: 3,
  seed: 3,
  threads: 1,
  batches: { batchSize: 48, maxLength: 6, negatives: [{ proposal: { kind: 'uniform' }, count: 6 }] },
  optimizer: { learningRate: 0.02 },
  hardNegatives,
};

describe('training with hard negatives', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'towerkit-hard-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('the worker changes nothing; hard negatives, their weight and their ranks do', async () => {
    const trained = weights(await train(base));
    expect(weights(await train({ ...base, worker: false }))).toBe(trained);
    for (const other of [
      undefined,
      { ...hardNegatives, weight: 0.5 },
      { ...hardNegatives, ranks: [13, 20] as const },
    ])
      expect(weights(await train({ ...base, hardNegatives: other }))).not.toBe(trained);
  });

  test('interrupted between two refreshes and resumed, it goes on bit for bit', async () => {
    const whole = await train({ ...base, hardNegatives: { ...hardNegatives, share: { from: 0.2, to: 1 } } });
    const checkpoint = { folder: join(folder, 'resume'), resume: true };
    const options = { ...base, hardNegatives: { ...hardNegatives, share: { from: 0.2, to: 1 } }, checkpoint };
    const controller = new AbortController();
    const callbacks = [{ onStep: ({ step }: { step: number }) => void (step === 6 && controller.abort()) }];
    await train({ ...options, signal: controller.signal, callbacks });
    expect(weights(await train(options))).toBe(weights(whole));
    await expect(train({ ...options, hardNegatives })).rejects.toMatchObject({
      code: 'OTHER_RUN',
      details: { changed: expect.arrayContaining(['hardNegatives.share']) },
    });
  });

  test('a checkpoint whose lists name items that there are not is refused', async () => {
    const options = { ...base, epochs: 1, checkpoint: { folder: join(folder, 'lists'), resume: true } };
    await train(options);
    const path = join(options.checkpoint.folder, 'last.safetensors');
    const { tensors, metadata } = decodeSafetensors(await readFile(path));
    tensors['hard#lists'].data[5] = ITEMS;
    await writeFile(path, encodeSafetensors(tensors, metadata));
    await expect(train(options)).rejects.toMatchObject({ code: 'BAD_CHECKPOINT' });
  });

  test.each([
    [{ ranks: [0, 5] }, 'ranks'],
    [{ ranks: [6, 5] }, 'ranks'],
    [{ ranks: [1, ITEMS] }, 'ranks'],
    [{ ranks: { from: [1, 5], to: [1.5, 5] } }, 'ranks'],
    [{ ranks: [1, 5], count: 0 }, 'count'],
    [{ ranks: [1, 5], refresh: 0 }, 'refresh'],
    [{ ranks: [1, 5], share: 1.1 }, 'share'],
    [{ ranks: [1, 5], share: { from: 0, to: NaN } }, 'share'],
    [{ ranks: [1, 5], weight: 0 }, 'weight'],
  ] as [NonNullable<TrainOptions['hardNegatives']>, string][])('%j is refused', async (options, option) => {
    await expect(train({ ...base, hardNegatives: options })).rejects.toMatchObject({
      code: 'BAD_OPTION',
      details: { option },
    });
  });
});
