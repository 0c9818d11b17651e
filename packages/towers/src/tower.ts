import type { Rng } from '@towerkit/core';
import type * as tf from '@tensorflow/tfjs-core';

import type { Parameter, Parameters } from './parameters.js';

/**
 * What a tower reads for each item or user beside its dense weights. Nothing here is a table: the host gathers
 * the rows of a batch and feeds them.
 *
 * - `embedding`: a trainable row, [rows, dimensions], of a table kept on the host. `of` says what picks the row:
 *   `'id'` (the item or user itself) or the name of a category. Starts from normal draws (`stddev`, .02 by
 *   default).
 * - `feature`: fixed values, [rows, dimensions]: numbers, or a content vector such as a title's embedding.
 * - `history`: the vectors of the user's last items, oldest first, [batch, steps, item dimensions].
 *
 * With `at: 'moment'`, for user towers alone, an embedding or a feature belongs to the moment of the question (an hour, a
 * device, what was typed) rather than to the user: it comes for each position by itself, [positions, dimensions].
 */
export type TowerInput =
  | {
      readonly kind: 'embedding';
      readonly of: string;
      readonly dimensions: number;
      readonly stddev?: number;
      readonly at?: 'moment';
    }
  | { readonly kind: 'feature'; readonly of: string; readonly dimensions: number; readonly at?: 'moment' }
  | HistoryInput;

/** The vectors of the user's last items. */
export interface HistoryInput {
  readonly kind: 'history';
  readonly dimensions: number;
}

/** Inputs by name. */
export type TowerInputs = Readonly<Record<string, TowerInput>>;

/** The tensor of an input: [batch, steps, dimensions] for a history, [rows, dimensions] for the others. */
export type InputTensor<Input> = TowerInput extends Input
  ? tf.Tensor
  : Input extends HistoryInput
    ? tf.Tensor3D
    : tf.Tensor2D;

/** The tensors of some inputs, by their names. */
export type InputTensors<Inputs extends TowerInputs> = {
  readonly [Name in keyof Inputs]: InputTensor<Inputs[Name]>;
};

/** The tensor of a weight: of its number of axes, where its type tells. */
export type ParameterTensor<P extends Parameter> = number extends P['shape']['length']
  ? tf.Tensor
  : { 0: tf.Scalar; 1: tf.Tensor1D; 2: tf.Tensor2D; 3: tf.Tensor3D; 4: tf.Tensor4D }[P['shape']['length'] &
      (0 | 1 | 2 | 3 | 4)];

/** The tensors of some weights, by their names. */
export type ParameterTensors<P extends Parameters> = { readonly [Name in keyof P]: ParameterTensor<P[Name]> };

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
   * user's last. [batch, steps, dimensions] to [positions, dimensions]. Do this before wide layers, so that padding is
   * never computed.
   */
  atPositions(states: tf.Tensor3D): tf.Tensor2D;
  /**
   * Repeats what is known per user for each position asked about: [batch, dimensions] to [positions, dimensions]. For items
   * each row is its own position. What belongs to a moment is given per position already: {@link perPosition} of this
   * package tells them apart.
   */
  perPosition(x: tf.Tensor2D): tf.Tensor2D;
  /**
   * The batch as a whole, for statistics over its rows; absent in serving, and wherever statistics are not to be taken. A
   * tower must do without, with weights that it kept.
   */
  readonly batch?: BatchRows;
  /** How many items of the history each position has seen, at least 1: [positions]. */
  readonly seen: tf.Tensor1D;
}

/** The rows of a training batch. */
export interface BatchRows {
  /** 1 for each row or position of the batch, 0 for padding: [rows] or [positions]. */
  readonly present: tf.Tensor1D;
  /** Says what a weight that is not trained, of the tower's own name and shape, is to be after this step. */
  keep(name: string, value: tf.Tensor): void;
}

/** How much a tower makes of each thing it reads, row by row: what a gated tower reports. */
export interface TowerGates<Inputs extends TowerInputs = TowerInputs, P extends Parameters = Parameters> {
  /** What is weighed, such as `id` or `title`: the columns. */
  readonly names: readonly string[];
  /** Weights and inputs as for `apply`, to [rows, names], or [positions, names] for users. */
  apply(parameters: ParameterTensors<P>, inputs: InputTensors<Inputs>, context: TowerContext): tf.Tensor2D;
}

/**
 * A tower: a pure function from named weights and inputs to one vector per row. A new variant is one file that
 * returns such an object, by {@link defineTower}, which works out the types: `apply` is handed what `inputs` declares and
 * `init` makes, under the same names, each with its number of axes.
 *
 * @example
 * ```ts
 * // A user is the plain mean of what they had, through one learned matrix.
 * const meanTower = (dimensions: number) =>
 *   defineTower({
 *     name: 'mean',
 *     dimensions,
 *     inputs: { history: { kind: 'history', dimensions } },
 *     init: (rng) => ({ kernel: glorotUniform([dimensions, dimensions], rng) }),
 *     apply: (parameters, inputs, context) =>
 *       tf.matMul(prefixMean(inputs.history, context), parameters.kernel),
 *   });
 * ```
 */
export interface Tower<Inputs extends TowerInputs = TowerInputs, P extends Parameters = Parameters> {
  /** Name of the variant, kept in the artifact. */
  readonly name: string;
  /** Width of the vectors it returns. */
  readonly dimensions: number;
  /** What it was made with, such as dropout: names what differs when another run's checkpoint is resumed. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** What it reads, by name. */
  readonly inputs: Inputs;
  /** Whether it reads the order of the history, which data without times or positions does not have. Default false. */
  readonly readsOrder?: boolean;
  /** Fresh weights. */
  init(rng: Rng): P;
  /**
   * @param parameters the weights that `init` names, same shapes
   * @param inputs the inputs it declares: [rows, dimensions] each, a history [batch, steps, dimensions]
   * @param context training or serving
   * @returns [rows, dimensions] for items, [positions, dimensions] for users; a position may depend on the history up to it
   *   alone, which training checks (`NOT_CAUSAL`)
   */
  apply(parameters: ParameterTensors<P>, inputs: InputTensors<Inputs>, context: TowerContext): tf.Tensor2D;
  /** The weight of each input, where the tower learns to weigh them. */
  readonly gates?: TowerGates<Inputs, P>;
}

/**
 * A tower as it stands, with the types of its inputs and weights worked out from `inputs` and `init`. Write `init` before
 * `apply`: TypeScript reads from top to bottom.
 */
export const defineTower = <const Inputs extends TowerInputs, P extends Parameters>(
  tower: Tower<Inputs, P>,
): Tower<Inputs, P> => tower;
