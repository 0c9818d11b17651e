import { Als } from '@towerkit/als';
import {
  BprMf,
  Bspm,
  Ease,
  GfCf,
  ItemKnn,
  KnnRatingModel,
  LightGcn,
  NearestPlace,
  PersonalPopularity,
  Popularity,
  Svd,
  UserKnn,
} from '@towerkit/baselines';
import type { Recommender } from '@towerkit/core';

import type { BaselineName } from '../config/baseline-options.js';
import type { ResolvedConfig } from '../config/schema.js';

/** Options of every baseline beside its own. */
interface Common {
  readonly seed: number;
  readonly threads?: number;
  /** Users and items of the data, whichever are fewer. */
  readonly size: number;
}

interface Baseline<N extends BaselineName> {
  readonly create: (options: ResolvedConfig['baselines'][N], common: Common) => Recommender;
  /** Whether it learns from ratings rather than from interactions. */
  readonly rated?: true;
  /** Whether it is told where the items are. */
  readonly placed?: true;
}

export const BASELINES: { readonly [N in BaselineName]: Baseline<N> } = {
  popularity: { create: (options) => new Popularity(options) },
  'personal-popularity': { create: () => new PersonalPopularity() },
  'nearest-place': { create: () => new NearestPlace(), placed: true },
  'item-knn': { create: (options) => new ItemKnn(options) },
  'user-knn': { create: (options) => new UserKnn(options) },
  als: {
    create: ({ factors, ...options }, { size, ...common }) =>
      new Als({ ...options, factors: factors ?? alsFactors(size), ...common }),
  },
  'bpr-mf': {
    create: (options, { seed }) => new BprMf({ ...options, seed }),
  },
  ease: {
    create: (options, { threads }) => new Ease({ ...options, threads }),
  },
  'gf-cf': {
    create: (options, { threads }) => new GfCf({ ...options, threads }),
  },
  bspm: {
    create: (options, { threads }) => new Bspm({ ...options, threads }),
  },
  lightgcn: {
    create: (options, { size: _, ...common }) => new LightGcn({ ...options, ...common }),
  },
  svd: {
    create: (options, { seed }) => new Svd({ ...options, seed }),
    rated: true,
  },
  'user-knn-ratings': { create: (options) => new KnnRatingModel({ ...options, by: 'user' }), rated: true },
  'item-knn-ratings': { create: (options) => new KnnRatingModel({ ...options, by: 'item' }), rated: true },
};

export const isBaseline = (kind: string): kind is BaselineName => Object.hasOwn(BASELINES, kind);

/**
 * A baseline that is not fitted yet, with the options of a config.
 *
 * @param size users and items of the data, whichever are fewer
 */
export function createBaseline<N extends BaselineName>(
  name: N,
  config: ResolvedConfig,
  size: number,
): Recommender {
  const { seed, threads, baselines } = config;
  return (BASELINES[name] as Baseline<N>).create(baselines[name], { seed, threads, size });
}

/** From so many users and items on, so many factors. */
const FACTORS = [
  [1500, 128],
  [250, 64],
  [60, 32],
  [0, 16],
] as const;

/**
 * Factors of ALS where a config names none: fewer for few users or items, whose rows 128 factors would learn by heart.
 *
 * @param size users and items, whichever are fewer
 */
export const alsFactors = (size: number): number => FACTORS.find(([least]) => size >= least)![1];
