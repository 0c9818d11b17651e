import { CsrMatrix } from '@towerkit/core';
import { parentPort, workerData } from 'node:worker_threads';

import type { Examples } from '../examples.js';
import { BatchAssembler, type BatchOptions } from './batch-assembler.js';
import { batchBuffers } from './batch.js';
import { InlineStream } from './inline-stream.js';

/** A matrix as a message carries it. */
export type MatrixParts = Pick<CsrMatrix, 'rows' | 'cols' | 'indptr' | 'indices' | 'values'>;

/** What the worker is started with: what batches are made of, and how. */
export interface BatchWorkerData {
  readonly histories: MatrixParts;
  readonly disliked?: MatrixParts;
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

const { histories, disliked, examples, options, seed } = workerData as BatchWorkerData;
const matrix = ({ rows, cols, indptr, indices, values }: MatrixParts) =>
  new CsrMatrix(rows, cols, indptr, indices, values);
const data = { histories: matrix(histories), disliked: disliked && matrix(disliked), examples };
const stream = new InlineStream(new BatchAssembler(data, options), seed);
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
