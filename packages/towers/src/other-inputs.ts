import { TowerkitError, type Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import { ACTIVITY, activityParameters, readActivity } from './layers/activity.js';
import { perPosition } from './layers/per-position.js';
import { glorotUniform, type Parameters } from './parameters.js';
import type { TowerContext, TowerInput } from './tower.js';

/** What a tower of histories reads beside them. */
export interface OtherInputs {
  /** Gives each known user a vector of this width, 0 for none. Default 0. */
  readonly id?: number;
  /** User features by name with their width. */
  readonly features?: Readonly<Record<string, number>>;
  /** Whatever else it reads, by name: categories and features of the user, or of the moment. */
  readonly inputs?: Readonly<Record<string, TowerInput>>;
  /** Reads how many items a history has, as the log of 1 + their number, through a linear map. Default false. */
  readonly activity?: boolean;
}

type Others = Readonly<Record<string, TowerInput>>;

/**
 * All of it by name, but for `activity`, which comes of the history itself.
 *
 * @throws TowerkitError `BAD_TOWER` for another input named `history` or, where it is read, `activity`
 */
export function otherInputs(
  tower: string,
  { id = 0, features = {}, inputs = {}, activity = false }: OtherInputs,
): Others {
  const taken = ['history', ...(activity ? [ACTIVITY] : [])];
  const twice = taken.find((name) => name in inputs || name in features);
  if (twice)
    throw new TowerkitError('BAD_TOWER', `${tower}: "${twice}" is the name of its own ${twice}`, {
      hint: 'give the input another name',
    });
  const others: Record<string, TowerInput> = { ...inputs };
  if (id > 0) others.id = { kind: 'embedding', of: 'id', dimensions: id };
  for (const [name, dimensions] of Object.entries(features))
    others[name] = { kind: 'feature', of: name, dimensions };
  return others;
}

/** A linear map of each: `<name>.kernel` [its dimensions, dimensions]. */
export const otherParameters = (
  others: Others,
  { activity = false }: OtherInputs,
  dimensions: number,
  rng: Rng,
): Parameters => ({
  ...Object.fromEntries(
    Object.entries(others).map(([name, input]) => [
      `${name}.kernel`,
      glorotUniform([input.dimensions, dimensions], rng),
    ]),
  ),
  ...(activity && activityParameters(dimensions, rng)),
});

/** `user` [positions, dimensions] plus what the other inputs and the activity say at each position. */
export function addOthers(
  user: tf.Tensor2D,
  others: Others,
  { activity = false }: OtherInputs,
  parameters: Readonly<Record<string, tf.Tensor>>,
  given: Readonly<Record<string, tf.Tensor>>,
  context: TowerContext,
): tf.Tensor2D {
  let sum: tf.Tensor2D = activity ? tf.add(user, readActivity(parameters, context)) : user;
  for (const [name, input] of Object.entries(others)) {
    const mapped: tf.Tensor2D = tf.matMul(given[name] as tf.Tensor2D, parameters[`${name}.kernel`]);
    sum = tf.add(sum, perPosition(input, mapped, context));
  }
  return sum;
}
