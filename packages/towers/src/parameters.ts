import { TowerkitError, type Rng } from '@towerkit/core';

/** A dense weight of a tower: small, kept whole in the graph and updated every step. */
export interface Parameter {
  readonly shape: readonly number[];
  /** Row-major values, as many as the shape says. */
  readonly data: Float32Array;
}

/** A tower's dense weights by name. */
export type Parameters = Record<string, Parameter>;

const size = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

function filled(shape: readonly number[], value: () => number): Parameter {
  return { shape, data: Float32Array.from({ length: size(shape) }, value) };
}

/** Fan in and fan out of a [in, out] kernel; any earlier axes count as receptive field. */
function fans(shape: readonly number[]): [number, number] {
  if (shape.length < 2)
    throw new TowerkitError('BAD_SHAPE', `an initializer with fans needs a matrix, got shape [${shape}]`);
  const field = size(shape.slice(0, -2));
  return [shape[shape.length - 2] * field, shape[shape.length - 1] * field];
}

/** Zeros: the usual start of a bias. */
export const zeros = (shape: readonly number[]): Parameter => filled(shape, () => 0);

/** The same value everywhere. */
export const constant = (shape: readonly number[], value: number): Parameter => filled(shape, () => value);

/** Normal draws with mean 0. */
export const normal = (shape: readonly number[], rng: Rng, stddev = 0.02): Parameter =>
  filled(shape, () => stddev * rng.normal());

/** Uniform draws from [-limit, limit). */
export const uniform = (shape: readonly number[], rng: Rng, limit: number): Parameter =>
  filled(shape, () => limit * (2 * rng.uniform() - 1));

/** Glorot and Bengio 2010: uniform with variance 2 / (fan in + fan out). For linear, tanh and sigmoid layers. */
export function glorotUniform(shape: readonly number[], rng: Rng): Parameter {
  const [fanIn, fanOut] = fans(shape);
  return uniform(shape, rng, Math.sqrt(6 / (fanIn + fanOut)));
}

/** He et al. 2015: normal with variance 2 / fan in. For rectified layers. */
export function heNormal(shape: readonly number[], rng: Rng): Parameter {
  return normal(shape, rng, Math.sqrt(2 / fans(shape)[0]));
}
