import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CsrMatrix, Rng } from '@towerkit/core';
import { createEngine } from '@towerkit/engine';
import { dislikes, gruTower, infoNce, itemTower, twoTower, wholeSoftmax } from '@towerkit/towers';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BatchAssembler, initialState, train, type TrainOptions } from '../src/index.js';
import { checkWhole, MOST_ITEMS } from '../src/batches/whole-catalog.js';
import { InlineStream } from '../src/batches/inline-stream.js';
import { base, histories, targets, toyModel, trainInTwo, weights } from './toy.js';

const all: TrainOptions = { ...base, batches: { batchSize: 64, maxLength: 8, negatives: 'all' } };
const items = histories.cols;

describe('batches against the whole catalog', () => {
  test('hold every item once, in order, and each history item and target in its column', () => {
    const assembler = new BatchAssembler({ histories }, all.batches);
    const stream = new InlineStream(assembler, 1);
    stream.start(1, 0);
    let examples = 0;
    for (let batch = stream.next(); batch; batch = stream.next()) {
      const { steps, candidates, rows, whole } = assembler.shapes[batch.bucket];
      expect({ candidates, rows, whole }).toEqual({ candidates: items + 1, rows: items + 1, whole: true });
      expect(batch.itemCount).toBe(items);
      expect([...batch.items.subarray(0, items)]).toEqual([...Array(items).keys()]);
      expect([...batch.logQ]).toEqual([...new Array(items).fill(0), Infinity]);
      for (let e = 0; e < batch.examples; e++) {
        const row = histories.row(batch.users[batch.positionUser[e]]);
        const place = batch.positions[e];
        const at = place % steps;
        const known = batch.history.subarray(place - at, place + 1);
        // The window of the user's history that ends here, and what comes next.
        const ends = [...row.keys()].filter(
          (end) =>
            end >= at &&
            known.every((column, i) => column === row[end - at + i]) &&
            row[end + 1] === batch!.positives[e],
        );
        expect(ends.length).toBeGreaterThan(0);
        examples++;
      }
      const masked = new Set<string>();
      for (let k = 0; k < batch.masked.length; k += 2)
        masked.add(`${batch.masked[k]} ${batch.masked[k + 1]}`);
      for (let e = 0; e < batch.examples; e++)
        for (let item = 0; item < items; item++) {
          const own = histories.row(batch.users[batch.positionUser[e]]).includes(item);
          expect(masked.has(`${e} ${item}`)).toBe(own && item !== batch.positives[e]);
        }
    }
    expect(examples).toBe(assembler.sequences.examples);
  });

  test('an item that no example has is no candidate where unseen ones are left out', () => {
    const wider = CsrMatrix.fromRows(
      Array.from({ length: histories.rows }, (_, user) => histories.row(user)),
      items + 1,
    );
    const assembler = new BatchAssembler({ histories: wider }, { ...all.batches, unseen: false });
    const stream = new InlineStream(assembler, 1);
    stream.start(1, 0);
    expect([...stream.next()!.logQ]).toEqual([...new Array(items).fill(0), Infinity, Infinity]);
  });
});

describe('training against the whole catalog', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'towerkit-whole-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('learns, and the compiled engine does as the eager one', async () => {
    const compiled = await train({ ...all, epochs: 6, validation: { targets }, earlyStopping: false });
    const losses = compiled.epochs.map(({ loss }) => loss);
    expect(losses.at(-1)!).toBeLessThan(0.8 * losses[0]);
    const engine = await createEngine({ kind: 'tfjs', backend: 'cpu' });
    const optimizer = { ...all.optimizer, scheduleEpochs: 6 };
    const eager = await train({ ...all, epochs: 2, optimizer, engine });
    eager.epochs.forEach(({ loss }, epoch) => expect(loss).toBeCloseTo(losses[epoch], 4));
    await engine.dispose();
  });

  test('one step moves every row of the item table by the learning rate, as plain Adam does', async () => {
    const before = initialState(all.model, all.data, new Rng(all.seed!).fork('start')).tables['item/id'];
    const controller = new AbortController();
    const { state } = await train({
      ...all,
      optimizer: { learningRate: 0.02, schedule: 'constant' },
      signal: controller.signal,
      callbacks: [{ onStep: () => controller.abort() }],
    });
    state.tables['item/id'].values.forEach((value, i) =>
      expect(Math.abs(Math.abs(value - before.values[i]) - 0.04)).toBeLessThan(1e-3),
    );
  });

  test('interrupted and resumed, it goes on bit for bit', async () => {
    const options = { ...all, validation: { targets } };
    const whole = await train(options);
    const checkpoint = { folder: join(folder, 'resumed'), resume: true };
    const resumed = await trainInTwo(options, checkpoint.folder);
    expect(weights(resumed)).toBe(weights(whole));
    await expect(train({ ...base, checkpoint })).rejects.toMatchObject({ code: 'OTHER_RUN' });
  });

  test.each([
    ['label smoothing', wholeSoftmax({ smoothing: 0.2 })],
    ['a loss that knows nothing of it', infoNce({ temperature: 0.5 })],
  ])('with %s it learns, hard negatives beside', async (_, loss) => {
    const model = twoTower({ item: itemTower({ dimensions: 8 }), user: gruTower({ dimensions: 8 }), loss });
    const { epochs } = await train({ ...all, model, hardNegatives: { ranks: [1, 5], count: 2 } });
    expect(epochs.at(-1)!.loss).toBeLessThan(epochs[0].loss);
  });
});

describe('what is refused', () => {
  const shapes = [{ whole: true }, { whole: true }];

  test('a catalog that is too large, with the memory and what to use', () => {
    expect(() => checkWhole(toyModel(64), MOST_ITEMS, shapes)).not.toThrow();
    expect(() => checkWhole(toyModel(64), 2_000_000, [{ whole: false }])).not.toThrow();
    expect(() => checkWhole(toyModel(64), 2_000_000, shapes)).toThrow(
      expect.objectContaining({
        code: 'TOO_LARGE',
        message: expect.stringMatching(/2,000,000 items would take 15\.0 GiB/),
        hint: expect.stringMatching(/uniform/),
        details: { items: 2_000_000, most: MOST_ITEMS, bytes: 4 * 2_000_000 * 65 * 31 },
      }),
    );
  });

  test('by train, before anything is compiled', async () => {
    const data = { histories: CsrMatrix.fromRows([[0, 1, 2]], MOST_ITEMS + 1) };
    await expect(train({ ...all, data })).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });

  test.each([
    ['a softmax over the whole catalog', wholeSoftmax()],
    ['one within another loss', dislikes({ loss: wholeSoftmax() })],
  ])('%s with drawn negatives', async (_, loss) => {
    const model = twoTower({ item: itemTower(), user: gruTower(), loss });
    await expect(train({ ...base, model })).rejects.toMatchObject({
      code: 'BAD_OPTION',
      details: { option: 'negatives' },
    });
  });
});
