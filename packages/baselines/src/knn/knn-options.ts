import { requireCount, badOption } from '@towerkit/core';
import { requireBoolean, requireNumber, requireOneOf } from '../recommender/check-options.js';
import type { SimilarityOptions } from './similarity.js';

/** Settings of {@link ItemKnn} and {@link UserKnn}; their defaults differ. */
export interface KnnOptions extends Partial<SimilarityOptions> {
  /** How many of the most similar are kept. */
  readonly neighbors?: number;
}

const KINDS = ['cosine', 'tf-idf', 'bm25', 'jaccard'] as const;

/**
 * Fills in defaults and checks.
 *
 * @throws TowerkitError `BAD_OPTION` naming the option
 */
export function knnOptions(given: KnnOptions, defaults: Required<KnnOptions>): Required<KnnOptions> {
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const options = { ...defaults, ...set };
  requireOneOf('similarity', options.similarity, KINDS);
  requireCount('neighbors', options.neighbors);
  requireNumber('shrinkage', options.shrinkage, 0);
  requireBoolean('normalize', options.normalize);
  requireNumber('asymmetry', options.asymmetry, 0);
  if (options.asymmetry > 1) throw badOption('asymmetry', options.asymmetry, 'must be from 0 to 1');
  requireNumber('k1', options.k1, 0);
  requireNumber('b', options.b, 0);
  if (options.b > 1) throw badOption('b', options.b, 'must be from 0 to 1');
  for (const name of Object.keys(options))
    if (!Object.hasOwn(defaults, name)) throw badOption(name, set[name], 'is no option of this model');
  return options;
}
