import { TowerkitError } from '@towerkit/core';
import * as ort from 'onnxruntime-node';

import type { DType } from '../graph/graph.js';

export type InferenceSession = ort.InferenceSession;

/** How ONNX Runtime runs a model. */
export interface SessionOptions {
  /** Threads within an operation; 0 lets ONNX Runtime choose. */
  threads?: number;
  /** ONNX Runtime's execution providers, in order of preference. */
  executionProviders?: string[];
}

/** Opens a session, or says which providers there are. */
export async function createSession(
  model: Uint8Array | string,
  { threads, executionProviders }: Required<SessionOptions>,
): Promise<InferenceSession> {
  const options: ort.InferenceSession.SessionOptions = {
    executionProviders,
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    enableMemPattern: true,
    logSeverityLevel: 3,
  };
  return typeof model === 'string'
    ? ort.InferenceSession.create(model, options)
    : ort.InferenceSession.create(model, options);
}

/** A tensor over the caller's array; ONNX Runtime refuses shared memory, which is copied. */
export function tensor(data: Float32Array | Int32Array, dtype: DType, shape: readonly number[]): ort.Tensor {
  const shared = typeof SharedArrayBuffer !== 'undefined' && data.buffer instanceof SharedArrayBuffer;
  return new ort.Tensor(dtype as 'float32', (shared ? data.slice() : data) as Float32Array, shape);
}

/** Whether the providers asked for can be had. */
export function checkProviders(executionProviders: readonly string[]): void {
  const available = ort.listSupportedBackends().map(({ name }) => name);
  for (const name of executionProviders)
    if (!available.includes(name))
      throw new TowerkitError(
        'PROVIDER_UNAVAILABLE',
        `ONNX Runtime here has no execution provider '${name}'`,
        {
          hint: `It has ${available.join(', ')}.`,
          details: { available },
        },
      );
}
