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
    create: (options, common) => new Als({ ...options, ...common }),
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
    create: (options, common) => new LightGcn({ ...options, ...common }),
  },
  svd: {
    create: (options, { seed }) => new Svd({ ...options, seed }),
    rated: true,
  },
  'user-knn-ratings': { create: (options) => new KnnRatingModel({ ...options, by: 'user' }), rated: true },
  'item-knn-ratings': { create: (options) => new KnnRatingModel({ ...options, by: 'item' }), rated: true },
};

export const isBaseline = (kind: string): kind is BaselineName => Object.hasOwn(BASELINES, kind);

/** A baseline that is not fitted yet, with the options of a config. */
export function createBaseline<N extends BaselineName>(name: N, config: ResolvedConfig): Recommender {
  const { seed, threads, baselines } = config;
  return (BASELINES[name] as Baseline<N>).create(baselines[name], { seed, threads });
}
