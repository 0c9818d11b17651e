import { CsrMatrix, Rng } from '@towerkit/core';

/** Interactions with tastes in them, and what they leave to be found. */
export interface TasteMatrix {
  /** Users x items, without values. The last user has nothing, and nobody has the last item. */
  readonly interactions: CsrMatrix;
  /** One more item of each user's taste, not in its row, shape [users]; -1 for the last user. */
  readonly targets: Int32Array;
}

/**
 * A small random matrix with structure: users and items fall into groups, a user mostly takes items of its own
 * group, the groups' first items more often than their last ones. What a user's group says of an item is more than
 * its popularity does, so a model that learns ranks the targets better than popularity.
 *
 * @param sizes `users` (60), `items` (41), `groups` (5)
 */
export function tasteMatrix(seed = 1, { users = 60, items = 41, groups = 5 } = {}): TasteMatrix {
  const rng = new Rng(seed);
  const perGroup = Math.floor((items - 1) / groups);
  const rows: number[][] = [];
  const targets = new Int32Array(users).fill(-1);
  for (let user = 0; user < users - 1; user++) {
    const group = user % groups;
    const taken = new Set<number>();
    const length = 4 + rng.integer(3);
    while (taken.size < length) {
      const inGroup = rng.uniform() < 0.9 ? group : rng.integer(groups);
      taken.add(inGroup * perGroup + Math.floor(perGroup * rng.uniform() ** 1.3));
    }
    const own = Array.from(taken).filter((item) => Math.floor(item / perGroup) === group);
    targets[user] = own.at(-1) ?? -1;
    taken.delete(targets[user]);
    rows.push([...taken]);
  }
  return { interactions: CsrMatrix.fromRows([...rows, []], items), targets };
}
