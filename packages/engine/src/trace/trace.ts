import { TowerkitError } from '@towerkit/core';
import type * as tf from '@tensorflow/tfjs-core';

import { tfjs } from '../load-tfjs.js';
import type { DType, Graph, Value } from '../graph/graph.js';
import type { RandomRequest } from '../random/requests.js';
import { randomSource } from '../random/source.js';
import type { TensorFunction } from '../types.js';
import { TRACE_BACKEND, traceBackendName } from './backend.js';
import { withTrace, type TraceContext } from './context.js';
import { differentiate, type Gradient } from './differentiate.js';

/** An input of a trace: all sizes are numbers. */
export interface TraceInput {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** A function as a graph: its outputs come first, then the gradients in the order of `wrt`. */
export interface Trace {
  readonly graph: Graph;
  readonly random: readonly RandomRequest[];
}

/** Runs `fn`, and tfjs's differentiation of it, once on the recording backend. */
export function trace(fn: TensorFunction, inputs: readonly TraceInput[], gradient?: Gradient): Trace {
  return onTraceBackend(() =>
    withTrace((context) => {
      let outputs: Graph['outputs'] = [];
      try {
        tfjs().tidy(() => {
          outputs = record(context, fn, inputs, gradient);
        });
      } catch (error) {
        throw context.failure ?? error;
      }
      if (context.failure) throw context.failure;
      return { graph: context.builder.finish(outputs), random: context.random };
    }),
  );
}

function onTraceBackend<T>(body: () => T): T {
  if (tfjs().engine().backendName?.startsWith(TRACE_BACKEND))
    throw new TowerkitError('NESTED_TRACE', 'a trace was started inside a traced function', {
      hint: 'Compile the inner function outside, or call it as a plain function.',
    });
  tfjs().backend(); // settles which backend is the caller's, where none was chosen yet
  const previous = tfjs().getBackend();
  void tfjs().setBackend(traceBackendName()); // takes effect at once: the backend needs no initialization
  try {
    return body();
  } finally {
    void tfjs().setBackend(previous);
  }
}

function record(
  context: TraceContext,
  fn: TensorFunction,
  specs: readonly TraceInput[],
  gradient: Gradient | undefined,
): Graph['outputs'] {
  const { builder } = context;
  const tensorOf = (value: Value): tf.Tensor => {
    const dataId = {};
    context.bind(dataId, value);
    return tfjs()
      .engine()
      .makeTensorFromDataId(dataId, [...value.shape] as number[], value.dtype);
  };
  const inputs = specs.map((spec) => [spec.name, tensorOf(builder.add('Input', [], { ...spec }))] as const);
  const random = randomSource((request) => {
    const index = context.random.push(request) - 1;
    return tensorOf(builder.add('Random', [], { index, shape: request.shape }));
  });
  const valuesOf = (tensors: Record<string, tf.Tensor>) =>
    Object.entries(tensors).map(([name, tensor]) => ({ name, value: context.valueOf(tensor) }));

  let outputs: Graph['outputs'] = [];
  const { gradients } = differentiate(fn, Object.fromEntries(inputs), random, gradient, (tensors) => {
    outputs = valuesOf(tensors);
  });
  return [...outputs, ...valuesOf(gradients)];
}
