import { CsrMatrix, Rng } from '@towerkit/core';
import { gruTower, itemTower, twoTower } from '@towerkit/towers';

import { train, type TrainOptions, type TrainResult } from '../src/index.js';

/** Users who walk a ring of items, now and then jumping: what comes next can be learned. */
export function ringHistories(users: number, items: number, seed = 1, longest = 9): CsrMatrix {
  const rng = new Rng(seed);
  const rows: number[] = [];
  const columns: number[] = [];
  for (let user = 0; user < users; user++) {
    let item = rng.integer(items);
    for (let n = 1 + rng.integer(longest); n > 0; n--) {
      rows.push(user);
      columns.push(item);
      item = rng.uniform() < 0.9 ? (item + 1) % items : rng.integer(items);
    }
  }
  return CsrMatrix.fromPairs(users, items, rows, columns);
}

export const toyModel = (dimensions = 8, dropout = 0.2) =>
  twoTower({ item: itemTower({ dimensions }), user: gruTower({ dimensions, dropout }) });

/** Splits each row's last item off as its target, where it has three or more. */
export function holdOut(histories: CsrMatrix): { train: CsrMatrix; targets: CsrMatrix } {
  const parts = { train: [[], []] as [number[], number[]], targets: [[], []] as [number[], number[]] };
  for (let user = 0; user < histories.rows; user++) {
    const row = histories.row(user);
    row.forEach((item, at) => {
      const part = row.length >= 3 && at === row.length - 1 ? parts.targets : parts.train;
      part[0].push(user);
      part[1].push(item);
    });
  }
  const matrix = ([rows, columns]: [number[], number[]]) =>
    CsrMatrix.fromPairs(histories.rows, histories.cols, rows, columns);
  return { train: matrix(parts.train), targets: matrix(parts.targets) };
}

/** Rows to train on, and each user's last item. */
export const { train: histories, targets } = holdOut(ringHistories(150, 20));
/** A short run on them. */
export const base: TrainOptions = {
  model: toyModel(),
  data: { histories },
  epochs: 4,
  seed: 3,
  threads: 1,
  batches: { batchSize: 64, maxLength: 8, negatives: [{ proposal: { kind: 'uniform' }, count: 10 }] },
  optimizer: { learningRate: 0.02 },
};

/** All weights of a run as one text, to be compared bit for bit. */
export const weights = ({ state }: TrainResult) =>
  JSON.stringify([
    Object.values(state.parameters).map(({ table }) => Array.from(table.values)),
    Object.values(state.tables).map(({ values }) => Array.from(values)),
  ]);

/** Trains with an end after five steps, and goes on from the checkpoint. */
export async function trainInTwo(options: TrainOptions, folder: string): Promise<TrainResult> {
  const checkpoint = { folder, resume: true };
  const controller = new AbortController();
  await train({
    ...options,
    checkpoint,
    signal: controller.signal,
    callbacks: [{ onStep: ({ step }) => void (step === 5 && controller.abort()) }],
  });
  return train({ ...options, checkpoint });
}
