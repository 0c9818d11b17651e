import { TowerkitError } from '@towerkit/core';
import type * as tf from '@tensorflow/tfjs-core';

import { tfjs } from '../load-tfjs.js';
import { GraphBuilder } from '../graph/builder.js';
import type { DType, TensorData, Value } from '../graph/graph.js';
import type { RandomRequest } from '../random/requests.js';

/** What one trace has recorded so far: the graph, and which of its values each tfjs tensor stands for. */
export class TraceContext {
  readonly builder = new GraphBuilder();
  readonly random: RandomRequest[] = [];
  readonly #values = new WeakMap<object, Value>();
  /** The first refusal, kept in case the traced function swallows the exception. */
  failure: TowerkitError | undefined;

  /** Makes `dataId` stand for a value. */
  bind(dataId: object, value: Value): void {
    this.#values.set(dataId, value);
  }

  /** The operation that made a tensor, where the trace knows it. */
  producerOf(dataId: object): string | undefined {
    return this.#values.get(dataId)?.node.origin;
  }

  /** What a tensor stands for; one made outside the trace becomes a constant. */
  valueOf({ dataId, shape, dtype }: tf.TensorInfo): Value {
    const known = this.#values.get(dataId);
    if (known) return known;
    const held = tfjs().engine().state.tensorInfo.get(dataId);
    if (!held)
      throw new TowerkitError('FOREIGN_TENSOR', 'a tensor that tfjs does not know reached the trace', {
        hint: 'It may be disposed, or belong to a second copy of @tensorflow/tfjs: keep one copy installed.',
      });
    const data = held.backend.readSync(dataId);
    const value = this.constant(data as tf.BackendValues, shape, dtype);
    this.bind(dataId, value);
    return value;
  }

  constant(values: tf.BackendValues, shape: readonly number[], dtype: string): Value {
    const type = this.checkedType(dtype);
    const data = dataOf(values, type);
    if (data.length > 0 && data.every((value) => Object.is(value, data[0])))
      return this.builder.fill(data[0], [...shape], type);
    return this.builder.constant(data, [...shape], type);
  }

  checkedType(dtype: string): DType {
    if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
    throw this.refuse(
      new TowerkitError(
        'UNSUPPORTED_DTYPE',
        `${currentOperation()} uses ${dtype} tensors, which cannot be traced`,
        {
          hint: 'Use float32, int32 or bool tensors inside a traced function.',
        },
      ),
    );
  }

  /** Remembers a refusal; throw what it returns. */
  refuse(error: TowerkitError): TowerkitError {
    return (this.failure ??= error);
  }
}

/** A copy of host values: the caller may change its own array. */
function dataOf(values: tf.BackendValues, dtype: DType): TensorData {
  const numbers = values as Float32Array;
  if (dtype === 'float32') return Float32Array.from(numbers);
  return dtype === 'int32' ? Int32Array.from(numbers) : Uint8Array.from(numbers);
}

let active: TraceContext | undefined;

/** The trace in progress. */
export function activeTrace(): TraceContext {
  if (!active)
    throw new TowerkitError(
      'TRACE_ENDED',
      'a tensor of a traced function was used after the function returned',
      {
        hint: 'Return what you need as an output; do not keep tensors from inside a traced function.',
      },
    );
  return active;
}

export const isTracing = (): boolean => active !== undefined;

/** Runs `body` with a fresh context. */
export function withTrace<T>(body: (context: TraceContext) => T): T {
  active = new TraceContext();
  try {
    return body(active);
  } finally {
    active = undefined;
  }
}

/** The tfjs operation being run, by the name users call it: `logSumExp`, not the `sub` inside it. */
export function currentOperation(otherwise = 'the function'): string {
  for (const { name } of tfjs().engine().state.scopeStack) {
    const match = /^(.+)__op$/.exec(name ?? '');
    if (match) return match[1];
  }
  return otherwise;
}
