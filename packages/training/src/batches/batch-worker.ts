import { CsrMatrix } from '@towerkit/core';
import { parentPort, workerData } from 'node:worker_threads';

import type { Examples } from '../examples.js';
import { BatchAssembler, type BatchOptions } from './batch-assembler.js';
import { batchBuffers } from './batch.js';
import { InlineStream } from './inline-stream.js';

/** What the worker is started with: a history matrix in parts, examples where they do not follow from it, and how to batch them. */
export interface BatchWorkerData {
  readonly rows: number;
  readonly cols: number;
  readonly indptr: Int32Array;
  readonly indices: Int32Array;
  readonly values?: Float32Array;
  readonly examples?: Examples;
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

const { rows, cols, indptr, indices, values, examples, options, seed } = workerData as BatchWorkerData;
const stream = new InlineStream(
  new BatchAssembler(new CsrMatrix(rows, cols, indptr, indices, values), options, examples),
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
