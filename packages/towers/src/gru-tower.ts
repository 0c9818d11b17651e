import { TowerkitError } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs';

import { perPosition } from './layers/per-position.js';
import { orderParameters, readOrder, readTaste, tasteParameters } from './layers/read-history.js';
import { glorotUniform, type Parameters } from './parameters.js';
import { defineTower, type HistoryInput, type Tower, type TowerInput, type TowerInputs } from './tower.js';

/** Options of {@link gruTower}. */
export interface GruTowerOptions {
  /** Width of the item vectors it reads and of the user vectors it returns. Default 64. */
  readonly dimensions?: number;
  /** Width of the recurrent state. Default: `dimensions`. */
  readonly units?: number;
  /** Dropout on the vectors of the history. Default .4. */
  readonly dropout?: number;
  /** Adds a learned map of the length-normalised mean of the history: what somebody likes, beside what comes next. Default true. */
  readonly mean?: boolean;
  /** Gives each known user a vector of this width, 0 for none. Default 0. */
  readonly id?: number;
  /** User features by name with their width. */
  readonly features?: Readonly<Record<string, number>>;
  /** Whatever else it reads, by name: categories and features of the user, or of the moment. */
  readonly inputs?: Readonly<Record<string, TowerInput>>;
}

/**
 * A user as what their last items add up to, in order: a gated recurrent unit over the item vectors (GRU4Rec,
 * Hidasi et al. 2016) and a linear head, plus the length-normalised mean of the same items with a learned power
 * (`mean: false` leaves it out); as options a vector per known user and whatever else is known of users or of the moment, each
 * added through a linear map of its own.
 *
 * @returns a tower from `history` [batch, steps, dimensions] (and what else it reads) to [positions, dimensions]
 * @throws TowerkitError `BAD_TOWER` for another input named `history`
 */
export function gruTower({
  dimensions = 64,
  units = dimensions,
  dropout = 0.4,
  mean = true,
  id = 0,
  features = {},
  inputs: more = {},
}: GruTowerOptions = {}): Tower {
  if ('history' in more || 'history' in features)
    throw new TowerkitError('BAD_TOWER', 'gruTower: "history" is the name of its history', {
      hint: 'give the input another name',
    });
  const others: Record<string, TowerInput> = { ...more };
  if (id > 0) others.id = { kind: 'embedding', of: 'id', dimensions: id };
  for (const [name, dimensions] of Object.entries(features))
    others[name] = { kind: 'feature', of: name, dimensions };
  const inputs: { readonly history: HistoryInput } & TowerInputs = {
    history: { kind: 'history', dimensions },
    ...others,
  };

  return defineTower({
    name: 'gru',
    dimensions,
    settings: { units, dropout, mean },
    inputs,
    init(rng) {
      const parameters: Parameters = {
        ...orderParameters(dimensions, units, rng),
        ...(mean && tasteParameters(dimensions, rng)),
      };
      for (const [name, input] of Object.entries(others))
        parameters[`${name}.kernel`] = glorotUniform([input.dimensions, dimensions], rng);
      return parameters;
    },
    apply(parameters, given, context) {
      const history = context.dropout(given.history, dropout);
      let user = readOrder(history, parameters, context);
      if (mean) user = tf.add(user, readTaste(history, parameters, context));
      for (const [name, input] of Object.entries(others)) {
        const mapped: tf.Tensor2D = tf.matMul(given[name], parameters[`${name}.kernel`]);
        user = tf.add(user, perPosition(input, mapped, context));
      }
      return user;
    },
  });
}
