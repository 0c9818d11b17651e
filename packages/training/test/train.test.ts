import { beforeAll, afterAll, describe, expect, test } from '@jest/globals';
import { CsrMatrix, decodeSafetensors, encodeSafetensors, isTowerkitError, Matrix } from '@towerkit/core';
import { createEngine } from '@towerkit/engine';
import { infoNce, itemTower, mlpTower, mse, twoTower, gruTower } from '@towerkit/towers';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { metricsLog, train, type TrainOptions, type TrainResult } from '../src/index.js';
import { holdOut, ringHistories, toyModel } from './toy.js';

const { train: histories, targets } = holdOut(ringHistories(150, 20));
const base: TrainOptions = {
  model: toyModel(),
  data: { histories },
  epochs: 4,
  seed: 3,
  threads: 1,
  batches: { batchSize: 64, maxLength: 8, negatives: [{ proposal: { kind: 'uniform' }, count: 10 }] },
  optimizer: { learningRate: 0.02 },
};

const weights = ({ state }: TrainResult) =>
  JSON.stringify([
    Object.values(state.parameters).map(({ table }) => Array.from(table.values)),
    Object.values(state.tables).map(({ values }) => Array.from(values)),
  ]);

describe('train', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'towerkit-train-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('learns what comes next', async () => {
    const { epochs, best } = await train({ ...base, epochs: 12, validation: { targets } });
    const losses = epochs.map(({ loss }) => loss);
    expect(losses.at(-1)).toBeLessThan(0.7 * losses[0]);
    expect(epochs[0].examples).toBe(
      histories.entries -
        Array.from({ length: histories.rows }, (_, u) => histories.row(u)).filter((r) => r.length > 0).length,
    );
    // Nine of ten steps go to the next item on a ring of twenty: chance is 1 in 20.
    expect(epochs[best!.epoch - 1].metrics['hr@10'].value).toBeGreaterThan(0.8);
    expect(epochs[best!.epoch - 1].metrics['ndcg@10'].value).toBeGreaterThan(0.5);
  });

  test('the same seed gives the same weights, with and without the worker; another seed others', async () => {
    const [a, b, c] = [
      await train(base),
      await train({ ...base, worker: false }),
      await train({ ...base, seed: 4 }),
    ];
    expect(weights(b)).toBe(weights(a));
    expect(weights(c)).not.toBe(weights(a));
  });

  test('the eager engine takes the same path', async () => {
    const engine = await createEngine({ kind: 'tfjs', backend: 'cpu' });
    const [compiled, eager] = [
      await train({ ...base, epochs: 2 }),
      await train({ ...base, epochs: 2, engine }),
    ];
    await engine.dispose();
    eager.epochs.forEach(({ loss }, e) => expect(loss).toBeCloseTo(compiled.epochs[e].loss, 4));
  });

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

  test('early stopping keeps the best epoch', async () => {
    const result = await train({
      ...base,
      epochs: 30,
      optimizer: { learningRate: 0.05 },
      validation: { targets },
      earlyStopping: { metric: 'ndcg@10', patience: 2 },
    });
    const values = result.epochs.map(({ metrics }) => metrics['ndcg@10'].value);
    expect(result.epochs.length).toBeLessThan(30);
    expect(result.best!.value).toBe(Math.max(...values));
    expect(result.epochs.length - result.best!.epoch).toBe(2);
    await expect(
      train({ ...base, epochs: 1, validation: { targets }, earlyStopping: { metric: 'hr@99' } }),
    ).rejects.toMatchObject({ code: 'UNKNOWN_METRIC' });
  });

  test('features, categories, user ids and every loss go through', async () => {
    const items = {
      categories: { parity: { codes: Int32Array.from({ length: 20 }, (_, i) => i % 2), size: 2 } },
      features: {
        angle: new Matrix(
          20,
          2,
          Float32Array.from({ length: 40 }, (_, i) => Math.sin((i >> 1) + (i & 1))),
        ),
      },
    };
    const rated = new CsrMatrix(
      histories.rows,
      20,
      histories.indptr,
      histories.indices,
      Float32Array.from(histories.indices, (item) => 1 + (item % 5)),
    );
    const item = itemTower({ dimensions: 8, categories: { parity: 4 }, numeric: { angle: 2 } });
    for (const model of [
      twoTower({ item, user: gruTower({ dimensions: 8, id: 4, mean: true }) }),
      twoTower({ item, user: gruTower({ dimensions: 8 }), normalize: true, loss: infoNce() }),
      twoTower({ item, user: gruTower({ dimensions: 8 }), loss: mse({ offset: 3 }) }),
      twoTower({
        item,
        user: mlpTower({ dimensions: 8, inputs: { id: { kind: 'embedding', of: 'id', dimensions: 4 } } }),
      }),
    ]) {
      const { epochs } = await train({ ...base, model, data: { histories: rated, items }, epochs: 6 });
      expect(epochs.at(-1)!.loss).toBeLessThan(epochs[0].loss);
    }
    await expect(
      train({ ...base, model: twoTower({ item, user: gruTower({ dimensions: 8 }) }) }),
    ).rejects.toMatchObject({
      code: 'MISSING_FEATURE',
    });
  });

  test('vectors can start from a given matrix', async () => {
    const start = new Matrix(
      20,
      8,
      Float32Array.from({ length: 160 }, (_, i) => i / 160),
    );
    const { state } = await train({
      ...base,
      epochs: 1,
      optimizer: { learningRate: 0 },
      start: { 'item/id': start },
    });
    expect(state.tables['item/id'].values).toEqual(start.data);
    await expect(train({ ...base, start: { 'item/id': new Matrix(3, 8) } })).rejects.toMatchObject({
      code: 'SHAPE_MISMATCH',
    });
    await expect(train({ ...base, start: { 'item/x': start } })).rejects.toMatchObject({
      code: 'UNKNOWN_TABLE',
    });
  });

  test.each([
    ['a bias by default', {}, true],
    ['none with bias: false', { bias: false }, false],
    ['none with normalize', { normalize: true, loss: infoNce() }, false],
  ])('%s, in the model, its tables and its width alike', async (_, options, bias) => {
    const model = twoTower({
      item: itemTower({ dimensions: 8 }),
      user: gruTower({ dimensions: 8 }),
      ...options,
    });
    const { state } = await train({ ...base, model, epochs: 1, validation: { targets } });
    expect(model.bias).toBe(bias);
    expect('bias' in model.itemInputs).toBe(bias);
    expect('item/bias' in state.tables).toBe(bias);
    expect(model.dimensions).toBe(bias ? 9 : 8);
  });

  test('a loss of ratings without ratings, or with one that is no number, says so', async () => {
    const model = twoTower({
      item: itemTower({ dimensions: 8 }),
      user: gruTower({ dimensions: 8 }),
      loss: mse(),
    });
    await expect(train({ ...base, model })).rejects.toMatchObject({
      code: 'NO_RATINGS',
      message: expect.stringContaining('"mse"'),
      hint: expect.stringContaining('rating column'),
    });
    const values = new Float32Array(histories.entries).fill(3);
    values[histories.indptr[2] + 1] = NaN;
    const { rows, cols, indptr, indices } = histories;
    const rated = new CsrMatrix(rows, cols, indptr, indices, values);
    await expect(train({ ...base, model, data: { histories: rated } })).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: 'the rating 1 of user 2 is NaN, not a number',
    });
  });

  test('nothing to learn from is an error', async () => {
    const empty = new CsrMatrix(2, 3, Int32Array.of(0, 1, 2), Int32Array.of(0, 1));
    await expect(train({ ...base, data: { histories: empty } })).rejects.toMatchObject({
      code: 'EMPTY_DATA',
    });
  });

  test('metrics.jsonl holds a line an epoch', async () => {
    const path = join(folder, 'deep', 'metrics.jsonl');
    await train({ ...base, epochs: 2, validation: { targets }, callbacks: [metricsLog(path)] });
    const lines = (await readFile(path, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(lines[0].metrics['hr@10'].users).toBe(lines[1].metrics['hr@10'].users);
  });
});
