import { isTowerkitError } from '@towerkit/core';
import { gruTower, itemTower, twoTower, type TwoTower } from '@towerkit/towers';

import { badConfig } from '../config/check-config.js';
import type { ModelShapes } from '../config/model-shapes.js';
import type { ResolvedConfig } from '../config/schema.js';
import type { Prepared } from '../data/prepare.js';

/** The sizes a config's model function is given. */
export function shapesOf({
  log,
  features,
  texts,
}: Pick<Prepared, 'log' | 'features' | 'texts'>): ModelShapes {
  const { categories, features: numeric } = features;
  const map = <T, S>(from: Readonly<Record<string, T>>, size: (value: T) => S) =>
    Object.fromEntries(Object.entries(from).map(([name, value]) => [name, size(value)]));
  return {
    users: log.users.size,
    items: log.items.size,
    categories: map(categories, ({ size }) => ({ size })),
    numeric: map(numeric, ({ cols }) => cols),
    content: map(texts.features, ({ cols }) => cols),
  };
}

/**
 * The model a config asks for.
 *
 * @throws TowerkitError `BAD_CONFIG` when its function throws or returns something else; what the towers throw
 */
export function buildModel({ model }: Pick<ResolvedConfig, 'model'>, shapes: ModelShapes): TwoTower {
  if (!model) return twoTower({ item: itemTower(), user: gruTower() });
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
