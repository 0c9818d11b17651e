import { describe, expect, test } from '@jest/globals';
import { CsrMatrix, Rng } from '@towerkit/core';
import { gruTower, itemTower, mlpTower, twoTower } from '@towerkit/towers';

import { nextItems, train, type Examples, type ValidationOptions } from '../src/index.js';

const HOURS = 6;
const ITEMS = 4 * HOURS;
const USERS = 40;

/** Users who take, at each hour, one of the four items of that hour. */
function histories(): { rows: CsrMatrix; hours: Int32Array } {
  const rng = new Rng(1);
  const lists = Array.from({ length: USERS }, () => Array.from({ length: 5 }, () => rng.integer(ITEMS)));
  const rows = CsrMatrix.fromRows(lists, ITEMS);
  return { rows, hours: rows.indices.map((item) => item % HOURS) };
}

const { rows, hours } = histories();
/** One code more than there are hours: of that no example is. */
const at = (codes: Int32Array) => ({ categories: { hour: { size: HOURS + 1, codes } } });
const examples: Examples = { ...nextItems(rows, { first: true }), moments: at(hours) };
const hour = { kind: 'embedding', of: 'hour', dimensions: 8, at: 'moment' } as const;
const model = () =>
  twoTower({
    item: itemTower({ dimensions: 8 }),
    user: gruTower({ dimensions: 8, dropout: 0, inputs: { hour } }),
  });
const settings = {
  epochs: 12,
  threads: 1,
  earlyStopping: false,
  optimizer: { learningRate: 0.03 },
  batches: { batchSize: 64, negatives: [{ proposal: { kind: 'uniform' }, count: ITEMS }] },
} as const;

describe('validation at moments', () => {
  test('asks a user as often as there are moments, and each time for what fits', async () => {
    // Every user is asked at three hours; an item of the hour that they have not had is the target.
    const asked = Array.from({ length: 3 * USERS }, (_, question) => {
      const [user, own] = [Math.floor(question / 3), (question * 5) % HOURS];
      const had = new Set(rows.row(user));
      const item = Array.from({ length: 4 }, (_, n) => own + HOURS * n).find((one) => !had.has(one))!;
      return { user, own, item };
    });
    const validation: ValidationOptions = {
      users: Int32Array.from(asked, ({ user }) => user),
      targets: CsrMatrix.fromRows(
        asked.map(({ item }) => [item]),
        ITEMS,
      ),
      moments: at(Int32Array.from(asked, ({ own }) => own)),
      metrics: ['hr@4'],
    };
    const { epochs } = await train({
      model: model(),
      data: { histories: rows, examples },
      validation,
      ...settings,
    });
    const found = epochs.at(-1)!.metrics['hr@4'];
    expect(found.users).toBe(3 * USERS);
    expect(found.value).toBeGreaterThan(0.95);
    const without = { ...validation, moments: undefined };
    const blind = await train({
      model: twoTower({ item: itemTower({ dimensions: 8 }), user: gruTower({ dimensions: 8, dropout: 0 }) }),
      data: { histories: rows },
      validation: without,
      ...settings,
    });
    expect(blind.epochs.at(-1)!.metrics['hr@4'].value).toBeLessThan(0.6);
  });

  test.each<[string, Partial<ValidationOptions>]>([
    ['a user that there is not', { users: Int32Array.of(0, USERS) }],
    ['other rows of targets', { users: Int32Array.of(0) }],
    ['moments of other questions', { users: Int32Array.of(0, 1), moments: at(Int32Array.of(1)) }],
    ['a code out of range', { users: Int32Array.of(0, 1), moments: at(Int32Array.of(1, 9)) }],
  ])('%s is refused', async (_, wrong) => {
    const targets = CsrMatrix.fromRows([[1], [2]], ITEMS);
    const validation = { targets, ...wrong };
    await expect(
      train({ model: model(), data: { histories: rows, examples }, validation, ...settings, epochs: 1 }),
    ).rejects.toMatchObject({ code: 'BAD_DATA' });
  });
});

test('of a category that no example has nothing is learned: it stays zero', async () => {
  const user = mlpTower({ dimensions: 8, inputs: { hour } });
  const { state } = await train({
    model: twoTower({ item: itemTower({ dimensions: 8 }), user }),
    data: { histories: rows, examples },
    ...settings,
    epochs: 1,
  });
  const { values } = state.tables['moment/hour'];
  const row = (code: number) => [...values.subarray(8 * code, 8 * (code + 1))];
  expect(row(HOURS)).toEqual(new Array(8).fill(0));
  for (let code = 0; code < HOURS; code++) expect(row(code).every((value) => value !== 0)).toBe(true);
});
