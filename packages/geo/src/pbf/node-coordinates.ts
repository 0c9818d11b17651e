/** Coordinates of the nodes that some ways need, filled while the nodes of a file pass by. */
export class NodeCoordinates {
  /** Sorted, each once. */
  readonly #ids: Float64Array;
  /** Longitude and latitude in degrees of each; NaN until it was seen. */
  readonly #lonLat: Float64Array;
  /** Where the last node was found: files have their nodes in the order of their ids. */
  #at = 0;

  /** @param refs ids of nodes, in any order and as often as they come; sorted in place */
  constructor(refs: Float64Array) {
    refs.sort();
    let size = 0;
    for (let k = 0; k < refs.length; k++) if (k === 0 || refs[k] !== refs[k - 1]) refs[size++] = refs[k];
    this.#ids = refs.subarray(0, size);
    this.#lonLat = new Float64Array(2 * size).fill(NaN);
  }

  /** Takes a node; one that no way needs is forgotten. */
  see(id: number, lon: number, lat: number): void {
    const ids = this.#ids;
    let at = this.#at;
    if (at >= ids.length || ids[at] > id) at = this.#search(id);
    else while (at < ids.length && ids[at] < id) at++;
    this.#at = at;
    if (ids[at] !== id) return;
    this.#lonLat[2 * at] = lon;
    this.#lonLat[2 * at + 1] = lat;
  }

  /**
   * The coordinates of a way.
   *
   * @returns longitude and latitude of each node in turn, in degrees, NaN for a node that the file lacks
   */
  of(refs: ArrayLike<number>): Float64Array {
    const found = new Float64Array(2 * refs.length);
    for (let k = 0; k < refs.length; k++) {
      const at = this.#search(refs[k]);
      const known = this.#ids[at] === refs[k];
      found[2 * k] = known ? this.#lonLat[2 * at] : NaN;
      found[2 * k + 1] = known ? this.#lonLat[2 * at + 1] : NaN;
    }
    return found;
  }

  /** The first place whose id is not smaller. */
  #search(id: number): number {
    let [low, high] = [0, this.#ids.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ids[middle] < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
