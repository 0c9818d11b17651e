import { Matrix } from '@towerkit/core';
import {
  checkPredicate,
  createIndex,
  type AttributeValue,
  type Predicate,
  type VectorIndex,
} from '@towerkit/retrieval';

import { ItemPlaces, placesFor } from './nearby.js';
import type { Question, RankedItems } from './question.js';
import { allowedOf } from './repeats.js';

/** Predicates whose items are cached. */
const REMEMBERED = 64;

/**
 * Which items meet a predicate, and the popular ones among them: an exact index with one dimension whose vectors are the
 * training counts, with the catalog's columns as attributes.
 */
export class ItemFilter {
  #listed: Float64Array | undefined;
  readonly #remembered = new Map<string, Float64Array>();

  private constructor(
    /** Number of items. */
    readonly size: number,
    readonly index: VectorIndex,
    /** Items that are never recommended, see `readUnlisted` of `@towerkit/artifact`. */
    readonly unlisted: ReadonlySet<number>,
    /** Where the items are; absent if the catalog does not say. */
    readonly places: ItemPlaces | undefined,
  ) {}

  /**
   * @param catalog columns of the items by name, [items] each, `training_count` among them
   * @param unlisted items that never pass
   */
  static async of(
    catalog: Readonly<Record<string, ArrayLike<unknown>>>,
    unlisted: ReadonlySet<number> = new Set(),
  ): Promise<ItemFilter> {
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
    return new ItemFilter(counts.length, index, unlisted, ItemPlaces.of(rest));
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
    const found = await this.index.search(ONE, this.size, { filter: { where } });
    const ids = found.ids.filter((item) => !this.unlisted.has(item));
    if (this.#remembered.size >= REMEMBERED) this.#remembered.delete(this.#remembered.keys().next().value!);
    this.#remembered.set(key, ids);
    return ids;
  }

  /**
   * The items that an answer to a question may hold: those that meet its predicate, lie where it asks and are of its history where it
   * ranks nothing else; `undefined` where it may hold any.
   *
   * @throws TowerkitError `BAD_FILTER`, `NO_PLACES`, `BAD_OPTION`
   */
  async allowed(
    question: Pick<Question, 'where' | 'near' | 'repeats' | 'history'>,
  ): Promise<Float64Array | undefined> {
    const { where, near } = question;
    const places = near && placesFor(near, this.places);
    const passing = where && (await this.passing(where));
    return allowedOf(question, places?.within(near!, passing) ?? passing, this.unlisted);
  }

  /** All items that may be recommended, in ascending order. */
  get listed(): Float64Array {
    return (this.#listed ??= Float64Array.from({ length: this.size }, (_, item) => item).filter(
      (item) => !this.unlisted.has(item),
    ));
  }

  /** Whether a list holds an item that is never recommended. */
  holdsUnlisted(items: readonly number[]): boolean {
    return this.unlisted.size > 0 && items.some((item) => this.unlisted.has(item));
  }

  /**
   * What is found among the items that meet a predicate; without one among all items, or those listed where others came up.
   *
   * @throws TowerkitError `BAD_FILTER`; what `find` throws
   */
  async among<T extends RankedItems>(
    where: Predicate | undefined,
    find: (allow?: Float64Array) => Promise<T> | T,
  ): Promise<T> {
    if (where) return find(await this.passing(where));
    const found = await find();
    return this.holdsUnlisted(found.items) ? find(this.listed) : found;
  }

  /** The k items with the most training rows; the score is their number. */
  async popular(k: number, deny: readonly number[], allow?: Float64Array): Promise<RankedItems> {
    const without = [...deny, ...this.unlisted];
    const { ids, scores } = await this.index.search(ONE, k, { filter: { deny: without, allow } });
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
