import { TowerkitError } from '@towerkit/core';
import type * as ort from 'onnxruntime-node';

import type { DType } from '../graph/graph.js';
import { loadRuntime, runtime } from './runtime.js';
import { encodeModel } from './proto.js';

export type InferenceSession = ort.InferenceSession;

/** How ONNX Runtime runs a model. */
export interface SessionOptions {
  /** Threads within an operation; 0 lets ONNX Runtime choose. */
  threads?: number;
  /** ONNX Runtime's execution providers, in order of preference. */
  executionProviders?: string[];
}

/** What goes wrong is thrown, and said once: ONNX Runtime would print it before, too. */
export const SILENT = 4;

/** Of a graph that is kept as ONNX Runtime has optimized it. */
interface KeptGraph {
  /** False for one that has been. Default true. */
  readonly optimize?: boolean;
  /** File to write it to. */
  readonly keepAs?: string;
}

/** Opens a session, or says which providers there are. */
export async function createSession(
  model: Uint8Array | string,
  { threads, executionProviders }: Required<SessionOptions>,
  { optimize = true, keepAs }: KeptGraph = {},
): Promise<InferenceSession> {
  const options: ort.InferenceSession.SessionOptions = {
    executionProviders,
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: optimize ? 'all' : 'disabled',
    ...(keepAs !== undefined && { optimizedModelFilePath: keepAs }),
    enableMemPattern: true,
    logSeverityLevel: SILENT,
    // Waiting threads sleep instead of spinning, which made training over twice as slow on two cores.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
  const { InferenceSession } = await loadRuntime();
  return typeof model === 'string'
    ? InferenceSession.create(model, options)
    : InferenceSession.create(model, options);
}

/** A tensor over the caller's array; ONNX Runtime refuses shared memory, which is copied. */
export function tensor(data: Float32Array | Int32Array, dtype: DType, shape: readonly number[]): ort.Tensor {
  const shared = typeof SharedArrayBuffer !== 'undefined' && data.buffer instanceof SharedArrayBuffer;
  return new (runtime().Tensor)(dtype as 'float32', (shared ? data.slice() : data) as Float32Array, shape);
}

/**
 * Tries the providers on a model that does nothing: one that is listed may still lack its libraries.
 *
 * @throws TowerkitError `PROVIDER_UNAVAILABLE`
 */
export async function checkProviders(executionProviders: readonly string[]): Promise<void> {
  const available = (await loadRuntime()).listSupportedBackends().map(({ name }) => name);
  for (const name of executionProviders) {
    if (name === 'cpu') continue;
    try {
      const session = await createSession(probe(), { threads: 1, executionProviders: [name] });
      await session.release();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
      throw new TowerkitError(
        'PROVIDER_UNAVAILABLE',
        `the execution provider '${name}' does not start here: ${reason}`,
        {
          hint: `ONNX Runtime here knows ${available.join(', ')}; some of these need libraries of their own.`,
          details: { provider: name, available },
          cause,
        },
      );
    }
  }
}

const probe = (): Uint8Array =>
  encodeModel({
    opset: 18,
    nodes: [{ opType: 'Identity', inputs: ['x'], outputs: ['y'], attributes: [] }],
    initializers: [],
    inputs: [{ name: 'x', type: 'float32', dims: [1] }],
    outputs: [{ name: 'y', type: 'float32', dims: [1] }],
    metadata: {},
  });
