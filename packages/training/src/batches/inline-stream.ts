import { Rng } from '@towerkit/core';

import type { BatchAssembler } from './batch-assembler.js';
import type { Batch } from './batch.js';
import type { BatchStream } from './batch-stream.js';
import type { EpochPlan } from './epoch-plan.js';

/** Generators of an epoch, derived from the seed: the same whoever makes the batch, and wherever a run resumes. */
export const planRng = (seed: number, epoch: number) => new Rng(seed).fork('plan').fork(epoch);
export const batchRng = (seed: number, epoch: number, b: number) =>
  new Rng(seed).fork('batch').fork(epoch).fork(b);

/** Makes each batch when it is asked for, on the thread that asks. */
export class InlineStream implements BatchStream {
  #plan: EpochPlan | undefined;
  #epoch = 0;
  #next = 0;

  constructor(
    readonly assembler: BatchAssembler,
    readonly seed: number,
  ) {}

  get batches(): number {
    return this.#plan ? this.#plan.bucket.length : 0;
  }

  start(epoch: number, from: number): void {
    this.#plan = this.assembler.plan(planRng(this.seed, epoch));
    this.#epoch = epoch;
    this.#next = from;
  }

  next(): Batch | undefined {
    if (!this.#plan || this.#next >= this.batches) return undefined;
    const b = this.#next++;
    return this.assembler.assemble(this.#plan, b, batchRng(this.seed, this.#epoch, b));
  }

  async close(): Promise<void> {}
}
