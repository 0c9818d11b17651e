import type { Batch } from './batch.js';

/** Batches of an epoch, in order. */
export interface BatchStream {
  /** Batches in the epoch last started. */
  readonly batches: number;
  /** Starts an epoch at one of its batches. */
  start(epoch: number, from: number): void;
  /** The next batch; `undefined` at the end of the epoch. */
  next(): Promise<Batch | undefined> | Batch | undefined;
  /** Stops whatever runs beside. */
  close(): Promise<void>;
}
