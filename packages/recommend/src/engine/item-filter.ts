import { Matrix } from '@towerkit/core';
import {
  checkPredicate,
  createIndex,
  type AttributeValue,
  type Predicate,
  type VectorIndex,
} from '@towerkit/retrieval';

import type { RankedItems } from './question.js';

/** Predicates whose items are cached. */
const REMEMBERED = 64;

/**
 * Which items meet a predicate, and the popular ones among them: an exact index with one dimension whose vectors are the
 * training counts, with the catalog's columns as attributes.
 */
export class ItemFilter {
  readonly #remembered = new Map<string, Float64Array>();

  private constructor(
    /** Number of items. */
    readonly size: number,
    readonly index: VectorIndex,
  ) {}

  /** @param catalog columns of the items by name, [items] each, `training_count` among them */
  static async of(catalog: Readonly<Record<string, ArrayLike<unknown>>>): Promise<ItemFilter> {
    const { training_count: counts, ...rest } = catalog;
    const index = await createIndex('exact', { dimensions: 1, threads: 1 });
    const attributes = Object.fromEntries(
      Object.entries({ ...rest, training_count: counts }).map(([name, values]) => [
        name,
        Array.from(values, attributeOf),
      ]),
    );
    const popularity = Float32Array.from(counts as ArrayLike<number>);
    await index.build(new Matrix(counts.length, 1, popularity), { attributes });
    return new ItemFilter(counts.length, index);
  }

  /**
   * Dense ids of the items that meet a predicate.
   *
   * @throws TowerkitError `BAD_FILTER`
   */
  async passing(where: Predicate): Promise<Float64Array> {
    checkPredicate(where);
    const key = JSON.stringify(where);
    const known = this.#remembered.get(key);
    if (known) return known;
    const { ids } = await this.index.search(ONE, this.size, { filter: { where } });
    if (this.#remembered.size >= REMEMBERED) this.#remembered.delete(this.#remembered.keys().next().value!);
    this.#remembered.set(key, ids);
    return ids;
  }

  /** The k items with the most training rows; the score is their number. */
  async popular(k: number, deny: readonly number[], allow?: Float64Array): Promise<RankedItems> {
    const { ids, scores } = await this.index.search(ONE, k, { filter: { deny, allow } });
    return { items: Array.from(ids), scores: Array.from(scores) };
  }

  close(): Promise<void> {
    return this.index.close();
  }
}

const ONE = Float32Array.of(1);

/** A value of the catalog as an attribute: lists as their text, a number that is not finite as missing. */
export function attributeOf(value: unknown): AttributeValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  return typeof value === 'bigint' ? Number(value) : String(value as object);
}
