import type { AttributeValue } from '../../filter/predicate.js';
import type { Rows } from './store.js';

/** Rows from, up to but not with. */
export interface Batch {
  readonly from: number;
  readonly to: number;
}

/** Cuts so many rows into batches. */
export function* batches(rows: number, size: number): Generator<Batch> {
  for (let from = 0; from < rows; from += size) yield { from, to: Math.min(rows, from + size) };
}

/** What one row's attributes are, without the nulls: a missing one is null. */
export function attributesOf({ attributes }: Rows, row: number): Record<string, AttributeValue> {
  const given = Object.entries(attributes).map(([name, values]) => [name, values[row]] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== null));
}
