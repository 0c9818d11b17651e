/** Gives names dense ids in order of first appearance. */
export class IdEncoder {
  /** Name of each id so far. */
  readonly names: string[];
  readonly #index: Map<string, number>;

  /** @param names names that take the first ids */
  constructor(names: readonly string[] = []) {
    this.names = [...names];
    this.#index = new Map(names.map((name, id) => [name, id]));
  }

  /** The id of a name, a new one if it is new. */
  idOf(name: string): number {
    const known = this.#index.get(name);
    if (known !== undefined) return known;
    this.#index.set(name, this.names.length);
    return this.names.push(name) - 1;
  }
}
