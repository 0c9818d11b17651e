import { TowerkitError, type CsrMatrix } from '@towerkit/core';
import { builtProgram } from '@towerkit/core/files';
import { Worker } from 'node:worker_threads';

import type { BatchAssembler, BatchOptions } from './batch-assembler.js';
import type { BatchRequest, BatchWorkerData, MatrixParts } from './batch-worker.js';
import type { Batch } from './batch.js';
import type { BatchStream } from './batch-stream.js';
import { planRng } from './inline-stream.js';

const AHEAD = 3;

/**
 * Has the next batches made by a worker thread while the present one is computed. Batch for batch the same as
 * those of the inline stream.
 */
export class WorkerStream implements BatchStream {
  batches = 0;

  readonly #worker: Worker;
  readonly #ready: (Batch | undefined)[] = [];
  #run = 0;
  #waiting: { resolve: (batch: Batch | undefined) => void; reject: (error: Error) => void } | undefined;
  #failure: Error | undefined;

  constructor(
    readonly assembler: BatchAssembler,
    readonly seed: number,
    options: BatchOptions,
  ) {
    const { histories, disliked, examples } = assembler.data;
    const data: BatchWorkerData = {
      histories: parts(histories),
      disliked: disliked && parts(disliked),
      // The worker only says which moment a position has; what is known of it stays here.
      examples: examples && { ...examples, moments: examples.moments && {} },
      options,
      seed,
    };
    this.#worker = new Worker(builtProgram(import.meta.url, 'batch-worker.js'), { workerData: data });
    this.#worker.on('message', (message) => this.#receive(message));
    this.#worker.on('error', (error) => this.#fail(error as Error));
    this.#worker.on('exit', () =>
      this.#fail(new TowerkitError('THREAD_ENDED', 'the thread that makes batches has ended')),
    );
    this.#worker.unref();
  }

  start(epoch: number, from: number): void {
    this.batches = this.assembler.plan(planRng(this.seed, epoch)).bucket.length;
    this.#ready.length = 0;
    this.#send({ kind: 'start', run: ++this.#run, epoch, from, ahead: AHEAD });
  }

  async next(): Promise<Batch | undefined> {
    if (this.#failure) throw this.#failure;
    if (this.#ready.length > 0) return this.#take(this.#ready.shift());
    this.#worker.ref();
    try {
      return this.#take(
        await new Promise<Batch | undefined>((resolve, reject) => (this.#waiting = { resolve, reject })),
      );
    } finally {
      this.#worker.unref();
    }
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #take(batch: Batch | undefined): Batch | undefined {
    if (batch) this.#send({ kind: 'more' });
    return batch;
  }

  #receive({ run, batch }: { run: number; batch: Batch | undefined }): void {
    if (run !== this.#run) return; // made for an epoch that was left early
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting.resolve(batch);
    else this.#ready.push(batch);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }

  #send(request: BatchRequest): void {
    this.#worker.postMessage(request);
  }
}

const parts = ({ rows, cols, indptr, indices, values }: CsrMatrix): MatrixParts => ({
  rows,
  cols,
  indptr,
  indices,
  values,
});
