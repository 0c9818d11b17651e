import { describe, expect, test } from '@jest/globals';
import { CsrMatrix, Matrix, Rng } from '@towerkit/core';
import { gruTower, itemTower, mlpTower, twoTower } from '@towerkit/towers';

import { cutSequences } from '../src/batches/sequences.js';
import { InlineStream } from '../src/batches/inline-stream.js';
import { WorkerStream } from '../src/batches/worker-stream.js';
import { BatchAssembler, nextItems, train, type Batch, type Examples } from '../src/index.js';
import { ringHistories } from './toy.js';

/** Random examples on histories: baskets, gaps, users of whom nothing is known, targets outside of any history. */
function madeUp(histories: CsrMatrix, rng: Rng): Examples {
  const rows: [user: number, seen: number, item: number][] = [];
  for (let user = 0; user < histories.rows; user++) {
    const most = histories.row(user).length;
    for (let n = rng.integer(5); n > 0; n--)
      rows.push([user, rng.integer(most + 1), rng.integer(histories.cols)]);
  }
  rows.sort(([a, s], [b, t]) => a - b || s - t);
  return {
    users: Int32Array.from(rows, ([user]) => user),
    seen: Int32Array.from(rows, ([, seen]) => seen),
    items: Int32Array.from(rows, ([, , item]) => item),
    weights: Float32Array.from(rows, () => 0.5 + rng.uniform()),
    moments: { categories: { hour: { size: 24, codes: Int32Array.from(rows, () => rng.integer(24)) } } },
  };
}

async function all(stream: InlineStream | WorkerStream): Promise<Batch[]> {
  const batches: Batch[] = [];
  stream.start(1, 0);
  for (let batch = await stream.next(); batch; batch = await stream.next()) batches.push(batch);
  return batches;
}

describe('examples', () => {
  const histories = ringHistories(120, 40, 2, 30);

  test('those of histories are the items after the first, with their ratings', () => {
    const rated = new CsrMatrix(
      2,
      5,
      Int32Array.of(0, 1, 4),
      Int32Array.of(3, 0, 2, 4),
      Float32Array.of(9, 1, 2, 3),
    );
    expect(nextItems(rated)).toEqual({
      users: Int32Array.of(1, 1),
      items: Int32Array.of(2, 4),
      seen: Int32Array.of(1, 2),
      ratings: Float32Array.of(2, 3),
    });
    expect(nextItems(rated, { first: true })).toEqual({
      users: Int32Array.of(0, 1, 1, 1),
      items: Int32Array.of(3, 0, 2, 4),
      seen: Int32Array.of(0, 0, 1, 2),
      ratings: Float32Array.of(9, 1, 2, 3),
    });
  });

  test('each belongs to one sequence, which holds what was known of it', () => {
    for (const maxLength of [1, 4, 50]) {
      const examples = madeUp(histories, new Rng(maxLength));
      const {
        user,
        start,
        length,
        first,
        asked,
        examples: total,
      } = cutSequences(histories, examples, maxLength);
      const times = new Int32Array(examples.users.length);
      user.forEach((u, s) => {
        expect(length[s]).toBeLessThanOrEqual(maxLength);
        expect(asked[s]).toBeGreaterThan(0);
        for (let e = first[s]; e < first[s] + asked[s]; e++) {
          times[e]++;
          expect(examples.users[e]).toBe(u);
          const place = examples.seen[e] - (start[s] - histories.indptr[u]);
          expect(place).toBeLessThanOrEqual(length[s]);
          expect(place).toBeGreaterThanOrEqual(examples.seen[e] > 0 ? 1 : 0);
          if (examples.seen[e] === 0) expect(length[s]).toBe(0);
        }
      });
      expect([...times].every((n) => n === 1)).toBe(true);
      expect(total).toBe(times.length);
    }
  });

  test('batches hold for each the items before it, its target, weight and moment, and mask what its user takes', async () => {
    const examples = madeUp(histories, new Rng(7));
    const options = {
      batchSize: 32,
      maxLength: 20,
      negatives: [{ proposal: { kind: 'uniform' }, count: 16 }],
    } as const;
    const assembler = new BatchAssembler({ histories, examples }, options);
    const batches = await all(new InlineStream(assembler, 1));
    const found: string[] = [];
    for (const batch of batches) {
      const { steps, candidates } = assembler.shapes[batch.bucket];
      const masked = new Set<string>();
      for (let k = 0; k < batch.masked.length; k += 2)
        masked.add(`${batch.masked[k]},${batch.masked[k + 1]}`);
      for (let row = 0; row < batch.examples; row++) {
        const e = batch.moments![row];
        found.push(`${e}`);
        const s = batch.positionUser[row];
        const user = batch.users[s];
        expect(user).toBe(examples.users[e]);
        expect(batch.items[batch.positives[row]]).toBe(examples.items[e]);
        expect(batch.weight[row]).toBe(examples.weights![e]);
        expect(batch.known![s]).toBe(examples.seen[e] > 0 ? 1 : 0);
        if (examples.seen[e] > 0) {
          const inputs = Array.from(
            { length: batch.positions[row] - s * steps + 1 },
            (_, t) => batch.items[batch.history[s * steps + t]],
          );
          const before = [...histories.row(user).subarray(0, examples.seen[e])];
          expect(before.slice(-inputs.length)).toEqual(inputs);
        }
        const taken = new Set([
          ...histories.row(user),
          ...examples.items.filter((_, x) => examples.users[x] === user),
        ]);
        for (let column = 0; column < candidates; column++) {
          if (batch.logQ[column] === Infinity) continue;
          const no = taken.has(batch.items[column]) && column !== batch.positives[row];
          expect(masked.has(`${row},${column}`)).toBe(no);
        }
      }
    }
    expect(found.sort()).toEqual(Array.from(examples.users, (_, e) => `${e}`).sort());
    const worker = new WorkerStream(assembler, 1, options);
    try {
      expect(await all(worker)).toEqual(batches);
    } finally {
      await worker.close();
    }
  });

  test.each([
    ['a user out of range', { users: Int32Array.of(0, 9) }, 'BAD_DATA'],
    ['a history that is longer than it is', { seen: Int32Array.of(0, 3) }, 'BAD_DATA'],
    ['an item out of range', { items: Int32Array.of(0, 3) }, 'BAD_DATA'],
    ['another order', { users: Int32Array.of(1, 0) }, 'BAD_DATA'],
    ['a weight of nothing', { weights: Float32Array.of(1, 0) }, 'BAD_DATA'],
    ['a weight that is no number', { weights: Float32Array.of(NaN, 1) }, 'BAD_DATA'],
    ['too few targets', { items: Int32Array.of(0) }, 'SHAPE_MISMATCH'],
    [
      'too few moments',
      { moments: { categories: { hour: { size: 1, codes: Int32Array.of(0) } } } },
      'BAD_DATA',
    ],
  ])('%s is refused', async (_, wrong, code) => {
    const histories = new CsrMatrix(2, 3, Int32Array.of(0, 2, 4), Int32Array.of(0, 1, 1, 2));
    const right = { users: Int32Array.of(0, 1), items: Int32Array.of(2, 0), seen: Int32Array.of(1, 2) };
    const model = twoTower({ item: itemTower({ dimensions: 4 }), user: gruTower({ dimensions: 4 }) });
    const data = { histories, examples: { ...right, ...wrong } };
    await expect(train({ model, data, epochs: 1 })).rejects.toMatchObject({ code });
  });
});

