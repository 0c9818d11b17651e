import { TowerkitError } from '../errors.js';
import { estimateDefined, type Estimate, type EstimateOptions } from '../statistics/estimate.js';
import type { Evaluation } from './evaluation.js';

/** An evaluation of some of the users: enough for tables and for `compareEvaluations`. */
export interface PartOfEvaluation<K extends string> {
  /** User ids, shape [n]. */
  readonly users: Int32Array;
  readonly metrics: Record<K, Estimate>;
  /** Values aligned with `users`, shape [n]; NaN where the metric is undefined. */
  readonly perUser: Record<K, Float64Array>;
}

/**
 * The part of an evaluation that some users make, with metrics and intervals of its own: those whose target is rare, say.
 *
 * @param keep whether a user belongs to it, by the user's id
 * @param options see {@link estimate}
 * @throws TowerkitError `NO_USERS` when nobody does
 * @example
 * ```ts
 * const rare = restrictEvaluation(evaluation, (user) => counts[target[user]] < 5);
 * rare.metrics['hr@10'].users; // how many they are
 * ```
 */
export function restrictEvaluation<K extends string>(
  { users, perUser }: Pick<Evaluation<K>, 'users' | 'perUser'>,
  keep: (user: number) => boolean,
  options: EstimateOptions = {},
): PartOfEvaluation<K> {
  const kept: number[] = [];
  users.forEach((user, place) => keep(user) && kept.push(place));
  if (kept.length === 0)
    throw new TowerkitError('NO_USERS', `none of ${users.length} users belongs to this part`);
  const metrics = {} as Record<K, Estimate>;
  const values = {} as Record<K, Float64Array>;
  for (const metric of Object.keys(perUser) as K[]) {
    values[metric] = Float64Array.from(kept, (place) => perUser[metric][place]);
    metrics[metric] = estimateDefined(values[metric], options);
  }
  return { users: Int32Array.from(kept, (place) => users[place]), metrics, perUser: values };
}
