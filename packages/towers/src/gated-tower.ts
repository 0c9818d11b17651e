import { TowerkitError } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import { ACTIVITY, activityParameters, readActivity } from './layers/activity.js';
import { pairwiseProducts } from './layers/pairwise.js';
import { perPosition } from './layers/per-position.js';
import { orderParameters, readOrder, readTaste, tasteParameters } from './layers/read-history.js';
import { glorotUniform, zeros, type Parameters } from './parameters.js';
import { defineTower, type Tower, type TowerContext, type TowerInput } from './tower.js';

/** Options of {@link gatedTower}. */
export interface GatedTowerOptions {
  /** What it reads, by name: ids, categories, features, content vectors, a history. */
  readonly inputs: Readonly<Record<string, TowerInput>>;
  /** Width of the vectors it returns. Default 64. */
  readonly dimensions?: number;
  /** Width of the recurrent state that reads a history. Default: `dimensions`. */
  readonly units?: number;
  /** Dropout on the vectors of the history. Default .2. */
  readonly dropout?: number;
  /** Reads how many items a history has, as one more part: log(1 + their number) through a linear map. Default false. */
  readonly activity?: boolean;
  /** Whether pairs of parts add their products. Default true. */
  readonly interactions?: boolean;
}

type Given = Readonly<Record<string, tf.Tensor>>;

/** The parts that a history gives: its order and its taste. */
const ORDER = 'order';
const TASTE = 'taste';

/**
 * Gated fusion, for users and for items: every input is mapped to the tower's width and weighed by a learned gate, and
 * the parts are summed with their pairwise products, as in a factorisation machine (Rendle 2010):
 *
 *     u_f = g_f v_f                                 v_f = W_f x_f; an id as wide as the tower stays as it is
 *     g = 2 sigmoid(A log(1 + |v|^2) + c)           [parts]: what a part weighs depends on how much each one says
 *     y = sum_f u_f + s * sum_{f<h} u_f u_h + b     the second sum as ((sum u)^2 - sum u^2) / 2, element by element
 *
 * With A, c, s and b zero at the start, every gate is 1 and the tower begins as the plain sum of its parts: an id that
 * starts from matrix factorisation is what it was until training moves it. An item without an id (see `idDropout` of
 * {@link twoTower}) has |v_id| = 0, which its other gates can answer to. A history is two parts: `order`, a GRU over it,
 * and `taste`, its length-normalised mean.
 *
 * @returns a tower from the declared inputs to [rows, dimensions], or [positions, dimensions] with a history
 * @throws TowerkitError `BAD_TOWER` without inputs, or for one named like a part of the history
 * @example
 * ```ts
 * const item = gatedTower({
 *   dimensions: 128,
 *   inputs: { id: { kind: 'embedding', of: 'id', dimensions: 128 }, title: { kind: 'feature', of: 'title', dimensions: 384 } },
 * });
 * ```
 */
export function gatedTower({
  inputs,
  dimensions = 64,
  units = dimensions,
  dropout = 0.2,
  activity = false,
  interactions = true,
}: GatedTowerOptions): Tower {
  const hasHistory = 'history' in inputs;
  const own = Object.keys(inputs).filter((name) => name !== 'history');
  const counts = hasHistory && activity;
  const parts = [...own, ...(hasHistory ? [ORDER, TASTE] : []), ...(counts ? [ACTIVITY] : [])];
  if (parts.length === 0) throw new TowerkitError('BAD_TOWER', 'a gated tower needs at least one input');
  if (new Set(parts).size < parts.length)
    throw new TowerkitError(
      'BAD_TOWER',
      `"${ORDER}", "${TASTE}" and "${ACTIVITY}" are parts of the history`,
      {
        hint: 'give the input another name',
      },
    );
  const isMapped = (name: string) =>
    inputs[name].kind !== 'embedding' || inputs[name].dimensions !== dimensions;

  const vectorsOf = (parameters: Given, given: Given, context: TowerContext): tf.Tensor2D[] => {
    const vectors = own.map((name) => {
      const x = given[name] as tf.Tensor2D;
      const mapped = isMapped(name) ? tf.matMul(x, parameters[`${name}.kernel`] as tf.Tensor2D) : x;
      return perPosition(inputs[name], mapped as tf.Tensor2D, context);
    });
    if (!hasHistory) return vectors;
    const history = context.dropout(given.history as tf.Tensor3D, dropout);
    return [
      ...vectors,
      readOrder(history, parameters, context),
      readTaste(history, parameters, context),
      ...(counts ? [readActivity(parameters, context)] : []),
    ];
  };

  const gatesOf = (vectors: readonly tf.Tensor2D[], parameters: Given): tf.Tensor2D => {
    const says = tf.log1p(
      tf.concat(
        vectors.map((v) => tf.sum(tf.square(v), 1, true)),
        1,
      ),
    ) as tf.Tensor2D;
    const logits = tf.add(tf.matMul(says, parameters['gate.kernel'] as tf.Tensor2D), parameters['gate.bias']);
    return tf.mul(2, tf.sigmoid(logits)) as tf.Tensor2D;
  };

  return defineTower({
    name: 'gated',
    dimensions,
    settings: { units, dropout, interactions, activity: counts || undefined },
    inputs,
    readsOrder: hasHistory,
    init(rng) {
      const parameters: Parameters = {
        'gate.kernel': zeros([parts.length, parts.length]),
        'gate.bias': zeros([parts.length]),
        bias: zeros([dimensions]),
        ...(interactions && { 'pairs.scale': zeros([dimensions]) }),
        ...(hasHistory && {
          ...orderParameters(dimensions, units, rng),
          ...tasteParameters(dimensions, rng),
          ...(counts && activityParameters(dimensions, rng)),
        }),
      };
      for (const name of own)
        if (isMapped(name))
          parameters[`${name}.kernel`] = glorotUniform([inputs[name].dimensions, dimensions], rng);
      return parameters;
    },
    apply(parameters, given, context) {
      const vectors = vectorsOf(parameters, given, context);
      const gates = tf.split(gatesOf(vectors, parameters), parts.length, 1);
      const weighed = vectors.map((v, part) => tf.mul(v, gates[part]));
      const sum = weighed.reduce((total, u) => tf.add(total, u));
      const out = tf.add(sum, parameters.bias);
      if (!interactions || parts.length === 1) return out as tf.Tensor2D;
      return tf.add(out, tf.mul(pairwiseProducts(weighed, sum), parameters['pairs.scale'])) as tf.Tensor2D;
    },
    gates: {
      names: parts,
      apply: (parameters, given, context) => gatesOf(vectorsOf(parameters, given, context), parameters),
    },
  });
}
