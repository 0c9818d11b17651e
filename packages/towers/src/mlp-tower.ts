import { TowerkitError } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import { activate, type Activation } from './layers/activation.js';
import { cross, crossParameters } from './layers/crosses.js';
import { dense, denseParameters } from './layers/dense.js';
import { normalize, normParameters, type Norm } from './layers/norm.js';
import { pairwiseProducts } from './layers/pairwise.js';
import { perPosition } from './layers/per-position.js';
import { prefixMean } from './layers/prefix-mean.js';
import { glorotUniform, type Parameters } from './parameters.js';
import { defineTower, type Tower, type TowerContext, type TowerInput } from './tower.js';

/** Options of {@link mlpTower}. */
export interface MlpTowerOptions {
  /** What it reads, by name; a `history` is read as the mean of its items. */
  readonly inputs: Readonly<Record<string, TowerInput>>;
  /** Width of the vectors it returns. Default 64. */
  readonly dimensions?: number;
  /** Widths of the hidden layers. Default [128]. */
  readonly hidden?: readonly number[];
  /** Activation of the hidden layers. Default `relu`. */
  readonly activation?: Activation;
  /** Activation of the last layer. Default `linear`. */
  readonly output?: Activation;
  /** Dropout after each hidden layer, or one rate for each of them. Default 0. */
  readonly dropout?: number | readonly number[];
  /** What stands between a hidden layer's matrix and its activation: batch norm, layer norm, or nothing, the default. */
  readonly norm?: Norm;
  /** Whether each hidden layer adds what it was given, through a matrix where the widths differ. Default false. */
  readonly residual?: boolean;
  /** Cross layers over the inputs side by side, before the hidden layers. Default none. */
  readonly crosses?: CrossOptions;
  /** Width of a term of pairs: every input mapped to it, the products of all pairs added up. Default none. */
  readonly pairs?: number;
}

/** The cross layers of an {@link mlpTower}. */
export interface CrossOptions {
  /** How many there are. */
  readonly layers: number;
  /** Rank of their matrices, below the width of the inputs. Default: full. */
  readonly rank?: number;
  /** Whether the hidden layers read what the crosses give, or stand beside them. Default `stacked`. */
  readonly structure?: 'stacked' | 'parallel';
}

type Given = Readonly<Record<string, tf.Tensor>>;

/**
 * A multi-layer perceptron over all its inputs side by side (the tower of Covington et al. 2016), for users and for items:
 *
 *     x = inputs side by side, through the crosses (DCN-v2, Wang et al. 2021), where there are some
 *     h = dropout(activation(norm(x W + b)))      for each hidden layer, + x with `residual` (He et al. 2016)
 *     y = output([h, crosses if parallel, sum_{f<g} (V_f x_f) (V_g x_g) with `pairs`] W + b)
 *
 * @returns a tower from the declared inputs to [rows, dimensions], or [positions, dimensions] with a history
 * @throws TowerkitError `BAD_TOWER` without inputs, with another number of dropout rates than hidden layers, for a width, a
 *   rank or a number of layers that is not 1, 2, ..., for a dropout outside [0, 1), or for pairs of a single input
 * @example
 * ```ts
 * mlpTower({
 *   inputs: {
 *     id: { kind: 'embedding', of: 'id', dimensions: 32 },
 *     price: { kind: 'feature', of: 'price', dimensions: 1 },
 *   },
 *   hidden: [128, 128],
 *   activation: 'gelu',
 *   norm: 'layer',
 *   dropout: 0.2,
 *   residual: true,
 *   crosses: { layers: 2, rank: 8 },
 *   pairs: 16,
 * });
 * ```
 */
