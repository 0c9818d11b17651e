import type { CompiledFunction, Engine, Feeds, TensorFunction, TensorSpec } from '@towerkit/engine';
import { rowContext, scope, type Parameters, type Tensors, type TowerContext } from '@towerkit/towers';
import type { Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import type { AdamSettings } from '../optimizer/adam.js';
import { keptRows, type StepFunction } from '../step/step-function.js';
import type { ModelState } from '../tables/model-state.js';
import type { Rows } from './row-input.js';

/** A model of rows that stand by themselves, such as ratings: dense weights, named inputs, a loss for each row. */
export interface RowTask {
  /** Width of each input, by name. */
  readonly inputs: Readonly<Record<string, number>>;
  /** Fresh weights. */
  init(rng: Rng): Parameters;
  /** The loss of each row: inputs [rows, dimensions] to [rows]. A pure function of tensors; see `TensorFunction` of the engine. */
  loss(parameters: Tensors, inputs: Tensors, context: TowerContext): tf.Tensor1D;
}

/** A task's mean loss over a batch as a tensor function of `parameter/*`, `row/*` and `weight` [batchSize]. */
export function taskFunction(
  task: RowTask,
  parameters: ModelState['parameters'],
  batchSize: number,
): StepFunction {
  const inputs: Record<string, TensorSpec> = { weight: { shape: [batchSize] } };
  const names = Object.keys(parameters);
  const trained = names.filter((name) => parameters[name].trained !== false);
  const kept = names.filter((name) => parameters[name].trained === false);
  for (const [name, { shape }] of Object.entries(parameters)) inputs[name] = { shape };
  for (const [name, dimensions] of Object.entries(task.inputs))
    inputs[`row/${name}`] = { shape: [batchSize, dimensions] };
  const fn: TensorFunction = (given, random) => {
    const next: Record<string, tf.Tensor> = {};
    const context = rowContext(random, kept.length > 0 ? keptRows(given.weight, next) : undefined);
    const losses = task.loss(scope(given, 'parameter/'), scope(given, 'row/'), context);
    return { loss: tf.div(tf.sum(tf.mul(losses, given.weight)), tf.sum(given.weight)), ...next };
  };
  return { fn, inputs, trained, kept };
}

const ONLY_ROW = Int32Array.of(0);

/** The compiled step of a task for one size of batch, with the memory that feeds it. */
export class RowStep {
  readonly #feeds: Record<string, Float32Array>;

  private constructor(
    readonly batchSize: number,
    readonly compiled: CompiledFunction,
    readonly task: RowTask,
  ) {
    this.#feeds = Object.fromEntries(
      Object.entries(task.inputs).map(([name, dimensions]) => [
        name,
        new Float32Array(batchSize * dimensions),
      ]),
    );
  }

  static async compile(
    task: RowTask,
    parameters: ModelState['parameters'],
    batchSize: number,
    engine: Engine,
  ): Promise<RowStep> {
    const { fn, inputs, trained } = taskFunction(task, parameters, batchSize);
    const gradient = { of: 'loss', wrt: trained };
    const compiled = await engine.compile(fn, { inputs, gradient });
    return new RowStep(batchSize, compiled, task);
  }

  /**
   * One step on the rows given, at most a batch of them. When the loss is not finite nothing is changed.
   *
   * @returns the mean loss
   */
  async run(
    { parameters }: Pick<ModelState, 'parameters'>,
    { inputs }: Rows,
    rows: Int32Array,
    update: { step: number; learningRate: number; settings: AdamSettings },
    rng: Rng,
  ): Promise<number> {
    const { batchSize, compiled } = this;
    const count = rows.length;
    const feeds: Feeds = { weight: new Float32Array(batchSize).fill(1, 0, count) };
    for (const [name, buffer] of Object.entries(this.#feeds)) {
      inputs[name].gather(rows, count, buffer);
      buffer.fill(0, count * inputs[name].dimensions); // padding must be finite: it meets a weight of exactly zero
      feeds[`row/${name}`] = buffer;
    }
    for (const [name, { table }] of Object.entries(parameters)) feeds[name] = table.values;
    const { outputs, gradients } = await compiled.run(feeds, rng);
    const loss = outputs.loss[0];
    if (!Number.isFinite(loss)) return loss;
    for (const [name, { table }] of Object.entries(parameters))
      if (gradients[name])
        table.update(ONLY_ROW, 1, gradients[name], update.step, update.learningRate, update.settings);
      else table.values.set(outputs[`next/${name}`]);
    return loss;
  }

  dispose(): Promise<void> {
    return this.compiled.dispose();
  }
}
