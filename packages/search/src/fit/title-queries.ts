import type { CsrMatrix } from '@towerkit/core';
import { type Rng } from '@towerkit/core';

import type { FeatureTable } from '../words/feature-table.js';

/** Words of a title that stand as a query, at most. */
const MOST_WORDS = 4;

/**
 * Queries made of titles: one to four of the words, half of the time those that follow each other. They teach every product of
 * the catalog its own words, also those that nobody judged.
 *
 * @param titles tokens of each, none empty
 * @returns their bags, titles x features
 */
export function titleQueries(
  titles: readonly (readonly string[])[],
  features: FeatureTable,
  rng: Rng,
): CsrMatrix {
  return features.bags(
    titles.map((tokens) => {
      const count = Math.min(tokens.length, 1 + rng.integer(MOST_WORDS));
      if (rng.uniform() < 0.5) {
        const from = rng.integer(tokens.length - count + 1);
        return tokens.slice(from, from + count);
      }
      const places = rng.shuffle(tokens.map((_, place) => place)).slice(0, count);
      return places.sort((a, b) => a - b).map((place) => tokens[place]);
    }),
  );
}
