import type { Matrix } from '@towerkit/core';

import { gemv } from './bag-tower.js';

/** What brings the values of a layer to a scale: over the components of a vector, or over the vectors of a batch. */
export type Norm = 'none' | 'layer' | 'batch';

/** A layer over the sums of features: dense, then the norm, then ReLU unless it is the last. */
export interface DenseLayer {
  readonly units: number;
  readonly norm: Norm;
}

/** Values of the parameters of a head by their names, each [rows, columns]. */
export type HeadValues = Readonly<Record<string, Matrix>>;

/** Added to variances. */
export const NORM_EPSILON = 1e-5;

/** Names of the values of a layer. */
export const layerNames = (layer: number) => ({
  weights: `layer${layer}.weights`,
  bias: `layer${layer}.bias`,
  gain: `layer${layer}.gain`,
  shift: `layer${layer}.shift`,
  mean: `layer${layer}.mean`,
  variance: `layer${layer}.variance`,
});

/** The projection of sentence vectors. */
export const SENTENCE = 'sentence';

/** Runs the layers on one vector. @returns a vector of the last layer's units */
export function runLayers(
  layers: readonly DenseLayer[],
  values: HeadValues,
  input: Float32Array,
): Float32Array {
  return layers.reduce((x, { norm }, layer) => {
    const names = layerNames(layer);
    const y = gemv(x, values[names.weights]);
    const bias = values[names.bias].data;
    for (let d = 0; d < y.length; d++) y[d] += bias[d];
    if (norm !== 'none') normalize(y, norm, values, names);
    if (layer < layers.length - 1) for (let d = 0; d < y.length; d++) y[d] = Math.max(0, y[d]);
    return y;
  }, input);
}

function normalize(
  y: Float32Array,
  norm: Norm,
  values: HeadValues,
  { gain, shift, mean, variance }: ReturnType<typeof layerNames>,
): void {
  const [factor, offset] = [values[gain].data, values[shift].data];
  let [own, spread] = [0, 0];
  if (norm === 'layer') {
    for (const value of y) own += value / y.length;
    for (const value of y) spread += (value - own) ** 2 / y.length;
  }
  for (let d = 0; d < y.length; d++) {
    const center = norm === 'layer' ? own : values[mean].data[d];
    const scale = Math.sqrt((norm === 'layer' ? spread : values[variance].data[d]) + NORM_EPSILON);
    y[d] = ((y[d] - center) / scale) * factor[d] + offset[d];
  }
}
