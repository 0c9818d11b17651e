import { isTowerkitError } from '@towerkit/core';
import type { EntityFeatures, EntityTexts, EntityVectors } from '@towerkit/features';
import {
  gruTower,
  itemTower,
  twoTower,
  type TowerInput,
  type TowerInputs,
  type TwoTower,
} from '@towerkit/towers';

import { badConfig } from '../config/check-config.js';
import type { ModelShapes } from '../config/model-shapes.js';
import type { ResolvedConfig } from '../config/schema.js';
import type { Prepared } from '../data/prepare.js';
import { ratingFigures } from '../data/ratings.js';
import { distilled } from './teacher.js';

/** The sizes a config's model function is given. */
export function shapesOf({
  log,
  features,
  texts,
  vectors,
  users,
  moments,
  split,
}: Pick<Prepared, 'log' | 'features' | 'texts' | 'vectors' | 'users' | 'moments' | 'split'>): ModelShapes {
  return shapesFrom(
    {
      users: log.users.size,
      items: log.items.size,
      ratings: ratingFigures(split.train.values) ?? NO_RATINGS,
    },
    sizesOf(features, texts, vectors),
    users && sizesOf(users.features, users.texts, users.vectors),
    moments && sizesOf(moments.features),
  );
}

/** The same from the sizes of what is known of the items, of the users, and of moments. */
export function shapesFrom(
  counts: Pick<ModelShapes, 'users' | 'items'> & Partial<Pick<ModelShapes, 'ratings'>>,
  item: Sizes,
  user: Sizes = NOTHING,
  { categories, numeric }: Pick<Sizes, 'categories' | 'numeric'> = NOTHING,
): ModelShapes {
  return {
    ratings: NO_RATINGS,
    ...counts,
    ...item,
    user: { ...user, inputs: inputsOf(user) },
    moment: {
      categories,
      numeric,
      inputs: atMoment(inputsOf({ categories, numeric, content: {}, vectors: {} })),
    },
  };
}

const NO_RATINGS: ModelShapes['ratings'] = { mean: 0, range: [0, 0] };

/** Sizes of features. */
export type Sizes = Pick<ModelShapes, 'categories' | 'numeric' | 'content' | 'vectors'>;

const NOTHING: Sizes = { categories: {}, numeric: {}, content: {}, vectors: {} };

function sizesOf(
  { categories, features }: EntityFeatures,
  texts?: Pick<EntityTexts, 'features'>,
  vectors?: Pick<EntityVectors, 'features'>,
): Sizes {
  const map = <T, S>(from: Readonly<Record<string, T>>, size: (value: T) => S) =>
    Object.fromEntries(Object.entries(from).map(([name, value]) => [name, size(value)]));
  return {
    categories: map(categories, ({ size }) => ({ size })),
    numeric: map(features, ({ cols }) => cols),
    content: map(texts?.features ?? {}, ({ cols }) => cols),
    vectors: map(vectors?.features ?? {}, ({ cols }) => cols),
  };
}

/** Dimensions of a category's embedding where a config does not choose them. */
const CATEGORY_DIMENSIONS = 8;

function inputsOf({ categories, numeric, content, vectors }: Sizes): TowerInputs {
  const embedded = Object.keys(categories).map((of): [string, TowerInput] => [
    of,
    { kind: 'embedding', of, dimensions: CATEGORY_DIMENSIONS, stddev: 0.1 },
  ]);
  const read = Object.entries({ ...numeric, ...content, ...vectors }).map(
    ([of, dimensions]): [string, TowerInput] => [of, { kind: 'feature', of, dimensions }],
  );
  return Object.fromEntries([...embedded, ...read]);
}

const atMoment = (inputs: TowerInputs): TowerInputs =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [
      name,
      input.kind === 'history' ? input : { ...input, at: 'moment' },
    ]),
  );

/**
 * The model a config asks for.
 *
 * @throws TowerkitError `BAD_CONFIG` when its function throws or returns something else; what the towers throw
 */
export function buildModel(config: Pick<ResolvedConfig, 'model' | 'distill'>, shapes: ModelShapes): TwoTower {
  return distilled(ownModel(config, shapes), config);
}

function ownModel({ model }: Pick<ResolvedConfig, 'model'>, shapes: ModelShapes): TwoTower {
  if (!model) {
    const inputs = { ...shapes.user.inputs, ...shapes.moment.inputs };
    return twoTower({ item: itemTower(), user: gruTower({ inputs }) });
  }
  let built: TwoTower;
  try {
    built = model(shapes);
  } catch (error) {
    if (isTowerkitError(error)) throw error;
    throw badConfig(`model: it threw: ${String((error as Error)?.message ?? error).split('\n')[0]}`, error);
  }
  if (typeof built?.itemVectors !== 'function' || typeof built.userVectors !== 'function')
    throw badConfig('model: it must return what twoTower({ item, user }) returns');
  return built;
}
