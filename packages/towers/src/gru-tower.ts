import * as tf from '@tensorflow/tfjs-core';

import { orderParameters, readOrder, readTaste, tasteParameters } from './layers/read-history.js';
import { addOthers, otherInputs, otherParameters, type OtherInputs } from './other-inputs.js';
import { defineTower, type HistoryInput, type Tower, type TowerInputs } from './tower.js';

/** Options of {@link gruTower}. */
export interface GruTowerOptions extends OtherInputs {
  /** Width of the item vectors it reads and of the user vectors it returns. Default 64. */
  readonly dimensions?: number;
  /** Width of the recurrent state. Default: `dimensions`. */
  readonly units?: number;
  /** Dropout on the vectors of the history. Default .4. */
  readonly dropout?: number;
  /** Adds a learned map of the length-normalised mean of the history: what somebody likes, beside what comes next. Default true. */
  readonly mean?: boolean;
}

/**
 * A user as what their last items add up to, in order: a gated recurrent unit over the item vectors (GRU4Rec,
 * Hidasi et al. 2016) and a linear head, plus the length-normalised mean of the same items with a learned power
 * (`mean: false` leaves it out); as options a vector per known user and whatever else is known of users or of the moment, each
 * added through a linear map of its own.
 *
 * @returns a tower from `history` [batch, steps, dimensions] (and what else it reads) to [positions, dimensions]
 * @throws TowerkitError `BAD_TOWER` for another input named `history` or, where it is read, `activity`
 */
export function gruTower({
  dimensions = 64,
  units = dimensions,
  dropout = 0.4,
  mean = true,
  ...rest
}: GruTowerOptions = {}): Tower {
  const others = otherInputs('gruTower', rest);
  const inputs: { readonly history: HistoryInput } & TowerInputs = {
    history: { kind: 'history', dimensions },
    ...others,
  };

  return defineTower({
    name: 'gru',
    dimensions,
    settings: { units, dropout, mean, activity: rest.activity },
    inputs,
    readsOrder: true,
    init(rng) {
      return {
        ...orderParameters(dimensions, units, rng),
        ...(mean && tasteParameters(dimensions, rng)),
        ...otherParameters(others, rest, dimensions, rng),
      };
    },
    apply(parameters, given, context) {
      const history = context.dropout(given.history, dropout);
      let user = readOrder(history, parameters, context);
      if (mean) user = tf.add(user, readTaste(history, parameters, context));
      return addOthers(user, others, rest, parameters, given, context);
    },
  });
}
