import { exportOnnx, type TensorFunction, type TensorSpec } from '@towerkit/engine';
import type { TwoTower } from '@towerkit/towers';

import { itemFunction, type ItemReading } from '../inference/item-vectors.js';
import { userFunction } from '../inference/user-vectors.js';
import type { TrainedModel } from '../loop/train-result.js';
import type { ModelState } from '../tables/model-state.js';
import * as tf from '@tensorflow/tfjs-core';

/** Both towers as ONNX models, weights included, with an open first dimensions `batch`. */
export interface ExportedTowers {
  /**
   * Inputs `history` [batch, steps, dimensions] (item vectors, right-padded, oldest first), `mask` [batch, steps]
   * and each feature or embedding row of user and moment under its name; output `vectors` [batch, dimensions] and, where the
   * tower has gates, `gates` [batch, parts], with a rating head `ratings` [batch, dimensions].
   */
  readonly user: Uint8Array;
  /** Inputs: each item feature or embedding row under its name, [batch, dimensions]; outputs as of `user`. */
  readonly item: Uint8Array;
}

/**
 * Exports both towers. Embedding tables stay outside: the caller gathers rows, as the artifact's weights hold them.
 */
export function exportTowers({ model, state, maxLength }: TrainedModel): ExportedTowers {
  const user = (reading?: TwoTower['userVectors']) => userFunction(model, state, 'batch', maxLength, reading);
  const item = (reading: ItemReading) => itemFunction(state, 'batch', reading);
  const { gates, rating } = model;
  return {
    user: frozen(
      together(user(), {
        gates: gates.user && user(gates.user.apply),
        ratings: rating && rating.userVectors !== model.userVectors ? user(rating.userVectors) : undefined,
      }),
      state,
      /^(user|moment)\//,
    ),
    item: frozen(
      together(item(model.itemVectors), { gates: gates.item && item(gates.item.apply) }),
      state,
      /^item\//,
    ),
  };
}

type Side = ReturnType<typeof userFunction>;

/** All answers of one side; ONNX Runtime computes what they share once. */
const together = ({ fn, inputs }: Side, others: Readonly<Record<string, Side | undefined>>): Side => ({
  fn: (given, random) => {
    const outputs = { ...fn(given, random) };
    for (const [name, other] of Object.entries(others))
      if (other) outputs[name] = other.fn(given, random).vectors;
    return outputs;
  },
  inputs,
});

/** The function with its dense weights as constants and its other inputs under their plain names. */
function frozen(
  { fn, inputs }: { fn: TensorFunction; inputs: Record<string, TensorSpec> },
  state: ModelState,
  prefix: RegExp,
): Uint8Array {
  const plain = (name: string) => name.replace(prefix, '');
  const open = Object.entries(inputs).filter(([name]) => !state.parameters[name]);
  const weights = Object.keys(inputs).filter((name) => state.parameters[name]);
  return exportOnnx(
    (given, random) => {
      const all = Object.fromEntries(open.map(([name]) => [name, given[plain(name)]]));
      for (const name of weights) {
        const { table, shape } = state.parameters[name];
        all[name] = tf.tensor(table.values, [...shape]);
      }
      return fn(all, random);
    },
    { inputs: Object.fromEntries(open.map(([name, spec]) => [plain(name), spec])) },
  );
}
