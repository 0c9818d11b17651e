import type { Rng } from '@towerkit/core';
import type { CompiledFunction, Engine } from '@towerkit/engine';
import * as tf from '@tensorflow/tfjs-core';

import { TEMPERATURE, type HeadParameters, type HeadShape } from './head-parameters.js';
import { towerGraph } from './tower-graph.js';

/** What a batch asks: which of the products each query means. */
export interface ContrastBatch {
  /** Sums of the features of the queries and then of the products: [(batchSize + candidates) * dimensions]. */
  readonly sums: Float32Array;
  /** Frozen sentence vectors in the same order, where towers read them. */
  readonly sentences?: Float32Array;
  /** What a query means, a distribution over the products: [batchSize * candidates]. */
  readonly targets: Float32Array;
  /** Added to the logits, -1e9 for a pair that says nothing: [batchSize * candidates]. */
  readonly offsets: Float32Array;
  /** What each example counts: [batchSize]. */
  readonly weights: Float32Array;
}

/** A batch's loss and its derivatives. */
export interface ContrastResult {
  readonly loss: number;
  /** By the sums of features. */
  readonly sums: Float32Array;
  /** By the parameters of the head, by name. */
  readonly head: Readonly<Record<string, Float32Array>>;
  /** What a batch norm is to follow, by name. */
  readonly moments: Readonly<Record<string, Float32Array>>;
}

/** Sizes and settings of a step. */
export interface StepOptions {
  readonly batchSize: number;
  /** Products of a batch. */
  readonly candidates: number;
  readonly head: HeadShape;
  /** A fixed one, unless the head learns it. */
  readonly temperature: number;
  /** What negatives must stay below, in cosines; InfoNCE when absent. */
  readonly margin?: number;
  /** Share of the outputs of dense layers that is left out. */
  readonly dropout: number;
}

/**
 * One compiled size of a contrastive loss, the weighted mean over examples r. InfoNCE (van den Oord et al. 2018), with a
 * distribution t over products in place of one that is meant:
 *
 *     -sum_c t_rc log( exp(cos(q_r, p_c) / T + o_rc) / sum_k exp(cos(q_r, p_k) / T + o_rk) )
 *
 * With a margin m, over the products with t_rk = 0 that are not masked:
 *
 *     sum_k max(0, m - sum_c t_rc cos(q_r, p_c) + cos(q_r, p_k))
 */
export class ContrastStep {
  private constructor(
    readonly batchSize: number,
    readonly candidates: number,
    readonly head: HeadParameters,
    readonly compiled: CompiledFunction,
  ) {}

  /** @throws TowerkitError what the engine throws */
  static async compile(
    engine: Engine,
    { batchSize, candidates, head: shape, temperature, margin, dropout }: StepOptions,
    head: HeadParameters,
  ): Promise<ContrastStep> {
    const rows = batchSize + candidates;
    const compiled = await engine.compile(
      ({ sums, sentences, targets, offsets, weights, ...values }, random) => {
        const { vectors, moments } = towerGraph(
          sums as tf.Tensor2D,
          sentences as tf.Tensor2D | undefined,
          values,
          shape,
          { dropout, random },
        );
        const width = vectors.shape[1];
        const q = tf.slice(vectors, [0, 0], [batchSize, width]) as tf.Tensor2D;
        const p = tf.slice(vectors, [batchSize, 0], [candidates, width]) as tf.Tensor2D;
        const cosines = tf.matMul(q, p, false, true);
        const losses =
          margin === undefined
            ? softmaxLosses(
                tf.add(tf.mul(cosines, factor(values[TEMPERATURE], temperature)), offsets),
                targets,
              )
            : marginLosses(cosines, targets, offsets, margin);
        return { loss: tf.div(tf.sum(tf.mul(losses, weights)), tf.sum(weights)), ...moments };
      },
      {
        inputs: {
          sums: { shape: [rows, shape.dimensions] },
          ...(shape.sentence > 0 && { sentences: { shape: [rows, shape.sentence] } }),
          targets: { shape: [batchSize, candidates] },
          offsets: { shape: [batchSize, candidates] },
          weights: { shape: [batchSize] },
          ...Object.fromEntries(
            head.learned.map((name) => [name, { shape: [head.values[name].rows, head.values[name].cols] }]),
          ),
        },
        gradient: { of: 'loss', wrt: ['sums', ...head.learned] },
      },
    );
    return new ContrastStep(batchSize, candidates, head, compiled);
  }

  /** @param rng that dropout is drawn from */
  async run({ sentences, ...batch }: ContrastBatch, rng: Rng): Promise<ContrastResult> {
    const { outputs, gradients } = await this.compiled.run(
      {
        ...batch,
        ...(sentences && { sentences }),
        ...Object.fromEntries(this.head.learned.map((name) => [name, this.head.values[name].data])),
      },
      rng,
    );
    const { loss, ...moments } = outputs;
    const { sums, ...head } = gradients;
    return { loss: loss[0], sums, head, moments: moments as Record<string, Float32Array> };
  }

  dispose(): Promise<void> {
    return this.compiled.dispose();
  }
}

/** 1 / T. */
const factor = (logarithm: tf.Tensor | undefined, temperature: number): tf.Tensor | number =>
  logarithm ? tf.exp(tf.neg(logarithm)) : 1 / temperature;

/** Cross-entropy of each row against its targets. */
function softmaxLosses(logits: tf.Tensor, targets: tf.Tensor): tf.Tensor {
  const most = tf.max(logits, 1, true);
  const partition = tf.add(tf.log(tf.sum(tf.exp(tf.sub(logits, most)), 1, true)), most);
  return tf.sum(tf.mul(targets, tf.sub(partition, logits)), 1);
}

function marginLosses(cosines: tf.Tensor, targets: tf.Tensor, offsets: tf.Tensor, margin: number): tf.Tensor {
  const own = tf.sum(tf.mul(targets, cosines), 1, true);
  const over = tf.relu(tf.add(tf.sub(tf.add(cosines, margin), own), tf.minimum(offsets, 0)));
  const negative = tf.sub(1, tf.minimum(1, tf.mul(targets, 1e9)));
  return tf.sum(tf.mul(over, negative), 1);
}
