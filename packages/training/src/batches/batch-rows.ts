/**
 * Gives each distinct item of a batch its row: the candidates have the first ones, what else is read comes behind. Where such
 * a row falls into the candidate columns, its log q of Infinity keeps it out.
 */
export class BatchRows {
  /** Row of an item that is no candidate, where `#stamp` says it is of this batch: [items]. */
  readonly #row: Int32Array;
  readonly #stamp: Int32Array;
  #batch = 0;
  #used = 0;
  #items: Int32Array = new Int32Array(0);

  constructor(
    size: number,
    /** Column of each candidate, -1 for other items: [items]. */
    readonly columnOf: Int32Array,
  ) {
    this.#row = new Int32Array(size);
    this.#stamp = new Int32Array(size);
  }

  /** Rows in use. */
  get used(): number {
    return this.#used;
  }

  /** Starts a batch. @param items item of each row: those of the `candidates` first, the rest is filled in */
  begin(items: Int32Array, candidates: number): void {
    this.#batch++;
    this.#items = items;
    this.#used = candidates;
  }

  /** Row of an item, a fresh one the first time. */
  of(item: number): number {
    const column = this.columnOf[item];
    if (column >= 0) return column;
    if (this.#stamp[item] !== this.#batch) {
      this.#stamp[item] = this.#batch;
      this.#row[item] = this.#used;
      this.#items[this.#used++] = item;
    }
    return this.#row[item];
  }
}
