import type { ArtifactManifest } from '@towerkit/artifact';
import { isRepeats, type Repeats } from '@towerkit/core';

import type { Question } from './question.js';

/**
 * What an artifact's answers do with the items of a history where a question does not say: what it was trained and measured
 * for, the key `repeats` of its config; `exclude` where that has none.
 */
export function repeatsOf({ recipe }: Pick<ArtifactManifest, 'recipe'>): Repeats {
  return isRepeats(recipe.repeats) ? recipe.repeats : 'exclude';
}

/** The items of the history that may be recommended: what the question keeps, or all of them. */
export const keptOf = ({
  repeats = 'exclude',
  history,
  keep,
}: Pick<Question, 'repeats' | 'history' | 'keep'>): readonly number[] | undefined =>
  repeats === 'exclude' ? keep : history;

/**
 * The items that an answer may hold, by the question's `repeats` and its filter; `undefined` where it may hold any.
 *
 * @param passing items that pass the filter, where there is one
 * @param unlisted items that are never recommended
 */
export function allowedOf(
  { repeats = 'exclude', history }: Pick<Question, 'repeats' | 'history'>,
  passing: Float64Array | undefined,
  unlisted: ReadonlySet<number>,
): Float64Array | undefined {
  if (repeats !== 'only') return passing;
  const own = new Set(history);
  return passing
    ? passing.filter((item) => own.has(item))
    : Float64Array.from(own).filter((item) => !unlisted.has(item));
}
