import { KernelPool } from '../pool/kernel-pool.js';
import { codesWidth } from './layout.js';

/** The arrays of lists of codes, in a memory of their own with its threads. */
export class ListMemory {
  readonly pool: KernelPool;
  /** i32 [lists + 1] */
  readonly starts: Int32Array;
  /** f64 [rows], -1 where a list is filled up */
  readonly slots: Float64Array;
  /** f32 [rows] */
  readonly scales: Float32Array;
  /** i8 [rows, width], by fours */
  readonly codes: Int32Array;

  /** @throws TowerkitError `TOO_LARGE`, `BAD_OPTION` */
  constructor(dimensions: number, starts: Int32Array, threads: number | undefined) {
    this.pool = new KernelPool({ threads, scratch: 64 });
    const { memory } = this.pool;
    const rows = starts[starts.length - 1];
    this.starts = memory.ints(starts);
    const slots = memory.ints(2 * rows);
    this.slots = new Float64Array(slots.buffer, slots.byteOffset, rows).fill(-1);
    this.scales = memory.floats(rows);
    this.codes = memory.ints((rows * codesWidth(dimensions)) / 4);
  }
}
