import { TowerkitError } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs';

import type { Activation } from './layers/activation.js';
import { dense, denseParameters } from './layers/dense.js';
import { perPosition } from './layers/per-position.js';
import { prefixMean } from './layers/prefix-mean.js';
import { defineTower, type Tower, type TowerInput } from './tower.js';

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
}

/**
 * A multi-layer perceptron over all its inputs side by side (the tower of Covington et al. 2016): for users and
 * for items.
 *
 * @returns a tower from the declared inputs to [rows, dimensions], or [positions, dimensions] with a history
 * @throws TowerkitError `BAD_TOWER` without inputs, or with another number of dropout rates than hidden layers
 */
export function mlpTower({
  inputs,
  dimensions = 64,
  hidden = [128],
  activation = 'relu',
  output = 'linear',
  dropout = 0,
}: MlpTowerOptions): Tower {
  const names = Object.keys(inputs);
  if (names.length === 0) throw new TowerkitError('BAD_TOWER', 'an MLP tower needs at least one input');
  const rates = typeof dropout === 'number' ? hidden.map(() => dropout) : dropout;
  if (rates.length !== hidden.length)
    throw new TowerkitError('BAD_TOWER', `${hidden.length} hidden layers but ${rates.length} dropout rates`);
  const widths = [names.reduce((sum, name) => sum + inputs[name].dimensions, 0), ...hidden, dimensions];
  const last = widths.length - 2;
  const kind = (layer: number): Activation => (layer === last ? output : activation);

  return defineTower({
    name: 'mlp',
    dimensions,
    settings: { hidden, activation, output, dropout },
    inputs,
    init: (rng) =>
      Object.assign(
        {},
        ...widths
          .slice(1)
          .map((units, layer) => denseParameters(`layer${layer}`, widths[layer], units, rng, kind(layer))),
      ),
    apply(parameters, given, context) {
      const parts = names.map((name) =>
        inputs[name].kind === 'history'
          ? prefixMean(given[name] as tf.Tensor3D, context)
          : perPosition(inputs[name], given[name] as tf.Tensor2D, context),
      );
      let x = parts.length === 1 ? parts[0] : tf.concat(parts, 1);
      for (let layer = 0; layer <= last; layer++) {
        x = dense(x, parameters, `layer${layer}`, kind(layer));
        if (layer < last) x = context.dropout(x, rates[layer]);
      }
      return x;
    },
  });
}
