/** Ids are kept in a table as long as it is no larger than this many entries for each. */
const SPREAD = 4;
/** And always up to this many entries. */
const SMALL = 4_096;

/** Which slot an id has: in a table by id where ids are dense, which takes a tenth of the time of a map, else in a map. */
export class IdTable {
  /** Slot + 1 by id, 0 for none. */
  #table: Int32Array | undefined = new Int32Array(0);
  #map: Map<number, number> | undefined;
  #size = 0;

  get(id: number): number | undefined {
    if (this.#table === undefined) return this.#map!.get(id);
    const entry = this.#table[id]; // undefined beyond its end
    return entry > 0 ? entry - 1 : undefined;
  }

  set(id: number, slot: number): void {
    this.#size++; // of an id that is set again as well: a bound will do
    if (this.#table !== undefined && id >= this.#table.length) this.#widen(id);
    if (this.#table === undefined) this.#map!.set(id, slot);
    else this.#table[id] = slot + 1;
  }

  delete(id: number): void {
    if (this.#table === undefined) this.#map!.delete(id);
    else this.#table[id] = 0;
  }

  #widen(id: number): void {
    const old = this.#table!;
    if (id < Math.max(SMALL, SPREAD * this.#size)) {
      this.#table = new Int32Array(Math.max(SMALL, 2 * id));
      this.#table.set(old);
      return;
    }
    this.#map = new Map();
    old.forEach((entry, known) => entry > 0 && this.#map!.set(known, entry - 1));
    this.#table = undefined;
  }
}
