import { checkFilter } from '../checks/options.js';
import type { Attributes, Filter } from '../vector-index.js';
import { AttributeColumns } from './attribute-columns.js';
import { clearBit, countBits, type Mask, setBit } from './mask.js';
import { Slots } from './slots.js';

/** What an index in memory knows of its rows beside the vectors: ids, tombstones, attributes. */
export class RowSet {
  readonly slots: Slots;
  readonly attributes: AttributeColumns;

  /** @param ids by slot, -1 for a tombstone @param attributes by slot, checked */
  constructor(ids: ArrayLike<number> = [], attributes: Attributes = {}) {
    this.slots = new Slots(ids);
    this.attributes = new AttributeColumns(ids.length, attributes);
  }

  /** Puts rows into the next slots; ids that are there lose their old ones. */
  add(ids: ArrayLike<number>, attributes: Attributes = {}): void {
    this.attributes.append(ids.length, attributes);
    this.slots.add(ids);
  }

  /** Gives slots out to nobody. */
  skip(count: number): void {
    this.attributes.append(count);
    this.slots.skip(count);
  }

  /**
   * The slots that a search may return.
   *
   * @throws TowerkitError `BAD_FILTER`
   */
  mask(filter: Filter | undefined): Mask {
    const { live } = this.slots;
    if (filter === undefined) return live;
    checkFilter(filter);
    const { allow, deny, where } = filter;
    let words: Uint32Array;
    if (allow === undefined) words = live.words.slice();
    else {
      words = new Uint32Array(live.words.length);
      this.#each(allow, (slot) => setBit(words, slot));
    }
    if (deny !== undefined) this.#each(deny, (slot) => clearBit(words, slot));
    if (where !== undefined) {
      const meets = this.attributes.where(where);
      for (let i = 0; i < words.length; i++) words[i] &= meets[i];
    }
    return { words, count: countBits(words) };
  }

  #each(ids: ArrayLike<number>, call: (slot: number) => void): void {
    for (let i = 0; i < ids.length; i++) {
      const slot = this.slots.slotOf(ids[i]);
      if (slot !== undefined) call(slot);
    }
  }
}
