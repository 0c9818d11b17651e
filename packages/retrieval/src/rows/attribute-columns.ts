import { evaluator } from '../filter/evaluate.js';
import { type AttributeValue, parsePredicate, type Predicate } from '../filter/predicate.js';
import type { Attributes } from '../vector-index.js';
import { setBit, wordsFor } from './mask.js';

/** Answers to predicates that are kept until the next change. */
const KEPT = 32;

/** Attributes by slot. */
export class AttributeColumns {
  readonly #columns: Record<string, AttributeValue[]> = Object.create(null);
  #rows = 0;
  readonly #answers = new Map<string, Uint32Array>();

  /** @param attributes checked */
  constructor(rows = 0, attributes: Attributes = {}) {
    this.append(rows, attributes);
  }

  /** The values by name and slot. */
  get columns(): Attributes {
    return this.#columns;
  }

  /** Adds rows; what is not given, here or before, is null. */
  append(rows: number, attributes: Attributes = {}): void {
    for (const name of Object.keys(attributes))
      this.#columns[name] ??= new Array<AttributeValue>(this.#rows).fill(null);
    for (const [name, column] of Object.entries(this.#columns)) {
      const given = attributes[name];
      for (let row = 0; row < rows; row++) column.push(given === undefined ? null : given[row]);
    }
    this.#rows += rows;
    this.#answers.clear();
  }

  /**
   * The slots that meet a predicate, tombstones among them.
   *
   * @throws TowerkitError `BAD_FILTER`
   */
  where(predicate: Predicate): Uint32Array {
    const test = parsePredicate(predicate, Object.keys(this.#columns));
    const key = JSON.stringify(test);
    const kept = this.#answers.get(key);
    if (kept !== undefined) return kept;
    const words = new Uint32Array(wordsFor(this.#rows));
    const meets = evaluator(test, this.#columns);
    for (let row = 0; row < this.#rows; row++) if (meets(row)) setBit(words, row);
    if (this.#answers.size === KEPT) this.#answers.delete(this.#answers.keys().next().value!);
    this.#answers.set(key, words);
    return words;
  }
}