describe('a tower learns', () => {
  const items = 12;
  const settings = {
    epochs: 30,
    threads: 1,
    optimizer: { learningRate: 0.02, tableLearningRate: 0.05 },
    batches: { batchSize: 64, negatives: [{ proposal: { kind: 'uniform' }, count: items }] },
  } as const;
  const noise = new CsrMatrix(
    60,
    items,
    Int32Array.from({ length: 61 }, (_, u) => 2 * u),
    Int32Array.from({ length: 120 }, (_, n) => (7 * n) % items),
  );
  const hr = async (
    model: Parameters<typeof train>[0]['model'],
    examples: Examples,
    more: Partial<Parameters<typeof train>[0]['data']> = {},
  ) => {
    const moments = {
      categories: Object.fromEntries(
        Object.entries(examples.moments?.categories ?? {}).map(([name, { size, codes }]) => [
          name,
          { size, codes: codes.subarray(0, 60) },
        ]),
      ),
    };
    const targets = CsrMatrix.fromRows(
      Array.from({ length: 60 }, (_, u) => [examples.items[u]]),
      items,
    );
    const { epochs } = await train({
      model,
      data: { histories: new CsrMatrix(60, items, new Int32Array(61), new Int32Array(0)), examples, ...more },
      ...settings,
      validation: { targets, metrics: ['hr@1'], moments },
      earlyStopping: false,
    });
    return epochs.at(-1)!.metrics['hr@1'].value;
  };
  const users = Int32Array.from({ length: 60 }, (_, u) => u);
  const group = Int32Array.from(users, (u) => (u * 5) % items);

  test('from the moment alone', async () => {
    const user = mlpTower({
      dimensions: 8,
      inputs: { hour: { kind: 'embedding', of: 'hour', dimensions: 8, at: 'moment' } },
    });
    const examples: Examples = {
      ...{ users, items: group, seen: new Int32Array(60) },
      moments: { categories: { hour: { size: items, codes: group } } },
    };
    expect(await hr(twoTower({ item: itemTower({ dimensions: 8 }), user }), examples)).toBe(1);
  });

  test('from features of users of whom no item is known', async () => {
    const user = gruTower({ dimensions: 8, dropout: 0, features: { group: items } });
    const features = { group: new Matrix(60, items) };
    group.forEach((g, u) => (features.group.data[u * items + g] = 1));
    const examples: Examples = { users, items: group, seen: new Int32Array(60) };
    const model = twoTower({ item: itemTower({ dimensions: 8 }), user });
    expect(await hr(model, examples, { users: { features } })).toBe(1);
  });

  test('what weighs more', async () => {
    // Each user takes two items at the same moment; the second weighs thirty times the first.
    const twice = Int32Array.from({ length: 120 }, (_, e) => e >> 1);
    const pairs: Examples = {
      users: twice,
      items: Int32Array.from(twice, (u, e) => (e % 2 === 0 ? (group[u] + 1) % items : group[u])),
      seen: new Int32Array(120).fill(2),
      weights: Float32Array.from(twice, (_, e) => (e % 2 === 0 ? 1 : 30)),
    };
    const model = twoTower({
      item: itemTower({ dimensions: 8 }),
      user: gruTower({ dimensions: 8, dropout: 0, id: 8 }),
    });
    const targets = CsrMatrix.fromRows(
      Array.from(group, (item) => [item]),
      items,
    );
    const { epochs } = await train({
      model,
      data: { histories: noise, examples: pairs },
      ...settings,
      validation: { targets, metrics: ['ndcg@2'] },
      earlyStopping: false,
    });
    expect(epochs.at(-1)!.metrics['ndcg@2'].value).toBeGreaterThan(0.9);
  });
});
