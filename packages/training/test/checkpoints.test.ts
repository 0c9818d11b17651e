import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeSafetensors, encodeSafetensors, isTowerkitError } from '@towerkit/core';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { train } from '../src/index.js';
import { base, targets, weights } from './toy.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-checkpoints-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('checkpoints of a run', () => {
  test('interrupted and resumed, also within an epoch, it goes on bit for bit', async () => {
    const options = {
      ...base,
      validation: { targets },
      optimizer: { learningRate: 0.02, schedule: 'cosine' as const },
    };
    const whole = await train(options);
    for (const stopAt of [3, 9]) {
      const checkpoint = { folder: join(folder, `resume-${stopAt}`), resume: true };
      const controller = new AbortController();
      const first = await train({
        ...options,
        checkpoint,
        signal: controller.signal,
        callbacks: [{ onStep: ({ step }) => void (step === stopAt && controller.abort()) }],
      });
      expect(first.interrupted).toBe(true);
      const second = await train({ ...options, checkpoint });
      expect(weights(second)).toBe(weights(whole));
      expect(second.epochs.map(({ loss }) => loss)).toEqual(whole.epochs.map(({ loss }) => loss));
      expect(second.best).toEqual(whole.best);
    }
  });

  test('a checkpoint of other settings, or a damaged one, is refused', async () => {
    const checkpoint = { folder: join(folder, 'other'), resume: true };
    await train({ ...base, epochs: 1, checkpoint });
    await expect(train({ ...base, seed: 9, checkpoint })).rejects.toMatchObject({ code: 'OTHER_RUN' });
    const file = join(checkpoint.folder, 'last.safetensors');
    const bytes = await readFile(file);
    const { tensors, metadata } = decodeSafetensors(bytes);
    for (const damaged of [
      bytes.subarray(0, 2000),
      encodeSafetensors(tensors, { version: metadata.version }),
      encodeSafetensors(tensors, { ...metadata, progress: '{' }),
    ]) {
      await writeFile(file, damaged);
      await expect(train({ ...base, epochs: 1, checkpoint })).rejects.toMatchObject({
        code: 'BAD_CHECKPOINT',
      });
    }
  });

  test('a checkpoint that is no regular file is refused at once', async () => {
    const checkpoint = { folder: join(folder, 'pipe'), resume: true };
    const file = join(checkpoint.folder, 'last.safetensors');
    await mkdir(file, { recursive: true });
    await expect(train({ ...base, checkpoint })).rejects.toMatchObject({ code: 'BAD_CHECKPOINT' });
    if (process.platform === 'win32') return;
    await rm(file, { recursive: true });
    execFileSync('mkfifo', [file]);
    await expect(train({ ...base, checkpoint })).rejects.toMatchObject({
      code: 'BAD_CHECKPOINT',
      message: expect.stringMatching(/not a regular file/),
    });
  });

  test('of two runs with one folder of checkpoints one is LOCKED', async () => {
    const checkpoint = { folder: join(folder, 'shared') };
    const run = () => train({ ...base, epochs: 1, checkpoint });
    const ended = await Promise.allSettled([run(), run()]);
    expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(ended).toContainEqual(
      expect.objectContaining({ reason: expect.objectContaining({ code: 'LOCKED' }) }),
    );
    expect(await readdir(checkpoint.folder)).toEqual(['last.safetensors']);
  });

  test('a loss that is not finite stops with the step, the last good checkpoint kept', async () => {
    const checkpoint = { folder: join(folder, 'nan'), everySteps: 1 };
    const bad = { ...base, checkpoint, optimizer: { learningRate: 1e25 } };
    const error = await train(bad).catch((error: unknown) => error);
    expect(isTowerkitError(error, 'LOSS_NOT_FINITE')).toBe(true);
    const { step } = (error as { details: { step: number } }).details;
    expect(step).toBeGreaterThan(1);
    expect(await readdir(checkpoint.folder)).toEqual(['last.safetensors']);
    const text = (await readFile(join(checkpoint.folder, 'last.safetensors'))).toString('latin1', 0, 3000);
    expect(Number(/\\"step\\":(\d+)/.exec(text)![1])).toBeLessThan(step);
  });
});
