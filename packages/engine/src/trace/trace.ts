import { isTowerkitError, TowerkitError } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs';

import type { DType, Graph, Value } from '../graph/graph.js';
import type { RandomRequest } from '../random/requests.js';
import { randomSource } from '../random/source.js';
import type { TensorFunction } from '../types.js';
import { TRACE_BACKEND, traceBackendName } from './backend.js';
import { withTrace, type TraceContext } from './context.js';

/** An input of a trace: all sizes are numbers. */
export interface TraceInput {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
}

export interface Gradient {
  readonly of: string;
  readonly wrt: readonly string[];
}

/** A function as a graph: outputs first, then gradients in the order of `wrt`. */
export interface Trace {
  readonly graph: Graph;
  readonly random: readonly RandomRequest[];
}

/** Runs `fn`, and tfjs's differentiation of it, once on the recording backend. */
export function trace(fn: TensorFunction, inputs: readonly TraceInput[], gradient?: Gradient): Trace {
  return onTraceBackend(() =>
    withTrace((context) => {
      let outputs: Graph['outputs'] = [];
      tf.tidy(() => {
        try {
          outputs = record(context, fn, inputs, gradient);
        } catch (error) {
          throw context.failure ?? explain(error);
        }
      });
      if (context.failure) throw context.failure;
      return { graph: context.builder.finish(outputs), random: context.random };
    }),
  );
}

function onTraceBackend<T>(body: () => T): T {
  const engine = tf.engine();
  if (engine.backendName?.startsWith(TRACE_BACKEND))
    throw new TowerkitError('NESTED_TRACE', 'a trace was started inside a traced function', {
      hint: 'Compile the inner function outside, or call it as a plain function.',
    });
  tf.backend(); // settles which backend is the caller's, where none was chosen yet
  const previous = tf.getBackend();
  void tf.setBackend(traceBackendName());
  try {
    return body();
  } finally {
    releaseTape();
    void tf.setBackend(previous);
  }
}

/** What an exception inside a gradient leaves behind. */
function releaseTape(): void {
  const { state } = tf.engine();
  if (state.gradientDepth > 0 || !state.activeTape) return;
  for (const node of state.activeTape) for (const tensor of node.saved ?? []) tensor.dispose();
  state.activeTape = null as never;
}

function record(
  context: TraceContext,
  fn: TensorFunction,
  inputs: readonly TraceInput[],
  gradient: Gradient | undefined,
): Graph['outputs'] {
  const tensorOf = (value: Value): tf.Tensor => {
    const dataId = {};
    context.bind(dataId, value);
    return tf.engine().makeTensorFromDataId(dataId, [...value.shape] as number[], value.dtype);
  };
  const placeholders = Object.fromEntries(
    inputs.map((input) => [input.name, tensorOf(context.builder.add('Input', [], { ...input }))]),
  );
  const random = randomSource((request) => {
    const index = context.random.push(request) - 1;
    return tensorOf(context.builder.add('Random', [], { index, shape: request.shape }));
  });

  let outputs: { name: string; value: Value }[] = [];
  const call = (): Record<string, tf.Tensor> => {
    const results = fn({ ...placeholders }, random);
    checkResults(results);
    outputs = Object.entries(results).map(([name, tensor]) => ({ name, value: context.valueOf(tensor) }));
    return results;
  };
  if (!gradient) {
    call();
    return outputs;
  }

  const wrt = gradient.wrt.map((name) => placeholders[name]);
  const { grads } = tf.engine().gradients(() => scalarOutput(call(), gradient.of), wrt, null as never, true);
  const derivatives = grads.map((tensor, i) => {
    if (!tensor)
      throw new TowerkitError(
        'NO_GRADIENT',
        `output '${gradient.of}' does not depend on input '${gradient.wrt[i]}' in a differentiable way`,
        {
          hint: `Leave '${gradient.wrt[i]}' out of gradient.wrt, or use it in the function.`,
          details: { input: gradient.wrt[i] },
        },
      );
    return { name: gradient.wrt[i], value: context.valueOf(tensor) };
  });
  return [...outputs, ...derivatives];
}

function checkResults(results: unknown): asserts results is Record<string, tf.Tensor> {
  if (results instanceof Promise)
    throw new TowerkitError('BAD_OUTPUT', 'the function returned a promise', {
      hint: 'A tensor function is synchronous: compute with tensor operations and return the tensors.',
    });
  const entries = Object.entries((results ?? {}) as object);
  if (entries.length === 0 || !entries.every(([, tensor]) => tensor instanceof tf.Tensor))
    throw new TowerkitError('BAD_OUTPUT', 'the function must return an object of tensors, such as {loss}');
}

function scalarOutput(results: Record<string, tf.Tensor>, name: string): tf.Tensor {
  const tensor = results[name];
  if (!tensor)
    throw new TowerkitError('BAD_SPEC', `gradient.of names '${name}', which is not an output`, {
      hint: `The outputs are ${Object.keys(results).join(', ')}.`,
    });
  if (tensor.size !== 1 || tensor.dtype !== 'float32')
    throw new TowerkitError(
      'BAD_SPEC',
      `output '${name}' must be a float32 scalar to be differentiated, it is ${tensor.dtype} [${tensor.shape.join(', ')}]`,
    );
  return tensor;
}

/** Gives tfjs's own refusals a code and a next step. */
function explain(error: unknown): unknown {
  if (isTowerkitError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  const kernel = /^Kernel '(.+)' not registered for backend/.exec(message)?.[1];
  if (kernel)
    return new TowerkitError('UNSUPPORTED_KERNEL', `the tfjs kernel ${kernel} cannot be compiled`, {
      hint: 'Write the function with other operations, or run it on the tfjs engine.',
      details: { kernel },
      cause: error,
    });
  const missing = /gradient function not found for (\w+)/.exec(message)?.[1];
  if (missing)
    return new TowerkitError('NO_GRADIENT', `tfjs has no gradient for ${missing}`, {
      hint: 'Express it with differentiable operations, or wrap it in tf.customGrad.',
      details: { kernel: missing },
      cause: error,
    });
  return error;
}
