import { Matrix } from '@towerkit/core';

import { layerNames, SENTENCE, type DenseLayer } from '../tower/dense-head.js';

/** Which parameters a step has beside the vectors of features. */
export interface HeadShape {
  /** Of the sums of features. */
  readonly dimensions: number;
  readonly layers: readonly DenseLayer[];
  /** Components of sentence vectors; 0 for none. */
  readonly sentence: number;
  /** Share of the sentences in a cosine. */
  readonly share: number;
}

const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];
/** How fast running moments of a batch norm follow. */
const FOLLOW = 0.05;
const TEMPERATURE = 'log-temperature';

/** The dense parameters of towers with their moments of Adam. They start as the identity, which changes no cosine. */
export class HeadParameters {
  readonly values: Record<string, Matrix> = {};
  /** Names of those that are learned. */
  readonly learned: readonly string[];
  readonly #moments: Record<string, readonly [Float32Array, Float32Array]> = {};
  #step = 0;

  /** @param temperature to start from, where it is learned */
  constructor({ dimensions, layers, sentence }: HeadShape, temperature: number | undefined) {
    layers.forEach(({ units, norm }, layer) => {
      const names = layerNames(layer);
      const width = layer === 0 ? dimensions : layers[layer - 1].units;
      this.values[names.weights] = identity(width, units);
      this.values[names.bias] = new Matrix(1, units);
      if (norm === 'none') return;
      this.values[names.gain] = filled(units, 1);
      this.values[names.shift] = new Matrix(1, units);
      if (norm === 'batch') {
        this.values[names.mean] = new Matrix(1, units);
        this.values[names.variance] = filled(units, 1);
      }
    });
    if (sentence > 0) this.values[SENTENCE] = identity(sentence, sentence);
    if (temperature !== undefined) this.values[TEMPERATURE] = filled(1, Math.log(temperature));
    this.learned = Object.keys(this.values).filter((name) => !/\.(mean|variance)$/.test(name));
    for (const name of this.learned) {
      const { length } = this.values[name].data;
      this.#moments[name] = [new Float32Array(length), new Float32Array(length)];
    }
  }

  /** One step of Adam (Kingma and Ba 2015). @param gradients by name */
  update(gradients: Readonly<Record<string, Float32Array>>, learningRate: number): void {
    const step = ++this.#step;
    const rate = learningRate / (1 - BETA1 ** step);
    const unbias = 1 / Math.sqrt(1 - BETA2 ** step);
    for (const name of this.learned) {
      const { data } = this.values[name];
      const [first, second] = this.#moments[name];
      const gradient = gradients[name];
      for (let k = 0; k < data.length; k++) {
        first[k] += (1 - BETA1) * (gradient[k] - first[k]);
        second[k] += (1 - BETA2) * (gradient[k] ** 2 - second[k]);
        data[k] -= (rate * first[k]) / (Math.sqrt(second[k]) * unbias + EPSILON);
      }
    }
    const temperature = this.values[TEMPERATURE]?.data;
    if (temperature) temperature[0] = Math.min(0, Math.max(Math.log(0.01), temperature[0]));
  }

  /** Lets the running moments follow those of a batch. @param moments by name, `mean` and `variance` of each layer */
  follow(moments: Readonly<Record<string, Float32Array>>): void {
    for (const [name, values] of Object.entries(moments)) {
      const { data } = this.values[name];
      for (let k = 0; k < data.length; k++) data[k] += FOLLOW * (values[k] - data[k]);
    }
  }

  /** A copy of what towers need. */
  snapshot(): Record<string, Matrix> {
    const kept = Object.entries(this.values).filter(([name]) => name !== TEMPERATURE);
    return Object.fromEntries(
      kept.map(([name, { rows, cols, data }]) => [name, new Matrix(rows, cols, data.slice())]),
    );
  }
}

export { TEMPERATURE };

const filled = (size: number, value: number): Matrix => {
  const out = new Matrix(1, size);
  out.data.fill(value);
  return out;
};

/** Ones on the diagonal; columns beyond it repeat the first. */
function identity(rows: number, cols: number): Matrix {
  const out = new Matrix(rows, cols);
  for (let column = 0; column < cols; column++) out.row(column % rows)[column] = 1;
  return out;
}