export function mlpTower(options: MlpTowerOptions): Tower {
  const {
    inputs,
    dimensions = 64,
    hidden = [128],
    activation = 'relu',
    output = 'linear',
    dropout = 0,
  } = options;
  const { norm, residual = false, crosses, pairs } = options;
  const names = Object.keys(inputs);
  const rates = typeof dropout === 'number' ? hidden.map(() => dropout) : dropout;
  check(options, names, rates);
  const width = names.reduce((sum, name) => sum + inputs[name].dimensions, 0);
  const widths = [width, ...hidden];
  const parallel = crosses?.structure === 'parallel';
  const before = widths[hidden.length] + (parallel ? width : 0) + (pairs ?? 0);
  const last = `layer${hidden.length}`;

  const crossed = (x: tf.Tensor2D, parameters: Given): tf.Tensor2D => {
    let out = x;
    for (let layer = 0; layer < (crosses?.layers ?? 0); layer++)
      out = cross(x, out, parameters, `cross${layer}`);
    return out;
  };
  const block = (x: tf.Tensor2D, layer: number, parameters: Given, context: TowerContext): tf.Tensor2D => {
    const name = `layer${layer}`;
    let h = dense(x, parameters, name, norm ? 'linear' : activation);
    if (norm) h = activate(normalize(h, parameters, `${name}.norm`, norm, context), activation);
    h = context.dropout(h, rates[layer]);
    if (!residual) return h;
    const shortcut = parameters[`${name}.shortcut`] as tf.Tensor2D | undefined;
    return tf.add(h, shortcut ? tf.matMul(x, shortcut) : x);
  };

  return defineTower({
    name: 'mlp',
    dimensions,
    settings: { hidden, activation, output, dropout, norm, ...(residual && { residual }), crosses, pairs },
    inputs,
    init(rng) {
      const parameters: Parameters = {};
      hidden.forEach((units, layer) => {
        const name = `layer${layer}`;
        Object.assign(parameters, denseParameters(name, widths[layer], units, rng, activation));
        if (norm) Object.assign(parameters, normParameters(`${name}.norm`, units, norm));
        if (residual && widths[layer] !== units)
          parameters[`${name}.shortcut`] = glorotUniform([widths[layer], units], rng);
      });
      Object.assign(parameters, denseParameters(last, before, dimensions, rng, output));
      for (let layer = 0; layer < (crosses?.layers ?? 0); layer++)
        Object.assign(parameters, crossParameters(`cross${layer}`, width, crosses?.rank, rng));
      if (pairs !== undefined)
        for (const name of names)
          parameters[`pairs.${name}`] = glorotUniform([inputs[name].dimensions, pairs], rng);
      return parameters;
    },
    apply(parameters, given, context) {
      const parts = names.map((name) =>
        inputs[name].kind === 'history'
          ? prefixMean(given[name] as tf.Tensor3D, context)
          : perPosition(inputs[name], given[name] as tf.Tensor2D, context),
      );
      const x = parts.length === 1 ? parts[0] : tf.concat(parts, 1);
      const products = crossed(x, parameters);
      let h = parallel ? x : products;
      for (let layer = 0; layer < hidden.length; layer++) h = block(h, layer, parameters, context);
      const ends: tf.Tensor2D[] = [h, ...(parallel ? [products] : [])];
      if (pairs !== undefined) {
        const mapped = parts.map((part, i): tf.Tensor2D =>
          tf.matMul(part, parameters[`pairs.${names[i]}`] as tf.Tensor2D),
        );
        ends.push(pairwiseProducts(mapped));
      }
      const side = ends.length === 1 ? h : (tf.concat(ends, 1) as tf.Tensor2D);
      return dense(side, parameters, last, output);
    },
  });
}

function check(
  { hidden = [128], dimensions = 64, norm, crosses, pairs }: MlpTowerOptions,
  names: string[],
  rates: readonly number[],
): void {
  if (names.length === 0) throw bad('an MLP tower needs at least one input');
  if (rates.length !== hidden.length)
    throw bad(`${hidden.length} hidden layers but ${rates.length} dropout rates`);
  for (const rate of rates)
    if (!(rate >= 0 && rate < 1)) throw bad(`dropout is a share in [0, 1), got ${rate}`);
  const sizes = {
    dimensions,
    hidden,
    pairs,
    'crosses.layers': crosses?.layers,
    'crosses.rank': crosses?.rank,
  };
  for (const [option, size] of Object.entries(sizes))
    for (const value of size === undefined ? [] : [size].flat())
      if (!Number.isSafeInteger(value) || value < 1)
        throw bad(`mlpTower: ${option} must be 1, 2, ..., got ${JSON.stringify(value)}`);
  if (norm !== undefined && norm !== 'batch' && norm !== 'layer')
    throw bad(`mlpTower: norm is "batch" or "layer", got ${JSON.stringify(norm)}`);
  if (pairs !== undefined && names.length < 2) throw bad('mlpTower: pairs need two inputs at least');
}

const bad = (message: string) => new TowerkitError('BAD_TOWER', message);
