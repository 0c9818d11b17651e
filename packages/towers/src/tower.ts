import type { Rng } from '@towerkit/core';
import type * as tf from '@tensorflow/tfjs';

import type { Parameters } from './parameters.js';

/**
 * What a tower reads for each item or user beside its dense weights. Nothing here is a table: the host gathers
 * the rows of a batch and feeds them.
 *
 * - `embedding`: a trainable row, [rows, dimension], of a table kept on the host. `of` says what picks the row:
 *   `'id'` (the item or user itself) or the name of a category. Starts from normal draws (`stddev`, .02 by
 *   default).
 * - `feature`: fixed values, [rows, dimension]: numbers, or a content vector such as a title's embedding.
 * - `history`: the vectors of the user's last items, oldest first, [batch, steps, item dimension].
 */
export type TowerInput =
  | { readonly kind: 'embedding'; readonly of: string; readonly dimension: number; readonly stddev?: number }
  | { readonly kind: 'feature'; readonly of: string; readonly dimension: number }
  | { readonly kind: 'history'; readonly dimension: number };

/**
 * Where a tower is being run: it asks here for whatever differs between training and serving, so that one
 * `apply` serves both.
 */
export interface TowerContext {
  /** True while gradients are taken. */
  readonly training: boolean;
  /** Sets a share `rate` of the values to zero and scales the rest by 1 / (1 - rate); as it is when serving. */
  dropout<T extends tf.Tensor>(x: T, rate: number): T;
  /**
   * Picks the states that are asked about: in training every valid position of every history, in serving each
   * user's last. [batch, steps, width] to [positions, width]. Do this before wide layers, so that padding is
   * never computed.
   */
  atPositions(states: tf.Tensor3D): tf.Tensor2D;
  /**
   * Repeats what is known per user for each position asked about: [batch, width] to [positions, width]. For items
   * each row is its own position.
   */
  perPosition(x: tf.Tensor2D): tf.Tensor2D;
  /** How many items of the history each position has seen, at least 1: [positions]. */
  readonly seen: tf.Tensor1D;
}

/** How much a tower makes of each thing it reads, row by row: what a gated tower reports. */
export interface TowerGates {
  /** What is weighed, such as `id` or `title`: the columns. */
  readonly names: readonly string[];
  /** Weights and inputs as for `apply`, to [rows, names], or [positions, names] for users. */
  apply(
    parameters: Readonly<Record<string, tf.Tensor>>,
    inputs: Readonly<Record<string, tf.Tensor>>,
    context: TowerContext,
  ): tf.Tensor2D;
}

/**
 * A tower: a pure function from named weights and inputs to one vector per row. A new variant is one file that
 * returns such an object.
 *
 * @example
 * ```ts
 * // A user is the plain mean of what they had, through one learned matrix.
 * const meanTower = (dimension: number): Tower => ({
 *   name: 'mean',
 *   dimension,
 *   inputs: { history: { kind: 'history', dimension } },
 *   init: (rng) => ({ kernel: glorotUniform([dimension, dimension], rng) }),
 *   apply: (parameters, inputs, context) =>
 *     tf.matMul(prefixMean(inputs.history as tf.Tensor3D, context), parameters.kernel as tf.Tensor2D),
 * });
 * ```
 */
export interface Tower {
  /** Name of the variant, kept in the artifact. */
  readonly name: string;
  /** Width of the vectors it returns. */
  readonly dimension: number;
  /** What it was made with, such as dropout: names what differs when another run's checkpoint is resumed. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** What it reads, by name. */
  readonly inputs: Readonly<Record<string, TowerInput>>;
  /** Fresh weights. */
  init(rng: Rng): Parameters;
  /**
   * @param parameters the weights that `init` names, same shapes
   * @param inputs the inputs it declares: [rows, dimension] each, a history [batch, steps, dimension]
   * @param context training or serving
   * @returns [rows, dimension] for items, [positions, dimension] for users
   */
  apply(
    parameters: Readonly<Record<string, tf.Tensor>>,
    inputs: Readonly<Record<string, tf.Tensor>>,
    context: TowerContext,
  ): tf.Tensor2D;
  /** The weight of each input, where the tower learns to weigh them. */
  readonly gates?: TowerGates;
}
