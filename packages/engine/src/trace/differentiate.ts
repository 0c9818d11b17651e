import { isTowerkitError, TowerkitError } from '@towerkit/core';
import type * as tf from '@tensorflow/tfjs-core';

import { tfjs } from '../load-tfjs.js';
import type { RandomSource, TensorFunction } from '../types.js';

export interface Gradient {
  readonly of: string;
  readonly wrt: readonly string[];
}

/**
 * Calls a function on the current backend and lets tfjs differentiate it. Call it inside `tf.tidy`.
 *
 * @param onOutputs sees the outputs while they are still there: tfjs frees all but the differentiated one
 * before it goes backward
 */
export function differentiate(
  fn: TensorFunction,
  inputs: Record<string, tf.Tensor>,
  random: RandomSource,
  gradient: Gradient | undefined,
  onOutputs: (outputs: Record<string, tf.Tensor>) => void,
): { gradients: Record<string, tf.Tensor> } {
  const call = (): Record<string, tf.Tensor> => {
    const outputs = fn({ ...inputs }, random);
    checkOutputs(outputs);
    onOutputs(outputs);
    return outputs;
  };
  try {
    if (!gradient) {
      call();
      return { gradients: {} };
    }
    const wrt = gradient.wrt.map((name) => inputs[name]);
    const forward = () => scalarOutput(call(), gradient.of);
    const { grads } = tfjs()
      .engine()
      .gradients(forward, wrt, null as never, true);
    const gradients = grads.map((tensor, i) => {
      if (!tensor) throw independent(gradient.of, gradient.wrt[i]);
      return [gradient.wrt[i], tensor];
    });
    return { gradients: Object.fromEntries(gradients) };
  } catch (error) {
    releaseTape();
    throw explain(error);
  }
}

/** What an exception inside a gradient leaves behind. */
function releaseTape(): void {
  const { state } = tfjs().engine();
  if (state.gradientDepth > 0 || !state.activeTape) return;
  for (const node of state.activeTape) for (const tensor of node.saved ?? []) tensor.dispose();
  state.activeTape = null as never;
}

function checkOutputs(outputs: unknown): asserts outputs is Record<string, tf.Tensor> {
  if (outputs instanceof Promise)
    throw new TowerkitError('BAD_OUTPUT', 'the function returned a promise', {
      hint: 'A tensor function is synchronous: compute with tensor operations and return the tensors.',
    });
  const tensors = Object.values((outputs ?? {}) as object);
  if (tensors.length === 0 || !tensors.every((tensor) => tensor instanceof tfjs().Tensor))
    throw new TowerkitError('BAD_OUTPUT', 'the function must return an object of tensors, such as {loss}');
}

function scalarOutput(outputs: Record<string, tf.Tensor>, name: string): tf.Tensor {
  const tensor = outputs[name];
  if (!tensor)
    throw new TowerkitError('BAD_SPEC', `gradient.of names '${name}', which is not an output`, {
      hint: `The outputs are ${Object.keys(outputs).join(', ')}.`,
    });
  if (tensor.size !== 1 || tensor.dtype !== 'float32')
    throw new TowerkitError(
      'BAD_SPEC',
      `output '${name}' must be a float32 scalar to be differentiated, it is ${tensor.dtype} [${tensor.shape.join(', ')}]`,
    );
  return tensor;
}

function independent(of: string, input: string): TowerkitError {
  const message = `output '${of}' does not depend on input '${input}' in a differentiable way`;
  return new TowerkitError('NO_GRADIENT', message, {
    hint: `Leave '${input}' out of gradient.wrt, or use it in the function.`,
    details: { input },
  });
}

/** Gives tfjs's own refusals a code and a next step. */
function explain(error: unknown): unknown {
  if (isTowerkitError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  const kernel = /^Kernel '(.+)' not registered for backend '(.+)'/.exec(message);
  if (kernel)
    return new TowerkitError(
      'UNSUPPORTED_KERNEL',
      `the tfjs kernel ${kernel[1]} ${kernel[2].startsWith('towerkit') ? 'cannot be compiled' : `is not there on the ${kernel[2]} backend`}`,
      {
        hint: 'Write the function with other operations, or try the other engine.',
        details: { kernel: kernel[1] },
        cause: error,
      },
    );
  const missing = /gradient function not found for (\w+)/.exec(message)?.[1];
  if (missing)
    return new TowerkitError('NO_GRADIENT', `tfjs has no gradient for ${missing}`, {
      hint: 'Express it with differentiable operations, or wrap it in tf.customGrad.',
      details: { kernel: missing },
      cause: error,
    });
  return error;
}
