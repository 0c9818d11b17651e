import type { Seed } from '../statistics/uniform-source.js';
import { uniformSource } from '../statistics/uniform-source.js';
import { requireCount } from '../validation.js';
import type { EvaluableUsers } from './evaluable-users.js';

/** A seeded sample of the users that can be evaluated. */
export interface UserSample {
  /** How many; all when there are no more than that. */
  users: number;
  /** Seed or uniform source, 0 by default. */
  seed?: Seed;
}

/**
 * Draws users without replacement, in their order (selection sampling, Knuth's algorithm S).
 *
 * @throws TowerkitError `BAD_OPTION`, `BAD_SEED`
 */
export function sampleUsers(all: EvaluableUsers, { users: wanted, seed = 0 }: UserSample): EvaluableUsers {
  requireCount('sample.users', wanted);
  const uniform = uniformSource(seed);
  const n = all.users.length;
  const size = Math.min(wanted, n);
  const users = new Int32Array(size);
  const indptr = new Int32Array(size + 1);
  const indices: number[] = [];
  const missed = new Int32Array(size);
  for (let i = 0, taken = 0; taken < size; i++) {
    if (uniform() * (n - i) >= size - taken) continue;
    users[taken] = all.users[i];
    missed[taken] = all.missed[i];
    for (let t = all.targets.indptr[i]; t < all.targets.indptr[i + 1]; t++)
      indices.push(all.targets.indices[t]);
    indptr[++taken] = indices.length;
  }
  const { leftOut, leftOutTargets } = all;
  return { users, targets: { indptr, indices: Int32Array.from(indices) }, missed, leftOut, leftOutTargets };
}
