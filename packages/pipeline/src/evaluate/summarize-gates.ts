import type { CsrMatrix } from '@towerkit/core';
import type { Gates } from '@towerkit/training';

import { FREQUENCY_GROUPS, frequencyGroups, type FrequencyGroup } from './frequency-groups.js';

/** The mean gates of a group. */
export interface GroupGates {
  /** Items or users in it. */
  readonly count: number;
  readonly gates: Readonly<Record<string, number>>;
}

/** Mean gates by side and by group of training rows; a side without gates is left out. */
export type GateSummary = Readonly<
  Partial<Record<'item' | 'user', Readonly<Partial<Record<FrequencyGroup, GroupGates>>>>>
>;

/** Gates of items and of users; absent where a tower has none. */
export interface ModelGates {
  readonly item?: Gates;
  readonly user?: Gates;
}

/** Means of gates by group; `undefined` where neither tower has gates. */
export function summarizeGates({ item, user }: ModelGates, histories: CsrMatrix): GateSummary | undefined {
  if (!item && !user) return undefined;
  const lengths = Int32Array.from(
    { length: histories.rows },
    (_, row) => histories.indptr[row + 1] - histories.indptr[row],
  );
  return {
    ...(item && { item: byGroup(item, histories.columnCounts()) }),
    ...(user && { user: byGroup(user, lengths) }),
  };
}

/** Means over the rows of each group that has any. */
export function byGroup(
  { names, values }: Gates,
  counts: ArrayLike<number>,
): Partial<Record<FrequencyGroup, GroupGates>> {
  const found: Partial<Record<FrequencyGroup, GroupGates>> = {};
  for (const group of frequencyGroups) {
    const sums = new Float64Array(names.length);
    let count = 0;
    for (let row = 0; row < values.rows; row++) {
      if (!FREQUENCY_GROUPS[group](counts[row])) continue;
      count++;
      for (let i = 0; i < names.length; i++) sums[i] += values.data[row * names.length + i];
    }
    if (count > 0)
      found[group] = { count, gates: Object.fromEntries(names.map((name, i) => [name, sums[i] / count])) };
  }
  return found;
}
