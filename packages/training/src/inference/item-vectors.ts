import { Matrix } from '@towerkit/core';
import type { Engine, Feeds, TensorFunction, TensorSpec } from '@towerkit/engine';
import { rowContext, scope, type Tensors, type TowerContext, type TwoTower } from '@towerkit/towers';
import type * as tf from '@tensorflow/tfjs-core';

import type { ModelState } from '../tables/model-state.js';

/** What is computed of items: their vectors, or something else the item tower knows. */
export type ItemReading = (parameters: Tensors, inputs: Tensors, context: TowerContext) => tf.Tensor2D;

/** The item side as a tensor function of `parameter/*` and `item/*` [rows, dimensions], giving `vectors`. */
export function itemFunction(
  state: ModelState,
  rows: number | string,
  reading: ItemReading,
): { fn: TensorFunction; inputs: Record<string, TensorSpec> } {
  const inputs: Record<string, TensorSpec> = {};
  for (const [name, { shape }] of Object.entries(state.parameters))
    if (name.startsWith('parameter/item.')) inputs[name] = { shape };
  for (const [name, { dimensions }] of Object.entries(state.inputs))
    if (name.startsWith('item/')) inputs[name] = { shape: [rows, dimensions] };
  const fn: TensorFunction = (given) => ({
    vectors: reading(scope(given, 'parameter/'), scope(given, 'item/'), rowContext()),
  });
  return { fn, inputs };
}

const ROWS = 4096;

/** Vectors of the whole catalog, [items, dimensions]. */
export const computeItemVectors = (
  model: TwoTower,
  state: ModelState,
  items: number,
  engine: Engine,
): Promise<Matrix> => overItems(state, items, model.dimensions, model.itemVectors, engine);

/** A reading of the whole catalog, [items, dimensions], computed a few thousand items at a time. */
export async function overItems(
  state: ModelState,
  items: number,
  dimensions: number,
  reading: ItemReading,
  engine: Engine,
): Promise<Matrix> {
  const rows = Math.min(ROWS, items);
  const { fn, inputs } = itemFunction(state, rows, reading);
  const compiled = await engine.compile(fn, { inputs });
  try {
    const out = new Matrix(items, dimensions);
    const ids = new Int32Array(rows);
    for (let start = 0; start < items; start += rows) {
      const count = Math.min(rows, items - start);
      for (let row = 0; row < count; row++) ids[row] = start + row;
      const { outputs } = await compiled.run(itemFeeds(state, inputs, ids, count, rows));
      out.data.set((outputs.vectors as Float32Array).subarray(0, count * dimensions), start * dimensions);
    }
    return out;
  } finally {
    await compiled.dispose();
  }
}

function itemFeeds(
  state: ModelState,
  inputs: Record<string, TensorSpec>,
  ids: Int32Array,
  count: number,
  rows: number,
): Feeds {
  return Object.fromEntries(
    Object.keys(inputs).map((name) => {
      if (state.parameters[name]) return [name, state.parameters[name].table.values];
      const values = new Float32Array(rows * state.inputs[name].dimensions);
      state.inputs[name].gather(ids, count, values);
      return [name, values];
    }),
  );
}
