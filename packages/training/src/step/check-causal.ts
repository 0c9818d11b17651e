import { Rng, TowerkitError } from '@towerkit/core';
import type { Engine, Feeds, RandomSource, TensorFunction, TensorSpec } from '@towerkit/engine';
import {
  isMoment,
  scope,
  servingContext,
  trainingContext,
  type Parameters,
  type TwoTower,
} from '@towerkit/towers';
import * as tf from '@tensorflow/tfjs-core';

/** Places of the histories that the check makes up; what looks ahead at all does so within a few. */
const STEPS = 6;
/** Largest difference that counts as rounding, relative to the largest value of the vectors. */
const ROUNDING = 1e-4;

/** Dropout that keeps everything: the check compares two runs. */
const KEEP_ALL: RandomSource = {
  dropoutMask: (shape) => tf.ones([...shape]),
  uniform: (shape) => tf.zeros([...shape]),
  normal: (shape) => tf.zeros([...shape]),
};

/**
 * Checks that a user tower reads no item behind the position it is asked about: it would see the answer while it trains,
 * and nothing of the kind when it serves. The tower runs once on made-up histories that are alike up to some item and
 * differ from there on, with fresh weights and some noise (a path whose weight starts from zero would not show); the
 * vectors before that item must be the same. The same is asked of serving, with zeros or anything else in the padding.
 *
 * @throws TowerkitError `NOT_CAUSAL` naming the tower and the position; what the engine throws for a tower it cannot compile
 */
export async function checkCausal(
  model: TwoTower,
  parameters: Parameters,
  maxLength: number,
  engine: Engine,
): Promise<void> {
  const steps = Math.min(STEPS, maxLength);
  if (!('history' in model.userInputs) || steps < 2) return;
  const rng = new Rng(0);
  const { inputs, feeds } = madeUp(model, parameters, steps, rng);
  const compiled = await engine.compile(bothContexts(model, steps), { inputs });
  try {
    const { outputs } = await compiled.run(feeds);
    const [training, serving] = [outputs.training, outputs.serving] as Float32Array[];
    const { dimensions } = model;
    // Row r of the first `steps` rows, and of the second, has other items from place r on; row 0 is what they are held to.
    for (let row = 1; row < 2 * steps; row++)
      for (let place = 0; place < row % steps; place++)
        if (differ(training, dimensions, row * steps + place, place)) throw looksAhead(model, place, steps);
    for (let place = 0; place < steps; place++)
      if (differ(serving, dimensions, steps + place, place)) throw readsPadding(model, place, steps);
  } finally {
    await compiled.dispose();
  }
}

/** The tower as it trains, on every place of [2 * steps] histories, and as it serves, after 1, 2, ... items. */
function bothContexts(model: TwoTower, steps: number): TensorFunction {
  const rows = 2 * steps;
  return (given) => {
    const weights = scope(given, 'parameter/');
    const users = scope(given, 'user/');
    const moments = scope(given, 'moment/');
    const asked = Object.fromEntries(
      Object.entries(moments).map(([name, x]) => [name, tf.slice(x, [0, 0], [rows, x.shape[1]!])]),
    );
    const places = tf.range(0, rows * steps, 1, 'int32');
    const owners = Array.from({ length: rows * steps }, (_, place) => Math.floor(place / steps));
    const seen = Array.from({ length: rows * steps }, (_, place) => 1 + (place % steps));
    const training = trainingContext(places, tf.tensor1d(owners, 'int32'), tf.tensor1d(seen), KEEP_ALL);
    const serving = servingContext(given.mask as tf.Tensor2D);
    return {
      training: model.userVectors(weights, { ...users, ...moments, history: given.history }, training),
      serving: model.userVectors(weights, { ...users, ...asked, history: given.padded }, serving),
    };
  };
}

/** Made-up weights, histories, users and moments (one and the same in every row). */
function madeUp(model: TwoTower, parameters: Parameters, steps: number, rng: Rng) {
  const rows = 2 * steps;
  const { dimensions } = model;
  const shape = [rows, steps, dimensions];
  const inputs: Record<string, TensorSpec> = {
    history: { shape },
    padded: { shape },
    mask: { shape: [rows, steps] },
  };
  const normals = (length: number) => Float32Array.from({ length }, () => rng.normal());
  const history = normals(rows * steps * dimensions);
  const padded = normals(rows * steps * dimensions);
  const mask = new Float32Array(rows * steps);
  const item = (row: number, place: number) => (row * steps + place) * dimensions;
  for (let row = 0; row < rows; row++) {
    const length = row % steps;
    history.copyWithin(item(row, 0), 0, item(0, length));
    padded.set(history.subarray(0, item(0, length + 1)), item(row, 0));
    if (row < steps) padded.fill(0, item(row, length + 1), item(row + 1, 0));
    mask.fill(1, row * steps, row * steps + length + 1);
  }
  const feeds: Feeds = { history, padded, mask };
  for (const [name, { shape, data }] of Object.entries(parameters)) {
    inputs[`parameter/${name}`] = { shape };
    feeds[`parameter/${name}`] = data.map((value) => value + 0.1 * rng.normal());
  }
  for (const [name, input] of Object.entries(model.userInputs)) {
    if (input.kind === 'history') continue;
    const key = isMoment(input) ? `moment/${name}` : `user/${name}`;
    const count = isMoment(input) ? rows * steps : rows;
    inputs[key] = { shape: [count, input.dimensions] };
    const one = normals(input.dimensions);
    const all = new Float32Array(count * input.dimensions);
    for (let row = 0; row < count; row++) all.set(one, row * input.dimensions);
    feeds[key] = all;
  }
  return { inputs, feeds };
}

/** Whether two vectors of one array differ by more than rounding. */
function differ(vectors: Float32Array, dimensions: number, a: number, b: number): boolean {
  let largest = 0;
  let difference = 0;
  for (let i = 0; i < dimensions; i++) {
    const [x, y] = [vectors[a * dimensions + i], vectors[b * dimensions + i]];
    largest = Math.max(largest, Math.abs(y));
    difference = Math.max(difference, Math.abs(x - y));
  }
  return difference > ROUNDING * Math.max(largest, 1e-6);
}

const looksAhead = ({ user }: TwoTower, place: number, steps: number) =>
  new TowerkitError(
    'NOT_CAUSAL',
    `the user tower "${user.name}" looks ahead: its vector at position ${place + 1} of ${steps} changes with later items`,
    {
      hint: 'make each step read the items up to it alone (prefixMean, gru, a mask), not tf.max or tf.mean over all steps',
      details: { tower: user.name, position: place + 1 },
    },
  );

const readsPadding = ({ user }: TwoTower, place: number, steps: number) =>
  new TowerkitError(
    'NOT_CAUSAL',
    `the user tower "${user.name}" reads the padding: its vector after ${place + 1} of ${steps} items changes with what stands behind them`,
    {
      hint: 'read the state at the last item with context.atPositions, and count items with context.seen',
      details: { tower: user.name, position: place + 1 },
    },
  );
