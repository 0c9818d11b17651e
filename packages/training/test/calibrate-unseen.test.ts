import { expect, test } from '@jest/globals';
import { CsrMatrix, Matrix, Rng } from '@towerkit/core';
import { createEngine } from '@towerkit/engine';
import { gruTower, itemTower, twoTower } from '@towerkit/towers';

import { calibrateUnseen, train, type TrainOptions } from '../src/index.js';
import { base } from './toy.js';

const [GROUPS, SEEN, UNSEEN, USERS] = [4, 32, 8, 160];
const ITEMS = SEEN + UNSEEN;
const groupOf = (item: number) => item % GROUPS;

/** Users who keep to one group of items; every third one's target is an item of it that nobody has had. */
function groups() {
  const rng = new Rng(4);
  const histories: number[][] = [];
  const targets: number[][] = [];
  for (let user = 0; user < USERS; user++) {
    const pick = (from: number, count: number) =>
      from + GROUPS * rng.integer(count / GROUPS) + (user % GROUPS);
    const row = Array.from({ length: 6 }, () => pick(0, SEEN));
    histories.push(row.slice(0, 5));
    targets.push([user % 3 === 0 ? pick(SEEN, UNSEEN) : row[5]]);
  }
  const group = new Matrix(ITEMS, GROUPS);
  for (let item = 0; item < ITEMS; item++) group.row(item)[groupOf(item)] = 1;
  return {
    histories: CsrMatrix.fromRows(histories, ITEMS),
    targets: CsrMatrix.fromRows(targets, ITEMS),
    items: { features: { group } },
  };
}

const { histories, targets, items } = groups();
const validation = { targets, metrics: ['hr@5', 'ndcg@5'] as const, repeats: 'allow' as const };
const options = (idDropout: number, bias = true): TrainOptions => ({
  ...base,
  model: twoTower({
    item: itemTower({ dimensions: 8, content: { group: GROUPS } }),
    user: gruTower({ dimensions: 8, dropout: 0 }),
    ...{ idDropout, bias },
  }),
  data: { histories, items },
  epochs: 6,
});
const unseen = Array.from({ length: UNSEEN }, (_, i) => SEEN + i);

test('unseen items get one bias, which costs all targets no more than the tolerance', async () => {
  const trained = await train(options(0.2));
  const engine = await createEngine({ threads: 1 });
  const { values } = trained.state.tables['item/bias'];
  // As if nobody had taken to what is new: far behind whatever has a learned bias.
  values.forEach((_, item) => (values[item] += item < SEEN ? 3 : 0));
  const before = values.slice();
  const found = await calibrateUnseen(trained, { ...{ validation, engine }, tolerance: 0.02 });
  expect(found!.bias).toBeGreaterThan(0);
  expect(found!.targets).toBe(Math.ceil(USERS / 3));
  expect(unseen.map((item) => values[item])).toEqual(unseen.map(() => Math.fround(found!.bias)));
  expect(values.subarray(0, SEEN)).toEqual(before.subarray(0, SEEN));
  expect(found!.unseen.after['hr@5'].value).toBeGreaterThan(found!.unseen.before['hr@5'].value);
  // What is best already stays.
  const calibrated = values.slice();
  const again = await calibrateUnseen(trained, { ...{ validation, engine }, tolerance: 0 });
  expect(again).toBeUndefined();
  expect(values).toEqual(calibrated);
  await engine.dispose();
});

test('few unseen targets leave the model as it is', async () => {
  const trained = await train({ ...options(0.2), epochs: 1 });
  const engine = await createEngine({ threads: 1 });
  const few = CsrMatrix.fromRows(
    Array.from({ length: USERS }, (_, user) => (user < 60 ? targets.row(user) : [])),
    ITEMS,
  );
  expect(
    await calibrateUnseen(trained, { validation: { ...validation, targets: few }, engine }),
  ).toBeUndefined();
  const { values } = trained.state.tables['item/bias'];
  expect(unseen.map((item) => values[item])).toEqual(unseen.map(() => 0));
  await engine.dispose();
});

test.each([
  ['without idDropout', 0, true],
  ['without a bias', 0.2, false],
])('a model %s has nothing to calibrate', async (_, idDropout, bias) => {
  const trained = await train({ ...options(idDropout, bias), epochs: 1 });
  const engine = await createEngine({ threads: 1 });
  await expect(calibrateUnseen(trained, { validation, engine })).rejects.toMatchObject({
    code: 'BAD_TOWER',
  });
  await engine.dispose();
});
