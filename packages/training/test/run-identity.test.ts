import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CsrMatrix, Matrix } from '@towerkit/core';
import {
  gruTower,
  infoNce,
  itemTower,
  mse,
  prefixMean,
  twoTower,
  type Tower,
  type TwoTower,
} from '@towerkit/towers';
import * as tf from '@tensorflow/tfjs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { numberRows, train, trainRows, type TrainOptions, type ValidationOptions } from '../src/index.js';
import { holdOut, ringHistories, weights } from './toy.js';

const D = 4;
const histories = ringHistories(40, 10);
const held = holdOut(histories);
const withValues = (value: (place: number) => number, { rows, cols, indptr, indices } = histories) =>
  new CsrMatrix(
    rows,
    cols,
    indptr,
    indices,
    Float32Array.from(indices, (_, place) => value(place)),
  );
const rated = withValues((place) => 1 + (place % 5));
const price = (first: number) => new Matrix(10, 1, new Float32Array(10).fill(1).fill(first, 0, 1));
const swapped = () => {
  const indices = histories.indices.slice();
  const place = indices.findIndex((item, at) => at > 0 && item !== indices[0]);
  [indices[0], indices[place]] = [indices[place], indices[0]];
  return new CsrMatrix(histories.rows, histories.cols, histories.indptr, indices);
};

/** Two of these are alike in everything that they say of themselves. */
const scaledMean = (scale: number): Tower => ({
  name: 'scaled',
  dimensions: D,
  inputs: { history: { kind: 'history', dimensions: D } },
  init: () => ({}),
  apply: (_, inputs, context) => tf.mul(prefixMean(inputs.history as tf.Tensor3D, context), scale),
});
const silentDropout = (rate: number): Tower => ({
  ...scaledMean(1),
  apply: (_, inputs, context) => prefixMean(context.dropout(inputs.history as tf.Tensor3D, rate), context),
});

const model = (options: Partial<Parameters<typeof twoTower>[0]> = {}): TwoTower =>
  twoTower({
    item: itemTower({ dimensions: D }),
    user: gruTower({ dimensions: D, dropout: 0.2 }),
    ...options,
  });
const priced = model({ item: itemTower({ dimensions: D, numeric: { price: 1 } }) });
const cosine = (temperature: number) => model({ normalize: true, loss: infoNce({ temperature }) });
const watchedByRmse = (
  range: [number, number],
  more: Partial<ValidationOptions> = {},
): Partial<TrainOptions> => ({
  model: model({ loss: mse({ range }) }),
  data: { histories: rated },
  validation: { targets: rated, metrics: ['rmse'], ...more },
  earlyStopping: { metric: 'rmse' },
});
const base = { model: model(), data: { histories }, epochs: 1, threads: 1, worker: false };

