import { TowerkitError } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import { perPosition } from './layers/per-position.js';
import { readTaste, tasteParameters } from './layers/read-history.js';
import { glorotUniform, zeros, type Parameters } from './parameters.js';
import { defineTower, type Tower, type TowerInput } from './tower.js';

/** Options of {@link sumTower}. */
export interface SumTowerOptions {
  /** What it reads, by name. Vectors of the id itself must be as wide as the tower. */
  readonly inputs: Readonly<Record<string, TowerInput>>;
  /** Width of the vectors it returns. Default 64. */
  readonly dimensions?: number;
  /** Dropout on the sum. Default 0. */
  readonly dropout?: number;
}

type Given = Readonly<Record<string, tf.Tensor>>;

/**
 * The sum of all that is known: the vector of the id as it is, a linear map of everything else, and of a history the mean of its
 * items with a learned power through a matrix. With an id, a history and a loss of ratings, a user is that of SVD++ (Koren
 * 2008), whose implicit feedback is read by the items' own vectors.
 *
 *     y = id + b + sum_f W_f x_f + W sum_j i_j / n^power
 *
 * @returns a tower from the declared inputs to [rows, dimensions], or [positions, dimensions]
 * @throws TowerkitError `BAD_TOWER` without inputs, for an id of another width, for a width that is not 1, 2, ..., or a
 *   dropout outside [0, 1)
 * @example
 * ```ts
 * sumTower({
 *   dimensions: 32,
 *   inputs: {
 *     id: { kind: 'embedding', of: 'id', dimensions: 32 },
 *     age: { kind: 'embedding', of: 'age', dimensions: 8 },
 *     history: { kind: 'history', dimensions: 32 },
 *   },
 * });
 * ```
 */
export function sumTower({ inputs, dimensions = 64, dropout = 0 }: SumTowerOptions): Tower {
  const names = Object.keys(inputs);
  if (names.length === 0) throw bad('a sum tower needs at least one input');
  if (!Number.isSafeInteger(dimensions) || dimensions < 1)
    throw bad(`sumTower: dimensions must be 1, 2, ..., got ${JSON.stringify(dimensions)}`);
  if (!(dropout >= 0 && dropout < 1)) throw bad(`dropout is a share in [0, 1), got ${dropout}`);
  const isOwn = (name: string) => {
    const input = inputs[name];
    return input.kind === 'embedding' && input.of === 'id';
  };
  for (const name of names.filter(isOwn))
    if (inputs[name].dimensions !== dimensions)
      throw bad(`sumTower: "${name}" is ${inputs[name].dimensions} wide in a tower of ${dimensions}`);
  const mapped = names.filter((name) => !isOwn(name) && inputs[name].kind !== 'history');
  const read = names.find((name) => inputs[name].kind === 'history');

  return defineTower({
    name: 'sum',
    dimensions,
    settings: { dropout },
    inputs,
    init(rng) {
      const parameters: Parameters = { bias: zeros([dimensions]) };
      for (const name of mapped)
        parameters[`${name}.kernel`] = glorotUniform([inputs[name].dimensions, dimensions], rng);
      if (read !== undefined) Object.assign(parameters, tasteParameters(dimensions, rng));
      return parameters;
    },
    apply(parameters: Given, given: Given, context) {
      const terms = names.map((name): tf.Tensor => {
        if (name === read) return readTaste(given[name] as tf.Tensor3D, parameters, context);
        const x = perPosition(inputs[name], given[name] as tf.Tensor2D, context);
        return isOwn(name) ? x : tf.matMul(x, parameters[`${name}.kernel`] as tf.Tensor2D);
      });
      const sum = terms.reduce((sum, term) => tf.add(sum, term), parameters.bias);
      return context.dropout(sum as tf.Tensor2D, dropout);
    },
  });
}

const bad = (message: string) => new TowerkitError('BAD_TOWER', message);
