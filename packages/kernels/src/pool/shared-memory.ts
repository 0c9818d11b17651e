import { TowerkitError } from '@towerkit/core';

/** Byte offset into the pool's memory; an array that the pool handed out stands for its own. */
export type Pointer = number | Float32Array | Int32Array;

const PAGE = 65_536;
const MAX_PAGES = 65_536;
const LINE = 64;

/**
 * A WebAssembly memory that threads share, handed out as arrays, each on cache lines of its own. It grows as it is
 * asked to, up to 4 GiB, and never shrinks; arrays stay valid while it grows.
 */
export class SharedMemory {
  readonly wasm: WebAssembly.Memory;
  // The first page stays free: a pointer of 0 is never an array's.
  #end = PAGE;

  /** @throws TowerkitError `TOO_LARGE` where the process has no address space for it */
  constructor() {
    try {
      this.wasm = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: true });
    } catch (cause) {
      throw new TowerkitError('TOO_LARGE', 'no address space for another shared memory', { cause });
    }
  }

  /** A Float32Array of `size` zeros, or with the values given. Zeros only until {@link release} was first used. */
  floats(size: number | ArrayLike<number>): Float32Array {
    const array = new Float32Array(...this.#take(typeof size === 'number' ? size : size.length));
    if (typeof size !== 'number') array.set(size);
    return array;
  }

  /** An Int32Array of `size` zeros, or with the values given. Zeros only until {@link release} was first used. */
  ints(size: number | ArrayLike<number>): Int32Array {
    const array = new Int32Array(...this.#take(typeof size === 'number' ? size : size.length));
    if (typeof size !== 'number') array.set(size);
    return array;
  }

  /** The place that {@link release} goes back to. */
  mark(): number {
    return this.#end;
  }

  /** Takes back every array handed out since {@link mark}; what they held stays where it is. */
  release(mark: number): void {
    this.#end = mark;
  }

  /**
   * The byte offset of an array.
   *
   * @throws TowerkitError `FOREIGN_ARRAY` for one that is not of this memory
   */
  pointerTo(array: Float32Array | Int32Array): number {
    // Growing makes another buffer object of the same memory: what they share is not to be seen, the place is.
    const shared = String(array.buffer) === '[object SharedArrayBuffer]'; // of whatever realm
    if (!shared || array.byteOffset + array.byteLength > this.#end)
      throw new TowerkitError('FOREIGN_ARRAY', 'a kernel can only read arrays of its own pool', {
        hint: 'copy it to one of pool.memory.floats() or ints()',
      });
    return array.byteOffset;
  }

  #take(length: number): [ArrayBufferLike, number, number] {
    const from = this.#end;
    const end = Math.ceil((from + 4 * length) / LINE) * LINE;
    const missing = Math.ceil(end / PAGE) - this.wasm.buffer.byteLength / PAGE;
    if (missing > 0)
      try {
        this.wasm.grow(missing);
      } catch (cause) {
        throw new TowerkitError('TOO_LARGE', `a shared memory cannot hold ${end} bytes`, {
          hint: 'the limit is 4 GiB, or what the machine has',
          details: { bytes: end },
          cause,
        });
      }
    this.#end = end;
    return [this.wasm.buffer, from, length];
  }
}
