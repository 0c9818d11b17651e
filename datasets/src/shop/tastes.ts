import type { Rng } from '@towerkit/core';

import type { Catalog } from './catalog.js';
import { drawIndex, popularityAt, sum } from './draw.js';
import { DEPARTMENTS } from './words/departments.js';
import { STYLES } from './words/styles.js';

/** What somebody may be after: one department, and in it shelves, a style, brands, a price band, a system. */
export interface Taste {
  readonly department: number;
  /** The two favorite places of four. */
  readonly places: readonly [number, number];
  /** Favorite and second style. */
  readonly styles: readonly [number, number];
  /** The two favorite brands, neighbors in price. */
  readonly brands: readonly [number, number];
  readonly band: number;
  readonly system: number;
  /** How common the taste is, above 0. */
  readonly weight: number;
}

/** How well an item answers a taste, each in [0, 1]. */
export interface Fit {
  readonly style: number;
  readonly brand: number;
  readonly price: number;
}

const TASTES_PER_DEPARTMENT = 3;

/** The tastes there are: five in every department, some common and some rare. */
export function drawTastes(rng: Rng): Taste[] {
  return Array.from({ length: DEPARTMENTS.length * TASTES_PER_DEPARTMENT }, (_, t) => {
    const style = (t + (t % TASTES_PER_DEPARTMENT)) % STYLES.length; // neighbors differ, all styles occur
    const brand = rng.integer(5);
    const place = rng.integer(4);
    return {
      department: Math.floor(t / TASTES_PER_DEPARTMENT),
      places: [place, (place + 1 + rng.integer(3)) % 4],
      styles: [style, (style + 1 + rng.integer(STYLES.length - 1)) % STYLES.length],
      brands: [brand, brand + 1],
      band: Math.min(3, Math.floor(((brand + 0.5) * 4) / 6 + rng.uniform() * 0.8)),
      system: rng.integer(4),
      weight: popularityAt(0.1 + rng.uniform()),
    };
  });
}

const BY_PRICE_GAP = [1, 0.7, 0.4, 0.2];

/** How well item `i` answers `taste`; zeros in another department. */
export function fitOf(taste: Taste, catalog: Catalog, i: number): Fit {
  if (catalog.department[i] !== taste.department) return { style: 0, brand: 0, price: 0 };
  const style = taste.styles.indexOf(catalog.style[i]);
  return {
    style: [0, 1, 0.5][style + 1],
    brand: taste.brands.includes(catalog.brand[i]) ? 1 : 0,
    price: BY_PRICE_GAP[Math.abs(catalog.band[i] - taste.band)],
  };
}

const ELSEWHERE = 0.0015;

/** Weight of every item under one taste, popularity included, adding up to 1; shape [items]. */
export function tasteWeights(taste: Taste, catalog: Catalog): Float64Array {
  const weights = catalog.popularity.map((popularity, i) => {
    if (catalog.department[i] !== taste.department) return popularity * ELSEWHERE;
    const fit = fitOf(taste, catalog, i);
    const place = taste.places.includes(catalog.shelf[i] & 3) ? 1 : 0.4;
    const style = fit.style === 1 ? 1 : fit.style > 0 ? 0.4 : 0.12;
    const brand = fit.brand === 1 ? 1 : 0.35;
    const system = catalog.system[i] < 0 || (catalog.system[i] & 3) === taste.system ? 1 : 0.3;
    return popularity * place * style * brand * fit.price * system;
  });
  const total = sum(weights);
  for (let i = 0; i < weights.length; i++) weights[i] /= total;
  return weights;
}

/** Somebody's mixture of tastes: one to three, their shares adding up to 1. */
export interface Profile {
  readonly tastes: readonly number[];
  readonly shares: readonly number[];
  /** Stars added to every rating, about normal with standard deviation 0.35. */
  readonly generosity: number;
}

/** Draws a person, with at most `most` tastes. */
export function drawProfile(rng: Rng, tastes: readonly Taste[], most: 1 | 3, generosity: number): Profile {
  const left = tastes.map((taste) => taste.weight);
  const count = most === 1 ? 1 : 1 + drawIndex(rng, [7, 8, 5], 20);
  const chosen: number[] = [];
  const shares: number[] = [];
  for (let k = 0; k < count; k++) {
    const taste = drawIndex(rng, left, sum(left));
    left[taste] = 0;
    chosen.push(taste);
    shares.push(1 / (k + 1) + 0.3 * rng.uniform());
  }
  const total = sum(shares);
  return { tastes: chosen, shares: shares.map((share) => share / total), generosity };
}
