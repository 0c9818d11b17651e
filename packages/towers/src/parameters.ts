import { TowerkitError, type Rng } from '@towerkit/core';

/**
 * A dense weight of a tower: small, kept whole in the graph and updated every step. Its type keeps the number of axes, so
 * that a tower is handed a tensor of that rank.
 */
export interface Parameter<Shape extends readonly number[] = readonly number[]> {
  readonly shape: Shape;
  /** Row-major values, as many as the shape says. */
  readonly data: Float32Array;
  /**
   * False for what no gradient moves, such as the running statistics of batch norm: a training step replaces it by what
   * `context.batch.keep` was told. Default true.
   */
  readonly trained?: boolean;
}

/** A tower's dense weights by name. */
export type Parameters = Record<string, Parameter>;

const size = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

function filled<const Shape extends readonly number[]>(shape: Shape, value: () => number): Parameter<Shape> {
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
export const zeros = <const Shape extends readonly number[]>(shape: Shape): Parameter<Shape> =>
  filled(shape, () => 0);

/** The same value everywhere. */
export const constant = <const Shape extends readonly number[]>(
  shape: Shape,
  value: number,
): Parameter<Shape> => filled(shape, () => value);

/** A square kernel that leaves what it maps as it is. */
export const identity = (size: number): Parameter<readonly [number, number]> => ({
  shape: [size, size],
  data: Float32Array.from({ length: size * size }, (_, place) => Number(place % (size + 1) === 0)),
});

/** Normal draws with mean 0. */
export const normal = <const Shape extends readonly number[]>(
  shape: Shape,
  rng: Rng,
  stddev = 0.02,
): Parameter<Shape> => filled(shape, () => stddev * rng.normal());

/** Uniform draws from [-limit, limit). */
export const randomUniform = <const Shape extends readonly number[]>(
  shape: Shape,
  rng: Rng,
  limit: number,
): Parameter<Shape> => filled(shape, () => limit * (2 * rng.uniform() - 1));

/** Glorot and Bengio 2010: uniform with variance 2 / (fan in + fan out). For linear, tanh and sigmoid layers. */
export function glorotUniform<const Shape extends readonly number[]>(
  shape: Shape,
  rng: Rng,
): Parameter<Shape> {
  const [fanIn, fanOut] = fans(shape);
  return randomUniform(shape, rng, Math.sqrt(6 / (fanIn + fanOut)));
}

/** He et al. 2015: normal with variance 2 / fan in. For rectified layers. */
export function heNormal<const Shape extends readonly number[]>(shape: Shape, rng: Rng): Parameter<Shape> {
  return normal(shape, rng, Math.sqrt(2 / fans(shape)[0]));
}
