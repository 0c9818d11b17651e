import { CsrMatrix, Rng } from '@towerkit/core';
import { gruTower, itemTower, twoTower } from '@towerkit/towers';

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
