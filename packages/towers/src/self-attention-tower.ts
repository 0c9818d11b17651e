import { TowerkitError } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import { attentionLayer, attentionLayerParameters } from './layers/attention-layer.js';
import { causalConvolution, causalConvolutionParameters } from './layers/causal-convolution.js';
import { pointwiseAttentionLayer, pointwiseAttentionParameters } from './layers/pointwise-attention.js';
import { readTaste, tasteParameters } from './layers/read-history.js';
import { layerNorm, normParameters } from './layers/norm.js';
import { addOthers, otherInputs, otherParameters, type OtherInputs } from './other-inputs.js';
import { normal, type Parameters } from './parameters.js';
import { checkSelfAttention } from './check-self-attention.js';
import { defineTower, type HistoryInput, type Tower, type TowerInputs } from './tower.js';

/** Options of {@link selfAttentionTower}. */
export interface SelfAttentionTowerOptions extends OtherInputs {
  /** Width of the item vectors it reads and of the user vectors it returns. Default 64. */
  readonly dimensions?: number;
  /** Longest history it can read, the `maxLength` of training. Default 50. */
  readonly maxLength?: number;
  /**
   * `softmax`: layers of a transformer. `pointwise`: those of HSTU, whose weights do not sum to one, with a gate in place of dense maps;
   * `units` and `norm` then say nothing. Default `softmax`.
   */
  readonly attention?: 'softmax' | 'pointwise';
  /** Whether attention learns a bias for each distance between two places. Default: with `pointwise`. */
  readonly relative?: boolean;
  /** Layers of attention. Default 2. */
  readonly layers?: number;
  /** Heads of each; they share the dimensions. Default 2. */
  readonly heads?: number;
  /** Units between the two maps of each layer. Default 4 * `dimensions`. */
  readonly units?: number;
  /** Dropout on the vectors of the history, the attention's weights and what each layer adds. Default .5. */
  readonly dropout?: number;
  /** Whether layer norm comes `before` each part of a layer or `after` its sum. Default `before`. */
  readonly norm?: 'before' | 'after';
  /** Adds a learned map of the length-normalised mean of the history, as `gruTower` does. Default false. */
  readonly mean?: boolean;
  /**
   * A depthwise convolution over so many last items before the layers, which starts as the identity. Default 0: none.
   */
  readonly convolution?: number;
  /** Beside the attention of each layer, the low and high frequencies of the history up to each place (BSARec). Default: none. */
  readonly frequencies?: {
    /** Share of this part in the layer, in [0, 1]; the attention has the rest. Default .7. */
    readonly share?: number;
    /** Frequencies that count as low, on both sides of 0. Default 5. */
    readonly low?: number;
  };
}

type Weights = Readonly<Record<string, tf.Tensor>>;

/**
 * A user as what their last items say to each other: layers of causal self-attention over the item vectors with learned
 * positions, counted from the oldest (SASRec, Kang and McAuley 2018; with layer norm before each part, Xiong et al. 2020).
 * Whatever else is known of users or of the moment is added through a linear map of its own.
 *
 * @returns a tower from `history` [batch, steps, dimensions] (and what else it reads) to [positions, dimensions]
 * @throws TowerkitError `BAD_TOWER` for dimensions that the heads cannot share, another input named `history`, and histories
 *   longer than `maxLength` as soon as it meets them; `BAD_OPTION` for sizes that are not 1, 2, ...
 * @example
 * ```ts
 * twoTower({ item: itemTower({ dimensions: 64 }), user: selfAttentionTower({ dimensions: 64, maxLength: 50 }) });
 * ```
 */
export function selfAttentionTower({
  dimensions = 64,
  maxLength = 50,
  attention = 'softmax',
  relative = attention === 'pointwise',
  layers = 2,
  heads = 2,
  units = 4 * dimensions,
  dropout = 0.5,
  norm: wanted = 'before',
  mean = false,
  convolution = 0,
  frequencies,
  ...rest
}: SelfAttentionTowerOptions = {}): Tower {
  const filter = frequencies && { share: 0.7, low: 5, ...frequencies };
  checkSelfAttention({ dimensions, maxLength, layers, heads, units }, convolution, filter, attention);
  const isPointwise = attention === 'pointwise';
  const norm = isPointwise ? 'before' : wanted;
  const others = otherInputs('selfAttentionTower', rest);
  const inputs: { readonly history: HistoryInput } & TowerInputs = {
    history: { kind: 'history', dimensions },
    ...others,
  };
  const shape = {
    ...{ dimensions, units, filter: filter !== undefined },
    ...(relative && { relative: { heads, maxLength } }),
  };
  const settings = { heads, dropout, norm, relative, filter: filter && { ...filter, window: maxLength } };
  const names = Array.from({ length: layers }, (_, layer) => `layer${layer}`);

  return defineTower({
    name: 'self-attention',
    dimensions,
    settings: {
      maxLength,
      layers,
      heads,
      units,
      dropout,
      norm,
      mean,
      convolution,
      frequencies: filter,
      activity: rest.activity,
      ...(isPointwise && { attention }),
      ...(relative && { relative }),
    },
    inputs,
    readsOrder: true,
    init(rng): Parameters {
      return {
        positions: normal([maxLength, dimensions], rng, 0.02),
        ...normParameters('norm', dimensions, 'layer'),
        ...(convolution > 0 && causalConvolutionParameters('convolution', convolution, dimensions)),
        ...Object.assign(
          {},
          ...names.map((name) =>
            isPointwise
              ? pointwiseAttentionParameters(name, { dimensions, heads, maxLength, relative }, rng)
              : attentionLayerParameters(name, shape, rng),
          ),
        ),
        ...(mean && tasteParameters(dimensions, rng)),
        ...otherParameters(others, rest, dimensions, rng),
      };
    },
    apply(parameters: Weights, given, context) {
      const { history } = given;
      const [batch, steps] = history.shape;
      if (steps > maxLength) throw tooLong(steps, maxLength);
      const places = tf.slice(parameters.positions as tf.Tensor2D, [0, 0], [steps, dimensions]);
      const rows = (x: tf.Tensor) => tf.reshape(x, [batch * steps, dimensions]) as tf.Tensor2D;
      const read = convolution > 0 ? causalConvolution(history, parameters, 'convolution') : history;
      let x = rows(tf.add(read, places));
      if (norm === 'after') x = layerNorm(x, parameters, 'norm');
      x = context.dropout(x, dropout);
      for (const name of names)
        x = isPointwise
          ? pointwiseAttentionLayer(x, parameters, name, { ...settings, maxLength, batch, steps, context })
          : attentionLayer(x, parameters, name, { ...settings, batch, steps, context });
      const states = context.atPositions(tf.reshape(x, [batch, steps, dimensions]));
      let user = norm === 'before' ? layerNorm(states, parameters, 'norm') : states;
      if (mean) user = tf.add(user, readTaste(history, parameters, context));
      return addOthers(user, others, rest, parameters, given, context);
    },
  });
}

const tooLong = (steps: number, maxLength: number) =>
  new TowerkitError(
    'BAD_TOWER',
    `a history of ${steps} items is longer than the ${maxLength} that the self-attention tower has positions for`,
    { hint: `give selfAttentionTower a maxLength of ${steps}, the same as that of the batches` },
  );
