import type { CompiledFunction, Engine } from '@towerkit/engine';
import * as tf from '@tensorflow/tfjs';

/** What a batch asks: which of the products each query means. */
export interface ContrastBatch {
  /** Sums of the features of each query, before they are brought to length 1: [batchSize * dimensions]. */
  readonly queries: Float32Array;
  /** The same of the products, those meant first: [candidates * dimensions]. */
  readonly products: Float32Array;
  /** Added to the logits, -1e9 for a pair that says nothing: [batchSize * candidates]. */
  readonly offsets: Float32Array;
  /** What each example counts: [batchSize]. */
  readonly weights: Float32Array;
}

/** A batch's loss, and its derivatives by both sums. */
export interface ContrastResult {
  readonly loss: number;
  readonly queries: Float32Array;
  readonly products: Float32Array;
}

/**
 * One compiled size of the contrastive loss (InfoNCE, van den Oord et al. 2018): the weighted mean over examples r of
 *
 *     -log( exp(cos(q_r, p_r) / T + o_rr) / sum_c exp(cos(q_r, p_c) / T + o_rc) )
 */
export class ContrastStep {
  private constructor(
    readonly batchSize: number,
    readonly candidates: number,
    readonly compiled: CompiledFunction,
  ) {}

  /**
   * @param candidates products of a batch, at least batchSize
   * @throws TowerkitError what the engine throws
   */
  static async compile(
    engine: Engine,
    { batchSize, candidates, dimensions, temperature }: StepSize,
  ): Promise<ContrastStep> {
    const compiled = await engine.compile(
      ({ queries, products, offsets, weights }) => {
        const q = unit(queries);
        const p = unit(products);
        const logits = tf.add(tf.mul(tf.matMul(q, p, false, true), 1 / temperature), offsets);
        const own = tf.slice(logits, [0, 0], [batchSize, batchSize]);
        const positive = tf.sum(tf.mul(own, tf.eye(batchSize)), 1);
        const most = tf.max(logits, 1, true);
        const partition = tf.add(
          tf.log(tf.sum(tf.exp(tf.sub(logits, most)), 1)),
          tf.reshape(most, [batchSize]),
        );
        const losses = tf.sub(partition, positive);
        return { loss: tf.div(tf.sum(tf.mul(losses, weights)), tf.sum(weights)) };
      },
      {
        inputs: {
          queries: { shape: [batchSize, dimensions] },
          products: { shape: [candidates, dimensions] },
          offsets: { shape: [batchSize, candidates] },
          weights: { shape: [batchSize] },
        },
        gradient: { of: 'loss', wrt: ['queries', 'products'] },
      },
    );
    return new ContrastStep(batchSize, candidates, compiled);
  }

  async run({ queries, products, offsets, weights }: ContrastBatch): Promise<ContrastResult> {
    const { outputs, gradients } = await this.compiled.run({ queries, products, offsets, weights });
    return { loss: outputs.loss[0], queries: gradients.queries, products: gradients.products };
  }

  dispose(): Promise<void> {
    return this.compiled.dispose();
  }
}

/** Sizes of a step. */
export interface StepSize {
  readonly batchSize: number;
  readonly candidates: number;
  readonly dimensions: number;
  readonly temperature: number;
}

/** Rows at a length of 1; one of zeros stays. */
const unit = (rows: tf.Tensor): tf.Tensor2D =>
  tf.div(rows, tf.sqrt(tf.add(tf.sum(tf.square(rows), 1, true), 1e-12))) as tf.Tensor2D;
