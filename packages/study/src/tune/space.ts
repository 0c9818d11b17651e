import { checkConfig, type ResolvedConfig } from '@towerkit/pipeline';
import { isTowerkitError, type Rng } from '@towerkit/core';

import { TowerkitError } from '../errors.js';
import { setValues } from '../runs/set-values.js';

/** What a value may be: a number in a range, or one of a list. */
export type Dimension = NumberDimension | ChoiceDimension;

/** A number from `min` to `max`, both included. */
export interface NumberDimension {
  readonly min: number;
  readonly max: number;
  /** Whether steps are of the logarithm. Default false. */
  readonly log?: boolean;
  /** Whether it is whole. Default false. */
  readonly int?: boolean;
}

/** One of these. */
export interface ChoiceDimension {
  readonly choice: readonly unknown[];
}

/** What is searched: dimensions by the dotted path of a config's key. */
export type Space = Readonly<Record<string, Dimension>>;

/** A point of the space: a value for each path. */
export type Point = Readonly<Record<string, unknown>>;

/**
 * Checks a space against the config that it changes.
 *
 * @throws TowerkitError `BAD_SPACE` naming the path: no dimension at all, bounds without sense, values that the config's rules
 *   refuse, or a key that there is not
 */
export function checkSpace(space: unknown, config: ResolvedConfig): Space {
  if (typeof space !== 'object' || space === null || Array.isArray(space) || Object.keys(space).length === 0)
    throw badSpace('', 'it is no object of dimensions by path');
  const checked = Object.fromEntries(
    Object.entries(space as Record<string, unknown>).map(([path, given]) => [path, dimensionOf(path, given)]),
  );
  for (const [path, dimension] of Object.entries(checked))
    for (const value of extremes(dimension)) requireFits(config, path, value);
  return checked;
}

const KEYS = ['min', 'max', 'log', 'int'];

function dimensionOf(path: string, given: unknown): Dimension {
  if (typeof given !== 'object' || given === null)
    throw badSpace(path, 'a dimension is {min, max} or {choice}');
  const wanted = given as Record<string, unknown>;
  if ('choice' in wanted) {
    const { choice, ...others } = wanted;
    refuseOthers(path, others);
    if (!Array.isArray(choice) || choice.length === 0)
      throw badSpace(path, '`choice` is a list of one value or more');
    return { choice: choice as unknown[] };
  }
  refuseOthers(path, Object.fromEntries(Object.entries(wanted).filter(([key]) => !KEYS.includes(key))));
  const { min, max, log = false, int = false } = wanted;
  if (typeof log !== 'boolean' || typeof int !== 'boolean')
    throw badSpace(path, '`log` and `int` are true or false');
  if (typeof min !== 'number' || typeof max !== 'number' || !(min < max) || !Number.isFinite(max - min))
    throw badSpace(path, '`min` must be a number below `max`');
  if (log && min <= 0) throw badSpace(path, 'with `log`, `min` must be above 0');
  if (int && !(Number.isInteger(min) && Number.isInteger(max)))
    throw badSpace(path, 'with `int`, both bounds are whole');
  return { min, max, log, int };
}

function refuseOthers(path: string, others: Readonly<Record<string, unknown>>): void {
  const [key] = Object.keys(others);
  if (key !== undefined)
    throw badSpace(
      path,
      `there is no key "${key}" of a dimension; its keys are ${KEYS.join(', ')}, or choice`,
    );
}

function requireFits(config: ResolvedConfig, path: string, value: unknown): void {
  try {
    checkConfig(setValues(config, { [path]: value }), 'config');
  } catch (error) {
    if (!isTowerkitError(error)) throw error;
    throw badSpace(path, `with ${JSON.stringify(value)}: ${error.message}`, error);
  }
}

const extremes = (dimension: Dimension): readonly unknown[] =>
  'choice' in dimension ? dimension.choice : [dimension.min, dimension.max];

const badSpace = (path: string, what: string, cause?: unknown) =>
  new TowerkitError('BAD_SPACE', `space${path && `, ${path}`}: ${what}`, {
    hint: 'a space is {"optimizer.learningRate": {"min": 1e-4, "max": 0.1, "log": true}, "maxLength": {"choice": [20, 50]}}',
    details: { path },
    cause,
  });

/** A point drawn uniformly: of the logarithm for `log`, each whole number alike for `int`. */
export const drawPoint = (space: Space, rng: Rng): Point =>
  Object.fromEntries(
    Object.entries(space).map(([path, dimension]) => [path, valueAt(dimension, rng.uniform())]),
  );

/** The value of a dimension at a place in [0, 1). */
export function valueAt(dimension: Dimension, place: number): unknown {
  if ('choice' in dimension)
    return dimension.choice[
      Math.min(dimension.choice.length - 1, Math.floor(place * dimension.choice.length))
    ];
  const { low, high } = span(dimension);
  const at = low + place * (high - low);
  const value = dimension.log ? Math.exp(at) : at;
  return Math.min(dimension.max, Math.max(dimension.min, dimension.int ? Math.round(value) : value));
}

/** The place of a number of a dimension, in [0, 1]. */
export function placeOf(dimension: NumberDimension, value: number): number {
  const { low, high } = span(dimension);
  const at = dimension.log ? Math.log(value) : value;
  return Math.min(1, Math.max(0, (at - low) / (high - low)));
}

/** Bounds as steps are made, whole numbers with half a step on both sides. */
function span({ min, max, log, int }: NumberDimension): { low: number; high: number } {
  const half = int ? 0.5 : 0;
  return log
    ? { low: Math.log(Math.max(min - half, min / 2)), high: Math.log(max + half) }
    : { low: min - half, high: max + half };
}
