import { KernelPool } from '../pool/kernel-pool.js';
import { codesWidth, rowStride } from './layout.js';

/** The arrays of a scan for a number of rows, in a memory of their own with its threads. */
export class ScanMemory {
  readonly pool: KernelPool;
  /** f32 [capacity, stride / 4] */
  readonly rows: Float32Array;
  /** f64 [capacity] */
  readonly ids: Float64Array;
  /** Of a search on the calling thread and of a batch: i32 [capacity / 32]. */
  readonly mask: Int32Array;
  readonly batchMask: Int32Array;
  /** i8 [capacity, width] and f32 [capacity], of a scan of codes. */
  readonly codes: Int32Array | undefined;
  readonly scales: Float32Array | undefined;

  /** @throws TowerkitError `TOO_LARGE`, `BAD_OPTION` */
  constructor(
    dimensions: number,
    readonly capacity: number,
    coded: boolean,
    threads: number | undefined,
  ) {
    this.pool = new KernelPool({ threads, scratch: 64 });
    const { memory } = this.pool;
    const whole = Math.ceil(capacity / 32) * 32; // kernels read rows by fours, masks by words
    this.rows = memory.floats((whole * rowStride(dimensions)) / 4);
    const ids = memory.ints(2 * whole);
    this.ids = new Float64Array(ids.buffer, ids.byteOffset, whole);
    this.mask = memory.ints(whole / 32);
    this.batchMask = memory.ints(whole / 32);
    if (!coded) return;
    this.codes = memory.ints((whole * codesWidth(dimensions)) / 4);
    this.scales = memory.floats(whole);
  }
}
