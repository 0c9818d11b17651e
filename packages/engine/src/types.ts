import type { Rng } from '@towerkit/core';
import type * as tf from '@tensorflow/tfjs-core';

/** The shape and element type of an input. */
export interface TensorSpec {
  /**
   * The size of each axis. In {@link exportOnnx} a name, such as `'batch'`, leaves that size open; equal names
   * are equal sizes.
   */
  shape: readonly (number | string)[];
  /** `'float32'` by default. */
  dtype?: 'float32' | 'int32';
}

/**
 * The only randomness a {@link TensorFunction} may use. Each request is drawn by the host from the `Rng` given
 * to a run, in the order of the requests, so every engine draws the same numbers from the same state.
 */
export interface RandomSource {
  /**
   * A mask to multiply with: 0 with probability `rate`, else 1/(1 - rate), where `rate` in [0, 1) is first
   * rounded to a multiple of 1/65536 (inverted dropout, Srivastava et al. 2014).
   */
  dropoutMask(shape: readonly number[], rate: number): tf.Tensor;
  /** Numbers in [0, 1), multiples of 2^-24. */
  uniform(shape: readonly number[]): tf.Tensor;
  /** Numbers from the normal distribution with mean 0 and standard deviation 1. */
  normal(shape: readonly number[]): tf.Tensor;
}

/**
 * A computation in tfjs operations, from named inputs to named outputs. It must be pure: no reads of values
 * (`dataSync`), no randomness but `random`'s, no change of outer state; it may be called more than once.
 */
export type TensorFunction = (
  inputs: Record<string, tf.Tensor>,
  random: RandomSource,
) => Record<string, tf.Tensor>;

/** What to compile a function for. */
export interface CompileOptions {
  /** Every input, by name, with its size. */
  inputs: Record<string, TensorSpec>;
  /** Also differentiate output `of`, a scalar, with respect to the inputs `wrt`. */
  gradient?: { of: string; wrt: readonly string[] };
}

/** Values by input name: `Float32Array` or `Int32Array` as the input's type says, in row-major order. */
export type Feeds = Record<string, Float32Array | Int32Array>;

/** Results by name, in row-major order; the arrays are the caller's to keep. */
export interface RunResult {
  /** Float32Array for float outputs; Int32Array for whole numbers and (as 0 and 1) for booleans. */
  outputs: Record<string, Float32Array | Int32Array>;
  /** The derivative of the scalar by each input of `wrt`; empty without `gradient`. */
  gradients: Record<string, Float32Array>;
}

/** A function ready to run. */
export interface CompiledFunction {
  /**
   * Computes outputs and gradients.
   *
   * @param feeds a value for every input
   * @param rng where the function's random requests are drawn from; it moves on
   * @throws TowerkitError `BAD_FEED` for a missing or unknown name, or a wrong type or length
   * @throws TowerkitError `RNG_REQUIRED` where the function asks for random numbers and there is no `rng`
   * @throws TowerkitError `DISPOSED` after {@link CompiledFunction.dispose}
   */
  run(feeds: Feeds, rng?: Rng): Promise<RunResult>;
  /** Frees what it holds; safe to call twice. */
  dispose(): Promise<void>;
}

/** Something that runs tensor functions. */
export interface Engine {
  readonly kind: 'onnx' | 'tfjs';
  /** For people, such as `onnxruntime-node cpu, 2 threads`. */
  readonly description: string;
  /**
   * Prepares a function for fixed sizes.
   *
   * @throws TowerkitError `BAD_SPEC`, `HOST_READ`, `HOST_RANDOMNESS`, `UNSUPPORTED_KERNEL`, `UNSUPPORTED_DTYPE`,
   * `NO_GRADIENT`, `NESTED_TRACE`; the README says what each means
   */
  compile(fn: TensorFunction, options: CompileOptions): Promise<CompiledFunction>;
  /** Disposes every function it compiled; safe to call twice. */
  dispose(): Promise<void>;
}
