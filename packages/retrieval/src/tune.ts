import type { Matrix } from '@towerkit/core';

import { badOption, positiveInteger } from './checks/options.js';
import { recallOf } from './index-recall.js';
import type { VectorIndex } from './vector-index.js';

/** Of {@link tune}. */
export interface TuneOptions {
  /** An index of the same items, of the driver `exact`. */
  readonly exact: VectorIndex;
  /** Shape [queries, dimensions]. Report recall on others. */
  readonly queries: Matrix;
  /** Items of a search, 10 by default. */
  readonly k?: number;
  /** The recall to reach, above 0 and at most 1; .99 by default. */
  readonly target?: number;
}

/** What {@link tune} found. */
export interface Tuned {
  /** The setting, such as `ef`; undefined for a driver that has none. */
  readonly name?: string;
  /** What it is now. */
  readonly value?: number;
  /** Recall on the queries with it. */
  readonly recall: number;
  /** Whether that is the target or more; where it is not, the most thorough value is set. */
  readonly reached: boolean;
  /** Every value that was measured. */
  readonly tried: readonly { readonly value: number; readonly recall: number }[];
}

/**
 * Sets what trades recall for speed to the quickest value that reaches a recall, by bisection: recall is taken to grow
 * with the value.
 *
 * @throws TowerkitError `BAD_OPTION`, and what the searches throw; the setting is then as it was
 *
 * @example
 * ```ts
 * const { value, recall } = await tune(index, { exact, queries, k: 10, target: 0.99 });
 * ```
 */
export async function tune(
  index: VectorIndex,
  { exact, queries, k = 10, target = 0.99 }: TuneOptions,
): Promise<Tuned> {
  positiveInteger('k', k);
  if (!(target > 0 && target <= 1)) throw badOption('target', 'a number above 0 and at most 1', target);
  const wanted = await exact.searchBatch(queries, k);
  const measure = async () => recallOf(await index.searchBatch(queries, k), wanted);
  const { tunable } = index;
  if (tunable === undefined) {
    const recall = await measure();
    return { recall, reached: recall >= target, tried: [] };
  }
  const { name, values, value: before } = tunable;
  const tried = new Map<number, number>();
  try {
    // Before `low` nothing reaches the target, from `high` on everything does.
    let [low, high] = [0, values.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      await tunable.set(values[middle]);
      const recall = await measure();
      tried.set(values[middle], recall);
      if (recall >= target) high = middle;
      else low = middle + 1;
    }
    const value = values[high];
    await tunable.set(value);
    const recall = tried.get(value) ?? (await measure());
    tried.set(value, recall);
    return {
      ...{ name, value, recall, reached: recall >= target },
      tried: [...tried].map(([value, recall]) => ({ value, recall })).sort((a, b) => a.value - b.value),
    };
  } catch (error) {
    await tunable.set(before);
    throw error;
  }
}
