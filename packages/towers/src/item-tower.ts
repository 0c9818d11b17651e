import { TowerkitError } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import { glorotUniform, zeros, type Parameters } from './parameters.js';
import { defineTower, type Tower, type TowerInput } from './tower.js';

/** Options of {@link itemTower}. */
export interface ItemTowerOptions {
  /** Width of the item vectors. Default 64. */
  readonly dimensions?: number;
  /** Whether each item has a vector of its own. Default true. */
  readonly id?: boolean;
  /** Standard deviation the item's own vectors start with. Default .02. */
  readonly stddev?: number;
  /**
   * Categories by name with the width of their embedding, such as `{brand: 16}`: some tens at most, and not the number of
   * categories, which sizes the table by itself.
   */
  readonly categories?: Readonly<Record<string, number>>;
  /** Numeric features by name with their width, such as `{price: 1}`. */
  readonly numeric?: Readonly<Record<string, number>>;
  /** Content vectors by name with their width, such as `{title: 384}`. */
  readonly content?: Readonly<Record<string, number>>;
  /** Dropout on the content vectors. Default 0. */
  readonly contentDropout?: number;
  /**
   * What the random maps of categories, numbers and content are multiplied by at the start, from 0 up. Below 1 where there are many:
   * of fifty numbers the sum is some hundred times as long as an item's own vector, which it drowns. Default 1.
   */
  readonly featureScale?: number;
}

/**
 * An item as the sum of what is known of it: its own vector, and a learned linear map of each category's
 * embedding, of its numeric features and of its content vectors. A sum keeps vectors that start elsewhere (from
 * matrix factorisation, say) what they were until training moves them.
 *
 * @returns a tower from the declared inputs to [items, dimensions]
 * @throws TowerkitError `BAD_TOWER` when it would read nothing at all, or for a width that is not 1, 2, ...
 * @example
 * ```ts
 * itemTower({ dimensions: 64, categories: { brand: 16 }, numeric: { price: 2 }, content: { title: 384 } });
 * ```
 */
export function itemTower({
  dimensions = 64,
  id = true,
  stddev = 0.02,
  categories = {},
  numeric = {},
  content = {},
  contentDropout = 0,
  featureScale = 1,
}: ItemTowerOptions = {}): Tower {
  for (const [name, size] of Object.entries({ dimensions, ...categories, ...numeric, ...content }))
    if (!Number.isSafeInteger(size) || size < 1)
      throw new TowerkitError(
        'BAD_TOWER',
        `itemTower: "${name}" cannot have ${JSON.stringify(size)} dimensions`,
        {
          hint:
            name in categories
              ? `write the dimensions of its embedding, such as { ${name}: 16 }; how many categories there are is not asked`
              : 'dimensions are a whole number from 1 up',
        },
      );
  if (!(featureScale >= 0 && featureScale < Infinity))
    throw new TowerkitError(
      'BAD_TOWER',
      `itemTower: featureScale must be a number from 0, got ${featureScale}`,
    );
  const inputs: Record<string, TowerInput> = {};
  if (id) inputs.id = { kind: 'embedding', of: 'id', dimensions, stddev };
  for (const [name, dimensions] of Object.entries(categories))
    inputs[name] = { kind: 'embedding', of: name, dimensions, stddev: 0.1 };
  for (const [name, dimensions] of Object.entries({ ...numeric, ...content }))
    inputs[name] = { kind: 'feature', of: name, dimensions };
  const mapped = Object.keys(inputs).filter((name) => name !== 'id');
  if (Object.keys(inputs).length === 0)
    throw new TowerkitError(
      'BAD_TOWER',
      'an item tower needs an id, a category, a number or content to read',
    );

  return defineTower({
    name: 'item',
    dimensions,
    settings: { contentDropout },
    inputs,
    init(rng) {
      const parameters: Parameters = mapped.length > 0 ? { bias: zeros([dimensions]) } : {};
      for (const name of mapped) {
        const kernel = glorotUniform([inputs[name].dimensions, dimensions], rng);
        if (featureScale !== 1) kernel.data.forEach((value, i) => (kernel.data[i] = featureScale * value));
        parameters[`${name}.kernel`] = kernel;
      }
      return parameters;
    },
    apply(parameters, given, context) {
      const terms: tf.Tensor[] = id ? [given.id] : [];
      for (const name of mapped) {
        const x = name in content ? context.dropout(given[name], contentDropout) : given[name];
        terms.push(tf.matMul(x, parameters[`${name}.kernel`]));
      }
      if (mapped.length > 0) terms.push(parameters.bias);
      return terms.reduce((sum, term) => tf.add(sum, term)) as tf.Tensor2D;
    },
  });
}
