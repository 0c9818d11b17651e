import { CsrMatrix } from '@towerkit/core';
import { parentPort, workerData } from 'node:worker_threads';

import { BatchAssembler, type BatchOptions } from './batch-assembler.js';
import { batchBuffers } from './batch.js';
import { InlineStream } from './inline-stream.js';

/** What the worker is started with: a history matrix in parts, and how to batch it. */
export interface BatchWorkerData {
  readonly rows: number;
  readonly cols: number;
  readonly indptr: Int32Array;
  readonly indices: Int32Array;
  readonly values?: Float32Array;
  readonly options: BatchOptions;
  readonly seed: number;
}

/** What it is told: to start an epoch with so many batches ahead, or that one more was used up. */
export type BatchRequest =
  | {
      readonly kind: 'start';
      readonly run: number;
      readonly epoch: number;
      readonly from: number;
      readonly ahead: number;
    }
  | { readonly kind: 'more' };

const { rows, cols, indptr, indices, values, options, seed } = workerData as BatchWorkerData;
const stream = new InlineStream(
  new BatchAssembler(new CsrMatrix(rows, cols, indptr, indices, values), options),
  seed,
);
let run = 0;

function send(): void {
  const batch = stream.next();
  parentPort!.postMessage({ run, batch }, batch ? batchBuffers(batch) : []);
}

parentPort!.on('message', (request: BatchRequest) => {
  if (request.kind === 'start') {
    run = request.run;
    stream.start(request.epoch, request.from);
    for (let i = 0; i < request.ahead; i++) send();
  } else send();
});
