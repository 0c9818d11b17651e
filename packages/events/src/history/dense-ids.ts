import type { Vocabulary } from '@towerkit/core';

/** Items by the names that a client uses, as a model knows them. */
export interface DenseIds {
  /** Dense ids of the items that the model knows, in the order given. */
  readonly known: number[];
  /** Names that the model does not know, in the order given. */
  readonly unknown: string[];
}

/**
 * Dense ids of items by their names. A name that occurs twice is there twice.
 *
 * @example
 * ```ts
 * denseIds(new Vocabulary(['hat', 'scarf']), ['scarf', 'boat']); // { known: [1], unknown: ['boat'] }
 * ```
 */
export function denseIds(items: Vocabulary, names: readonly string[]): DenseIds {
  const known: number[] = [];
  const unknown: string[] = [];
  for (const name of names) {
    const item = items.indexOf(name);
    if (item === undefined) unknown.push(name);
    else known.push(item);
  }
  return { known, unknown };
}
