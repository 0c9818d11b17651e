import { TowerkitError, type Rng } from '@towerkit/core';
import type * as tf from '@tensorflow/tfjs-core';

import { tfjs } from '../load-tfjs.js';
import { checkFeeds, checkGradient, fixedInputs } from '../feeds.js';
import { draw, rngRequired } from '../random/requests.js';
import { randomSource } from '../random/source.js';
import { differentiate } from '../trace/differentiate.js';
import type { TraceInput } from '../trace/trace.js';
import type { CompiledFunction, CompileOptions, Engine, Feeds, RunResult, TensorFunction } from '../types.js';
import type { Backend } from './tfjs-backends.js';

/** Calls functions as they are, on a tfjs backend. */
export class TfjsEngine implements Engine {
  readonly kind = 'tfjs';
  readonly description: string;
  readonly #functions = new Set<TfjsFunction>();

  /** @param name tfjs's name for the backend */
  constructor(
    backend: Backend,
    private readonly name: string,
  ) {
    this.description = `tfjs ${backend}`;
  }

  async compile(fn: TensorFunction, options: CompileOptions): Promise<CompiledFunction> {
    const inputs = fixedInputs(options.inputs);
    checkGradient(options, inputs);
    const compiled: TfjsFunction = new TfjsFunction(this.name, fn, inputs, options.gradient, () =>
      this.#functions.delete(compiled),
    );
    this.#functions.add(compiled);
    return compiled;
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#functions].map((compiled) => compiled.dispose()));
  }
}

class TfjsFunction implements CompiledFunction {
  #disposed = false;

  constructor(
    private readonly backend: string,
    private readonly fn: TensorFunction,
    private readonly inputs: readonly TraceInput[],
    private readonly gradient: CompileOptions['gradient'],
    private readonly onDispose: () => void,
  ) {}

  async run(feeds: Feeds, rng?: Rng): Promise<RunResult> {
    if (this.#disposed) throw new TowerkitError('DISPOSED', 'the compiled function is disposed');
    checkFeeds(feeds, this.inputs);
    const previous = tfjs().backend() && tfjs().getBackend();
    void tfjs().setBackend(this.backend); // takes effect at once, since the backend is initialized
    try {
      let result: RunResult | undefined;
      tfjs().tidy(() => {
        result = this.#compute(feeds, rng);
      });
      return result!;
    } finally {
      void tfjs().setBackend(previous);
    }
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.onDispose();
  }

  #compute(feeds: Feeds, rng: Rng | undefined): RunResult {
    const random = randomSource((request) => {
      if (!rng) throw rngRequired();
      return tfjs().tensor(draw(request, rng), [...request.shape], 'float32');
    });
    const inputs = Object.fromEntries(
      this.inputs.map(({ name, shape, dtype }) => [name, tfjs().tensor(feeds[name], [...shape], dtype)]),
    );
    const result: RunResult = { outputs: {}, gradients: {} };
    const { gradients } = differentiate(this.fn, inputs, random, this.gradient, (outputs) => {
      for (const [name, tensor] of Object.entries(outputs)) result.outputs[name] = valuesOf(tensor);
    });
    for (const [name, tensor] of Object.entries(gradients))
      result.gradients[name] = valuesOf(tensor) as Float32Array;
    return result;
  }
}

/** The caller's own copy of a tensor's values. */
function valuesOf(tensor: tf.Tensor): Float32Array | Int32Array {
  const values = tensor.dataSync();
  return tensor.dtype === 'float32' ? Float32Array.from(values) : Int32Array.from(values);
}
