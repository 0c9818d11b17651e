import type { Catalog } from './catalog.js';
import { DEPARTMENTS } from './words/departments.js';

/** What the last purchases do to the weight of an item. */
const EFFECTS = {
  /** The next part of a series whose part before is among the last {@link FRESH} purchases, or older. */
  nextPartNow: 40,
  nextPartLater: 4,
  /** A part whose part before is not owned. */
  skippedPart: 0.04,
  /** An accessory that fits a base among the last {@link FRESH} purchases, an older one, or none. */
  fitsNow: 12,
  fitsOwned: 3,
  fitsNothing: 0.25,
  /** Another base in a department where one is owned. */
  secondBase: 0.15,
  /** The shelf and the department of the last purchase and of the one before. */
  sameShelf: [2.5, 1.5],
  sameDepartment: [2, 1.4],
} as const;

/** How many purchases an interest stays fresh. */
const FRESH = 3;

/**
 * How a customer's next item is chosen: item `i` with probability `weight[i] / sum(weights)`, Luce's rule, which
 * is a softmax over utilities `log weight`. A weight is the item's weight under the customer's tastes times
 * the effects of what they bought before. Items owned have weight 0: repeats are drawn apart.
 */
export class ChoiceModel {
  readonly #catalog: Catalog;
  readonly #shelf = new Float64Array(DEPARTMENTS.length * 4);
  /** Factor of every item where nothing was bought, shape [items]. */
  readonly plain: Float64Array;
  /** The same after some history. As `plain` between calls: a call changes, and changes back, the few items it is about. */
  readonly #factor: Float64Array;
  /** The next part of each item's series, -1 for none. */
  readonly #next: Int32Array;
  /** Accessories by system, and bases by department. */
  readonly #accessories: number[][] = Array.from({ length: DEPARTMENTS.length * 4 }, () => []);
  readonly #bases: number[][] = Array.from({ length: DEPARTMENTS.length }, () => []);

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
    const { shelf, system, previous, department } = catalog;
    const { length } = catalog.items;
    this.#next = new Int32Array(length).fill(-1);
    this.plain = new Float64Array(length).fill(1);
    for (let i = 0; i < length; i++) {
      if (previous[i] >= 0) {
        this.#next[previous[i]] = i;
        this.plain[i] = EFFECTS.skippedPart;
      } else if (system[i] >= 0 && (shelf[i] & 3) === 0) this.#bases[department[i]].push(i);
      else if (system[i] >= 0) {
        this.#accessories[system[i]].push(i);
        this.plain[i] = EFFECTS.fitsNothing;
      }
    }
    this.#factor = this.plain.slice();
  }

  /**
   * The weight of every item as the next one.
   *
   * @param tasteWeight weight of every item before any purchase, shape [items]
   * @param history items bought, oldest first
   * @param out receives the weights, shape [items]
   * @returns their sum
   */
  weigh(tasteWeight: Float64Array, history: ArrayLike<number>, out: Float64Array): number {
    const { shelf } = this.#catalog;
    return this.after(history, (factor, shelves) => {
      let total = 0;
      for (let i = 0; i < out.length; i++) {
        const weight = tasteWeight[i] * shelves[shelf[i]] * factor[i];
        out[i] = weight;
        total += weight;
      }
      return total;
    });
  }

  /**
   * What a function makes of the factors after a history.
   *
   * @param use gets the factor of each item and of each shelf, and the items whose factors are not plain, each once
   */
  after<T>(
    history: ArrayLike<number>,
    use: (factor: Float64Array, shelves: Float64Array, changed: ReadonlySet<number>) => T,
  ): T {
    const changed = this.#remember(history);
    try {
      return use(this.#factor, this.#shelf, changed);
    } finally {
      for (const i of changed) this.#factor[i] = this.plain[i];
    }
  }

  /** Turns a history into the factors of shelves and items. @returns the items concerned */
  #remember(history: ArrayLike<number>): ReadonlySet<number> {
    const { shelf, department, system } = this.#catalog;
    const factor = this.#factor;
    const changed = new Set<number>();
    const set = (i: number, value: number) => {
      factor[i] = value;
      changed.add(i);
    };
    this.#shelf.fill(1);
    for (let k = 0; k < history.length; k++) {
      const i = history[k];
      const age = history.length - k;
      const next = this.#next[i];
      const isBase = system[i] >= 0 && (shelf[i] & 3) === 0;
      const accessories = isBase ? this.#accessories[system[i]] : NONE;
      const bases = isBase ? this.#bases[department[i]] : NONE;
      if (next >= 0) set(next, age <= FRESH ? EFFECTS.nextPartNow : EFFECTS.nextPartLater);
      for (const one of accessories) set(one, age <= FRESH ? EFFECTS.fitsNow : EFFECTS.fitsOwned);
      for (const one of bases) set(one, EFFECTS.secondBase);
      if (age > 2) continue;
      this.#shelf[shelf[i]] *= EFFECTS.sameShelf[age - 1];
      for (let place = 0; place < 4; place++)
        this.#shelf[4 * department[i] + place] *= EFFECTS.sameDepartment[age - 1];
    }
    for (let k = 0; k < history.length; k++) set(history[k], 0);
    return changed;
  }
}

const NONE: readonly number[] = [];
