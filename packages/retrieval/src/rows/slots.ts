import { unknownId } from '../checks/ids.js';
import { IdTable } from './id-table.js';
import { clearBit, hasBit, type Mask, setBit, wordsFor } from './mask.js';

/**
 * Which id is in which slot. Slots are given out in order and not used again; an id that is removed or replaced leaves a
 * tombstone behind, until the index is compacted.
 */
export class Slots {
  /** Slots given out, tombstones among them. */
  used = 0;
  /** Live ids. */
  size = 0;

  #ids = new Float64Array(0);
  #live = new Uint32Array(0);
  // Made when it is first needed: to search alone, nobody looks an id up.
  #slotOf: IdTable | undefined;

  /** @param ids distinct ids by slot, -1 for a tombstone */
  constructor(ids: ArrayLike<number> = []) {
    this.#reserve(ids.length);
    for (let slot = 0; slot < ids.length; slot++) this.#put(ids[slot]);
  }

  /** The ids by slot; a tombstone keeps its last one. Also after later changes, the slots of now have these ids. */
  get ids(): Float64Array {
    return this.#ids;
  }

  /** The slots that are live: a view, valid until the next change. */
  get live(): Mask {
    return { words: this.#live.subarray(0, wordsFor(this.used)), count: this.size };
  }

  /** The largest live id, -1 for none. */
  get largestId(): number {
    let largest = -1;
    for (let slot = 0; slot < this.used; slot++)
      if (this.#ids[slot] > largest && this.isLive(slot)) largest = this.#ids[slot];
    return largest;
  }

  get tombstones(): number {
    return this.used - this.size;
  }

  /** The slot of an id, undefined where it is not there. */
  slotOf(id: number): number | undefined {
    return this.#table().get(id);
  }

  isLive(slot: number): boolean {
    return hasBit(this.#live, slot);
  }

  /**
   * Gives each id the next slot; one that is there loses its old one.
   *
   * @param ids distinct
   */
  add(ids: ArrayLike<number>): void {
    const table = this.#table();
    this.#reserve(this.used + ids.length);
    for (let i = 0; i < ids.length; i++) {
      const old = table.get(ids[i]);
      if (old !== undefined) this.#bury(old);
      table.set(ids[i], this.used);
      this.#put(ids[i]);
    }
  }

  /**
   * @param ids distinct
   * @throws TowerkitError `UNKNOWN_ID`; nothing is removed
   */
  remove(ids: ArrayLike<number>): void {
    const table = this.#table();
    const slots = Array.from(ids, (id) => {
      const slot = table.get(id);
      if (slot === undefined) throw unknownId(id);
      return slot;
    });
    slots.forEach((slot, i) => {
      table.delete(ids[i]);
      this.#bury(slot);
    });
  }

  /** Gives slots out to nobody: tombstones from the start. */
  skip(count: number): void {
    this.#reserve(this.used + count);
    for (let i = 0; i < count; i++) this.#put(-1);
  }

  /** The ids by slot, -1 for a tombstone: what the constructor takes. */
  stored(): Float64Array {
    return this.#ids.slice(0, this.used).map((id, slot) => (this.isLive(slot) ? id : -1));
  }

  #bury(slot: number): void {
    clearBit(this.#live, slot);
    this.size--;
  }

  #put(id: number): void {
    this.#ids[this.used] = id;
    if (id >= 0) {
      setBit(this.#live, this.used);
      this.size++;
    }
    this.used++;
  }

  #table(): IdTable {
    if (this.#slotOf === undefined) {
      this.#slotOf = new IdTable();
      for (let slot = 0; slot < this.used; slot++)
        if (this.isLive(slot)) this.#slotOf.set(this.#ids[slot], slot);
    }
    return this.#slotOf;
  }

  #reserve(slots: number): void {
    if (slots <= this.#ids.length) return;
    const room = this.#ids.length === 0 ? slots : Math.max(slots, Math.ceil(1.5 * this.#ids.length));
    const ids = new Float64Array(room);
    ids.set(this.#ids);
    const live = new Uint32Array(wordsFor(room));
    live.set(this.#live);
    [this.#ids, this.#live] = [ids, live];
  }
}
