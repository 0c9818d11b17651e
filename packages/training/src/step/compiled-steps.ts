import type { CompiledFunction, Engine } from '@towerkit/engine';
import type { Parameters, TwoTower } from '@towerkit/towers';

import type { BatchShape } from '../batches/batch.js';
import { stepFunction, type StepFunction, type StepShape } from './step-function.js';

/** A compiled step: what it trains, and the shape it takes. */
export interface CompiledStep extends StepFunction {
  readonly shape: StepShape;
  readonly compiled: CompiledFunction;
}

/**
 * The compiled steps of a run, one per bucket, each compiled when it is first needed. How many pairs a history
 * mask has is known only batch by batch: a step that proves too small is compiled again with room to spare.
 */
export class CompiledSteps {
  readonly #steps = new Map<number, CompiledStep>();

  constructor(
    readonly engine: Engine,
    readonly model: TwoTower,
    readonly parameters: Parameters,
    readonly shapes: readonly BatchShape[],
    /** What the loss of hard negatives weighs. */
    readonly hardWeight?: number,
  ) {}

  /** The step of a bucket with room for so many pairs, if it is compiled. */
  find(bucket: number, pairs: number): CompiledStep | undefined {
    const step = this.#steps.get(bucket);
    return step && step.shape.pairs >= pairs ? step : undefined;
  }

  async compile(bucket: number, pairs: number): Promise<CompiledStep> {
    await this.#steps.get(bucket)?.compiled.dispose();
    const shape = { ...this.shapes[bucket], pairs: 1024 * Math.ceil((1.5 * pairs + 1) / 1024) };
    const step = stepFunction(this.model, this.parameters, shape, this.hardWeight);
    const compiled = await this.engine.compile(step.fn, {
      inputs: step.inputs,
      gradient: { of: 'loss', wrt: step.trained },
    });
    const result = { ...step, shape, compiled };
    this.#steps.set(bucket, result);
    return result;
  }

  async dispose(): Promise<void> {
    for (const { compiled } of this.#steps.values()) await compiled.dispose();
    this.#steps.clear();
  }
}
