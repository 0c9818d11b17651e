import { Matrix } from '@towerkit/core';
import { readTable } from '@towerkit/data';
import { createIndex, type AttributeValue, type Predicate, type VectorIndex } from '@towerkit/retrieval';
import { join } from 'node:path';

import type { Ranked } from './model-host.js';

/** Predicates whose items are remembered. */
const REMEMBERED = 64;

/**
 * Which items meet a predicate, and the popular ones among them: an exact index of width 1 whose vectors are the
 * training counts, with the catalog's columns as attributes.
 */
export class ItemFilter {
  readonly #remembered = new Map<string, Float64Array>();

  private constructor(
    readonly size: number,
    readonly index: VectorIndex,
  ) {}

  /** Reads `items.parquet` of an artifact. */
  static async open(folder: string): Promise<ItemFilter> {
    const { rows, columns } = await readTable(join(folder, 'items.parquet'));
    const { training_count: counts, ...rest } = columns;
    const index = await createIndex('exact', { dimensions: 1, threads: 1 });
    const attributes = Object.fromEntries(
      Object.entries({ ...rest, training_count: counts }).map(([name, values]) => [
        name,
        Array.from(values as ArrayLike<unknown>, attribute),
      ]),
    );
    await index.build(new Matrix(rows, 1, Float32Array.from(counts as Int32Array)), { attributes });
    return new ItemFilter(rows, index);
  }

  /**
   * Dense ids of the items that meet a predicate.
   *
   * @throws TowerkitError `BAD_FILTER`
   */
  async passing(where: Predicate): Promise<Float64Array> {
    const key = JSON.stringify(where);
    const known = this.#remembered.get(key);
    if (known) return known;
    const { ids } = await this.index.search(ONE, this.size, { filter: { where } });
    if (this.#remembered.size >= REMEMBERED) this.#remembered.delete(this.#remembered.keys().next().value!);
    this.#remembered.set(key, ids);
    return ids;
  }

  /** The k items that stand most often in training; the score is how often. */
  async popular(k: number, deny: readonly number[], where?: Predicate): Promise<Ranked> {
    const { ids, scores } = await this.index.search(ONE, k, { filter: { deny, where } });
    return { items: Array.from(ids), scores: Array.from(scores) };
  }
}

const ONE = Float32Array.of(1);

/** A value of the catalog as an attribute: lists as their text, what is no finite number as missing. */
function attribute(value: unknown): AttributeValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  return typeof value === 'bigint' ? Number(value) : String(value as object);
}
