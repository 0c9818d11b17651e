import type { Matrix } from '@towerkit/core';
import type { CompiledFunction, Engine } from '@towerkit/engine';
import * as tf from '@tensorflow/tfjs-core';

/** Scores every item for a batch of user vectors: one product, [batch, dimensions] by [items, dimensions]. */
export class DotScores {
  private constructor(
    /** Users a call can take. */
    readonly batch: number,
    readonly items: number,
    readonly compiled: CompiledFunction,
  ) {}

  static async create(batch: number, items: number, dimensions: number, engine: Engine): Promise<DotScores> {
    const compiled = await engine.compile(
      ({ users, items }) => ({ scores: tf.matMul(users as tf.Tensor2D, items as tf.Tensor2D, false, true) }),
      { inputs: { users: { shape: [batch, dimensions] }, items: { shape: [items, dimensions] } } },
    );
    return new DotScores(batch, items, compiled);
  }

  /**
   * @param users [batch, dimensions]
   * @param itemVectors [items, dimensions]
   * @returns [batch, items]
   */
  async compute(users: Float32Array, itemVectors: Matrix): Promise<Float32Array> {
    const { outputs } = await this.compiled.run({ users, items: itemVectors.data });
    return outputs.scores as Float32Array;
  }

  dispose(): Promise<void> {
    return this.compiled.dispose();
  }
}
