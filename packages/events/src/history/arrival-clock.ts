/** Milliseconds that a clock may go back while times go on from where they were. */
const BACK = 10 * 60_000;

/**
 * Times of arrival, for events that come without one. A clock that is put back a little, as it is when it is set by
 * others, does not put what came later before what came earlier; one that is put back far was wrong before, and is
 * followed.
 */
export class ArrivalClock {
  #last = 0;

  /** @param now milliseconds since 1970 */
  constructor(readonly now: () => number = Date.now) {}

  /** Milliseconds since 1970. */
  next(): number {
    const now = this.now();
    const back = this.#last - now;
    return (this.#last = back > 0 && back <= BACK ? this.#last : now);
  }
}
