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
  readonly #accessory = new Float64Array(DEPARTMENTS.length * 4);
  readonly #base = new Float64Array(DEPARTMENTS.length);
  /** Purchases since the item was bought, 1 for the last; 0 when not owned. All 0 between calls. */
  readonly #age: Int32Array;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
    this.#age = new Int32Array(catalog.items.length);
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
    const { shelf, system, previous } = this.#catalog;
    this.#remember(history);
    // Read once: private fields cost in a loop over all items.
    const [ages, shelves, accessories, bases] = [this.#age, this.#shelf, this.#accessory, this.#base];
    let total = 0;
    for (let i = 0; i < out.length; i++) {
      if (ages[i] > 0) {
        out[i] = 0;
        continue;
      }
      const s = shelf[i];
      let weight = tasteWeight[i] * shelves[s];
      if (previous[i] >= 0) {
        const age = ages[previous[i]];
        weight *=
          age === 0 ? EFFECTS.skippedPart : age <= FRESH ? EFFECTS.nextPartNow : EFFECTS.nextPartLater;
      } else if (system[i] >= 0) weight *= (s & 3) === 0 ? bases[s >> 2] : accessories[system[i]];
      out[i] = weight;
      total += weight;
    }
    for (let k = 0; k < history.length; k++) this.#age[history[k]] = 0;
    return total;
  }

  /** Turns a history into the factors of shelves, systems and items. */
  #remember(history: ArrayLike<number>): void {
    const { shelf, department, system } = this.#catalog;
    this.#shelf.fill(1);
    this.#accessory.fill(EFFECTS.fitsNothing);
    this.#base.fill(1);
    for (let k = 0; k < history.length; k++) {
      const i = history[k];
      const age = history.length - k;
      this.#age[i] = age;
      if (system[i] >= 0 && (shelf[i] & 3) === 0) {
        this.#accessory[system[i]] = age <= FRESH ? EFFECTS.fitsNow : EFFECTS.fitsOwned;
        this.#base[department[i]] = EFFECTS.secondBase;
      }
      if (age > 2) continue;
      this.#shelf[shelf[i]] *= EFFECTS.sameShelf[age - 1];
      for (let place = 0; place < 4; place++)
        this.#shelf[4 * department[i] + place] *= EFFECTS.sameDepartment[age - 1];
    }
  }
}
