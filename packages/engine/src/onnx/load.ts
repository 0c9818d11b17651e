import { TowerkitError } from '@towerkit/core';
import type { Tensor } from 'onnxruntime-node';

import {
  checkProviders,
  createSession,
  SILENT,
  tensor,
  type InferenceSession,
  type SessionOptions,
} from './session.js';

/** A tensor of a loaded model: values in row-major order. */
export interface ModelTensor {
  data: Float32Array | Int32Array;
  shape: readonly number[];
}

/** An ONNX model ready to run. */
export class OnnxModel {
  #session: InferenceSession | undefined;

  /** @internal */
  constructor(session: InferenceSession) {
    this.#session = session;
  }

  /** The names of the inputs. */
  get inputs(): readonly string[] {
    return this.#open().inputNames;
  }

  /** The names of the outputs. */
  get outputs(): readonly string[] {
    return this.#open().outputNames;
  }

  /**
   * Computes every output.
   *
   * @throws TowerkitError `BAD_FEED` for a missing or unknown name, a length that is not the shape's, or a shape
   * or type that the model refuses
   */
  async run(feeds: Record<string, ModelTensor>): Promise<Record<string, ModelTensor>> {
    const session = this.#open();
    const named = new Set(session.inputNames);
    for (const name of [...named, ...Object.keys(feeds)])
      if (!feeds[name] || !named.has(name))
        throw new TowerkitError(
          'BAD_FEED',
          feeds[name] ? `there is no input '${name}'` : `input '${name}' is missing`,
          {
            hint: `The inputs are ${[...named].join(', ')}.`,
            details: { input: name },
          },
        );
    const tensors = Object.fromEntries(
      Object.entries(feeds).map(([name, feed]) => [name, feedTensor(name, feed)]),
    );
    const results = await session.run(tensors, { logSeverityLevel: SILENT }).catch((cause: Error) => {
      throw new TowerkitError('BAD_FEED', `ONNX Runtime refused the run: ${cause.message}`, { cause });
    });
    return Object.fromEntries(Object.entries(results).map(([name, result]) => [name, modelTensor(result)]));
  }

  /** Frees the session; safe to call twice. */
  async dispose(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.release();
  }

  #open(): InferenceSession {
    if (!this.#session) throw new TowerkitError('DISPOSED', 'the model is disposed');
    return this.#session;
  }
}

function feedTensor(name: string, { data, shape }: ModelTensor): Tensor {
  const length = shape.reduce((a, b) => a * b, 1);
  if (data.length !== length)
    throw new TowerkitError(
      'BAD_FEED',
      `input '${name}': shape [${shape.join(', ')}] has ${length} values, got ${data.length}`,
      {
        details: { input: name },
      },
    );
  return tensor(data, data instanceof Int32Array ? 'int32' : 'float32', shape);
}

/** Other element types than the two are converted: int64 and bool to Int32Array, the rest as floats. */
function modelTensor({ data, dims }: Tensor): ModelTensor {
  if (data instanceof Float32Array || data instanceof Int32Array) return { data, shape: dims };
  if (data instanceof BigInt64Array) return { data: Int32Array.from(data, Number), shape: dims };
  if (data instanceof Uint8Array) return { data: Int32Array.from(data), shape: dims };
  return { data: Float32Array.from(data as Float64Array), shape: dims };
}

/**
 * Opens an ONNX model.
 *
 * @param source the bytes of a model, or the path of a file
 * @throws TowerkitError `BAD_MODEL` where it is not a model, `PROVIDER_UNAVAILABLE`
 */
export async function loadOnnx(
  source: Uint8Array | string,
  options: SessionOptions = {},
): Promise<OnnxModel> {
  const { threads = 0, executionProviders = ['cpu'] } = options;
  await checkProviders(executionProviders);
  const session = await createSession(source, { threads, executionProviders }).catch((cause: Error) => {
    const what = typeof source === 'string' ? source : 'the bytes given';
    throw new TowerkitError('BAD_MODEL', `cannot open ${what} as an ONNX model: ${cause.message}`, { cause });
  });
  return new OnnxModel(session);
}
