import { TowerkitError } from './errors.js';

/** The whole state of an {@link Rng}: four unsigned 32-bit integers. */
export type RngState = readonly [number, number, number, number];

/**
 * A seeded source of random numbers, passed in wherever something is drawn; nothing in Towerkit uses
 * `Math.random`. The generator is sfc32 (Chris Doty-Humphrey, PractRand), seeded through splitmix32.
 *
 * @example
 * ```ts
 * const rng = new Rng(42);
 * rng.integer(10); // an integer in [0, 10)
 * const child = rng.fork('negatives'); // an independent stream; `rng` itself does not move
 * ```
 */
export class Rng {
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;

  /**
   * @param seed any safe integer
   * @throws TowerkitError `BAD_SEED` for anything else
   */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed))
      throw new TowerkitError('BAD_SEED', `a seed must be an integer, got ${seed}`);
    const mix = splitmix32(seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0);
    this.#a = mix();
    this.#b = mix();
    this.#c = mix();
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** A whole number in [0, 2^32). */
  uint32(): number {
    const t = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0;
    return t >>> 0;
  }

  /** A double in [0, 1) with 53 random bits. */
  uniform(): number {
    return ((this.uint32() >>> 5) * 67108864 + (this.uint32() >>> 6)) / 9007199254740992;
  }

  /** An integer in [0, bound), without bias (Lemire 2019, by rejection); `bound` in [1, 2^32]. */
  integer(bound: number): number {
    const limit = 4294967296 - (4294967296 % bound);
    let draw = this.uint32();
    while (draw >= limit) draw = this.uint32();
    return draw % bound;
  }

  /** A draw from the normal distribution with mean 0 and standard deviation 1 (Box-Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Shuffles in place (Fisher-Yates) and returns its argument. */
  shuffle<T extends { length: number; [i: number]: unknown }>(array: T): T {
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const held = array[i];
      array[i] = array[j];
      array[j] = held;
    }
    return array;
  }

  /** An independent stream named by a word or a number; the same state and name give the same stream. */
  fork(name: string | number): Rng {
    let hash = 0x811c9dc5;
    for (const character of String(name)) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
    const child = new Rng(0);
    const mix = splitmix32(
      (this.#a ^ hash) >>> 0,
      (this.#b ^ Math.imul(hash, 0x9e3779b1) ^ this.#counter) >>> 0,
    );
    child.state = [mix() ^ this.#c, mix(), mix(), 1];
    for (let i = 0; i < 12; i++) child.uint32();
    return child;
  }

  /** The generator's state, to save and to set again: the draws that follow are the same. */
  get state(): RngState {
    return [this.#a >>> 0, this.#b >>> 0, this.#c >>> 0, this.#counter >>> 0];
  }

  set state([a, b, c, counter]: RngState) {
    this.#a = a | 0;
    this.#b = b | 0;
    this.#c = c | 0;
    this.#counter = counter | 0;
  }
}

/** Steele, Lea and Flood 2014, in its 32-bit form; spreads a seed over many words. */
function splitmix32(low: number, high: number): () => number {
  let state = (low ^ Math.imul(high, 0x85ebca6b)) | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}
