import { TowerkitError } from './errors.js';

/**
 * The two-way map between the names of things ("B07FK8SQDQ") and their dense ids (0, 1, 2, ...).
 *
 * @typeParam Id what it numbers: {@link UserId} or {@link ItemId}, any number by default
 *
 * @example
 * ```ts
 * const items = new Vocabulary(['hat', 'scarf']);
 * items.indexOf('scarf'); // 1
 * items.nameOf(0); // 'hat'
 * ```
 */
export class Vocabulary<Id extends number = number> {
  readonly #index: Map<string, Id>;

  /**
   * @param names one name per dense id, shape [size]; kept, not copied
   * @throws TowerkitError `DUPLICATE_ID` when a name stands twice
   */
  constructor(readonly names: readonly string[]) {
    this.#index = new Map();
    for (let id = 0; id < names.length; id++) this.#index.set(names[id], id as Id);
    if (this.#index.size !== names.length) {
      const twice = names.find((name, id) => this.#index.get(name) !== id);
      throw new TowerkitError('DUPLICATE_ID', `the id "${twice}" stands twice in a vocabulary`);
    }
  }

  /** Number of ids. */
  get size(): number {
    return this.names.length;
  }

  /** Dense id of a name, or `undefined` for one never seen. */
  indexOf(name: string): Id | undefined {
    return this.#index.get(name);
  }

  /**
   * Name of a dense id in [0, size).
   *
   * @throws TowerkitError `OUT_OF_RANGE` for any other number
   */
  nameOf(id: Id): string {
    const name = this.names[id];
    if (name === undefined)
      throw new TowerkitError('OUT_OF_RANGE', `the id ${id} is outside [0, ${this.size})`, {
        details: { index: id, size: this.size },
      });
    return name;
  }
}