describe('a checkpoint belongs to its run', () => {
  let root: string;
  let folders = 0;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'towerkit-identity-'));
  });
  afterAll(() => rm(root, { recursive: true }));
  const fresh = () => ({ folder: join(root, String(folders++)), resume: true });

  test.each<[string, string, Partial<TrainOptions>, Partial<TrainOptions>]>([
    [
      'dropout',
      'userTower.dropout, graph',
      {},
      { model: model({ user: gruTower({ dimensions: D, dropout: 0.3 }) }) },
    ],
    ['the temperature', 'loss.temperature, graph', { model: cosine(0.1) }, { model: cosine(0.2) }],
    [
      'the offset of mse',
      'loss.offset, graph',
      { model: model({ loss: mse({ offset: 1 }) }), data: { histories: rated } },
      { model: model({ loss: mse({ offset: 2 }) }), data: { histories: rated } },
    ],
    [
      'a constant inside a tower',
      'graph',
      { model: model({ user: scaledMean(1) }) },
      { model: model({ user: scaledMean(2) }) },
    ],
    [
      'dropout inside a tower that does not say so',
      'graph',
      { model: model({ user: silentDropout(0.1) }) },
      { model: model({ user: silentDropout(0.2) }) },
    ],
    ['histories of equal size', 'histories', {}, { data: { histories: swapped() } }],
    [
      'ratings',
      'ratings',
      { data: { histories: rated } },
      { data: { histories: withValues((place) => 1 + ((place + 1) % 5)) } },
    ],
    [
      'a feature',
      'itemData.price',
      { model: priced, data: { histories, items: { features: { price: price(1) } } } },
      { model: priced, data: { histories, items: { features: { price: price(2) } } } },
    ],
    ['the seed', 'seed', { seed: 1 }, { seed: 2 }],
    ...(
      [
        ['ratings held back', 'heldBack', [1, 5], { ratings: withValues((place) => 1 + (place % 4)) }],
        ['range of ratings', 'range', [1, 6], {}],
      ] as [string, string, [number, number], Partial<ValidationOptions>][]
    ).map(([what, named, range, more]): [string, string, Partial<TrainOptions>, Partial<TrainOptions>] => [
      what,
      named,
      watchedByRmse([1, 5]),
      watchedByRmse(range, more),
    ]),
    [
      'items that are not ranked',
      'leftOut',
      { data: { histories: held.train }, validation: { targets: held.targets } },
      { data: { histories: held.train }, validation: { targets: held.targets, leftOut: histories } },
    ],
    ['the length of the schedule', 'scheduleEpochs', {}, { epochs: 2 }],
  ])('another in %s is refused by name: %s', async (_, named, before, after) => {
    const checkpoint = fresh();
    await train({ ...base, ...before, checkpoint });
    await train({ ...base, ...before, checkpoint }); // the same again is welcome
    await expect(train({ ...base, ...after, checkpoint })).rejects.toMatchObject({
      code: 'OTHER_RUN',
      message: expect.stringMatching(new RegExp(`differs in ${named.replaceAll('.', '\\.')}$`)),
    });
  });

  test('the vectors that it started from need not be computed again', async () => {
    const checkpoint = fresh();
    const start = { 'item/id': new Matrix(10, D, new Float32Array(10 * D).fill(0.5)) };
    const constant = { ...base, optimizer: { schedule: 'constant' as const } };
    const whole = await train({ ...constant, start, epochs: 2 });
    await train({ ...constant, start, checkpoint });
    expect(weights(await train({ ...constant, epochs: 2, checkpoint }))).toBe(weights(whole));
  });

  test('of rows: the task, and rows as many as before', async () => {
    const task = (scale: number) => ({
      inputs: { x: 1 },
      init: () => ({ w: { shape: [1], data: new Float32Array(1) } }),
      loss: (parameters: Record<string, tf.Tensor>, { x }: Record<string, tf.Tensor>) =>
        tf.square(tf.sub(tf.sum(x, 1), tf.mul(parameters.w, scale))) as tf.Tensor1D,
    });
    const rows = (last: number) => ({ count: 3, inputs: { x: numberRows([1, 2, last]) } });
    const checkpoint = fresh();
    const run = (scale: number, last: number) =>
      trainRows({ task: task(scale), rows: rows(last), epochs: 1, threads: 1, checkpoint });
    await run(1, 3);
    await run(1, 3);
    await expect(run(2, 3)).rejects.toMatchObject({ code: 'OTHER_RUN', details: { changed: ['graph'] } });
    await expect(run(1, 4)).rejects.toMatchObject({ code: 'OTHER_RUN', details: { changed: ['rows.x'] } });
  });

  test('part of a longer schedule is that part of the longer run, and can be continued', async () => {
    const options = { ...base, data: { histories: ringHistories(80, 10) } };
    const rates = (to: number[]) => [
      { onStep: ({ learningRate }: { learningRate: number }) => void to.push(learningRate) },
    ];
    const [whole, part, alone]: number[][] = [[], [], []];
    const six = await train({ ...options, epochs: 6, callbacks: rates(whole) });
    const checkpoint = fresh();
    const optimizer = { scheduleEpochs: 6 };
    await train({ ...options, epochs: 3, optimizer, checkpoint, callbacks: rates(part) });
    expect(part).toEqual(whole.slice(0, part.length));
    const continued = await train({ ...options, epochs: 6, checkpoint });
    expect(weights(continued)).toBe(weights(six));
    await train({ ...options, epochs: 3, callbacks: rates(alone) });
    expect(alone.at(-1)).toBeLessThan(part.at(-1)! / 2);
  });

  test.each([
    { epochs: 0 },
    { epochs: 3, optimizer: { scheduleEpochs: 2 } },
    { optimizer: { scheduleEpochs: 10.5 } },
  ])('%j is no length of a run', async (options) => {
    await expect(train({ ...base, ...options })).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });
});
