import type { Rng } from '@towerkit/core';

import { bell } from './draw.js';
import type { ShopSecrets } from './secrets.js';
import { fitOf, type Fit, type Profile } from './tastes.js';

/** How well an item answers somebody: the fit to that one of their tastes which it answers best. */
export function bestFit({ tastes, catalog }: ShopSecrets, profile: Profile, item: number): Fit {
  let best: Fit = { style: 0, brand: 0, price: 0 };
  for (const taste of profile.tastes) {
    const fit = fitOf(tastes[taste], catalog, item);
    if (match(fit) > match(best)) best = fit;
  }
  return best;
}

const match = (fit: Fit) => 0.5 * fit.style + 0.3 * fit.brand + 0.2 * fit.price;

/**
 * Stars for an item, 1 to 5: 3.1, plus 1.6 x fit, plus 0.8 x the item's quality, plus the person's generosity,
 * plus noise of standard deviation 0.6, rounded.
 */
export function rate(rng: Rng, secrets: ShopSecrets, profile: Profile, item: number): number {
  const fit = match(bestFit(secrets, profile, item));
  const quality = secrets.catalog.quality[item];
  const stars = 3.1 + 1.6 * fit + 0.8 * quality + profile.generosity + 0.6 * bell(rng);
  return Math.min(5, Math.max(1, Math.floor(stars + 0.5)));
}
