import { badOption, indexOptions } from '../../checks/options.js';
import type { Driver } from '../../driver.js';
import { badIndex } from '../../files/errors.js';
import { MemoryIndex } from '../../memory/memory-index.js';
import type { IndexOptions } from '../../vector-index.js';

/** Of the driver `exact`, beside those that all have. */
export interface ExactOptions {
  /**
   * `f32` by default: every score in float32. `int8` looks for candidates in vectors of one byte a value and scores those
   * exactly: some three times as quick, with a recall of nearly 1.
   */
  readonly scan?: 'f32' | 'int8';
  /** Threads of a batch; one per core by default, and at most. */
  readonly threads?: number;
}

/** Exact search: every vector, in WebAssembly SIMD. */
export const driver: Driver<IndexOptions & ExactOptions> = {
  name: 'exact',
  async create({ scan = 'f32', threads, ...options }) {
    if (scan !== 'f32' && scan !== 'int8') throw badOption('scan', 'f32 or int8', scan);
    return MemoryIndex.create(
      'exact',
      { ...indexOptions(options), coded: scan === 'int8', threads },
      { scan },
    );
  },
  async load(saved, { threads }) {
    const { dimensions, metric, settings } = saved.manifest;
    const { scan } = settings;
    if (scan !== 'f32' && scan !== 'int8') throw badIndex(`its scan is ${String(scan)}`);
    return MemoryIndex.load(saved, { dimensions, metric, coded: scan === 'int8', threads }, { scan });
  },
};
