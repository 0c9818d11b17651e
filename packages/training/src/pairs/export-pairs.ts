import { exportOnnx, type TensorFunction, type TensorSpec } from '@towerkit/engine';
import { rowContext, type PairModel, type Parameters, type Tensors, type TowerInput } from '@towerkit/towers';
import * as tf from '@tensorflow/tfjs-core';

/** A model of pairs as three ONNX models, weights included. */
export interface ExportedPairs {
  /** The user tower: each of its inputs under its name, [users, dimensions], to `vectors` [users, dimensions]. */
  readonly user: Uint8Array;
  /** The item tower: its inputs, [items, dimensions], to `vectors` [items, dimensions] and `prepared` [items, n]. */
  readonly item: Uint8Array;
  /** The head: `users` [users, dimensions] and `prepared` [items, n] to each output by name, [users, items]. */
  readonly head: Uint8Array;
}

/** Exports a model of pairs; `users` and `items` are open sizes. */
export function exportPairs(model: PairModel, parameters: Parameters): ExportedPairs {
  const weights = (): Tensors =>
    Object.fromEntries(
      Object.entries(parameters).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
    );
  const write = (fn: TensorFunction, inputs: Record<string, TensorSpec>) => exportOnnx(fn, { inputs });
  const rows = (inputs: Readonly<Record<string, TowerInput>>, size: string): Record<string, TensorSpec> =>
    Object.fromEntries(
      Object.entries(inputs).map(([name, { dimensions }]) => [name, { shape: [size, dimensions] }]),
    );
  return {
    user: write(
      (given) => ({ vectors: model.userVectors(weights(), given, rowContext()) }),
      rows(model.userInputs, 'users'),
    ),
    item: write(
      (given) => {
        const vectors = model.itemVectors(weights(), given, rowContext());
        return { vectors, prepared: tf.add(model.prepare(weights(), vectors), 0) };
      },
      rows(model.itemInputs, 'items'),
    ),
    head: write(
      ({ users, prepared }) =>
        model.cross(weights(), users as tf.Tensor2D, prepared as tf.Tensor2D) as Record<string, tf.Tensor>,
      {
        users: { shape: ['users', model.dimensions] },
        prepared: { shape: ['items', model.preparedDimensions] },
      },
    ),
  };
}
