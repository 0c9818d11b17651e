import type { Rng } from '@towerkit/core';

import {
  drawPoint,
  placeOf,
  valueAt,
  type Dimension,
  type NumberDimension,
  type Point,
  type Space,
} from './space.js';

/** A point that was tried, and what it came to: higher is better. */
export interface Tried {
  readonly point: Point;
  readonly value: number;
}

/** Settings of {@link proposePoint}. */
export interface TpeOptions {
  /** Points drawn uniformly before the search begins. Default 8. */
  readonly startup?: number;
  /** Share of the points that count as good. Default .15. */
  readonly good?: number;
  /** Points drawn of which the most promising is taken. Default 24. */
  readonly candidates?: number;
}

/**
 * The next point to try by the tree-structured Parzen estimator (Bergstra et al. 2011): points tried so far are parted in good and
 * others, each dimension gets a density of both, and of some points drawn from the good ones' density the one is taken whose ratio
 * of densities is highest. Dimensions count apart from each other.
 */
export function proposePoint(
  space: Space,
  tried: readonly Tried[],
  rng: Rng,
  { startup = 8, good = 0.15, candidates = 24 }: TpeOptions = {},
): Point {
  if (tried.length < startup) return drawPoint(space, rng);
  const ordered = [...tried].sort((a, b) => b.value - a.value);
  const count = Math.max(1, Math.ceil(good * ordered.length));
  const parts = [ordered.slice(0, count), ordered.slice(count)];
  return Object.fromEntries(
    Object.entries(space).map(([path, dimension]) => {
      const [better, worse] = parts.map((part) =>
        densityOf(
          dimension,
          part.map(({ point }) => point[path]),
        ),
      );
      let [best, highest] = [better.draw(rng), -Infinity];
      for (let i = 0; i < candidates; i++) {
        const place = better.draw(rng);
        const ratio = Math.log(better.at(place)) - Math.log(worse.at(place));
        if (ratio > highest) [best, highest] = [place, ratio];
      }
      return [path, valueAt(dimension, best)];
    }),
  );
}

/** A density over places in [0, 1). */
interface Density {
  draw(rng: Rng): number;
  at(place: number): number;
}

const densityOf = (dimension: Dimension, values: readonly unknown[]): Density =>
  'choice' in dimension
    ? ofChoices(dimension.choice, values)
    : ofNumbers(dimension, values as readonly number[]);

/** How often each was taken, one more for each. */
function ofChoices(choice: readonly unknown[], values: readonly unknown[]): Density {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  const weights = choice.map((one) => 1 + values.filter((value) => same(one, value)).length);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const indexOf = (place: number) => Math.min(choice.length - 1, Math.floor(place * choice.length));
  return {
    draw(rng) {
      let left = rng.uniform() * total;
      const index = weights.findIndex((weight) => (left -= weight) < 0);
      return ((index < 0 ? choice.length - 1 : index) + 0.5) / choice.length;
    },
    at: (place) => (weights[indexOf(place)] / total) * choice.length,
  };
}

/** A normal kernel around each value, half as wide as the wider gap to its neighbors, and one uniform share, on [0, 1]. */
function ofNumbers(dimension: NumberDimension, values: readonly number[]): Density {
  const centers = values.map((value) => placeOf(dimension, value)).sort((a, b) => a - b);
  const widths = centers.map((center, i) => {
    const gaps = [center - (centers[i - 1] ?? 0), (centers[i + 1] ?? 1) - center];
    return Math.min(0.5, Math.max(0.1, 1 / (1 + centers.length), 0.5 * Math.max(...gaps)));
  });
  return {
    draw(rng) {
      const kernel = rng.integer(centers.length + 1);
      if (kernel === centers.length) return rng.uniform();
      for (let attempt = 0; attempt < 32; attempt++) {
        const place = centers[kernel] + widths[kernel] * rng.normal();
        if (place >= 0 && place < 1) return place;
      }
      return Math.min(0.999999, centers[kernel]);
    },
    at(place) {
      let sum = 1;
      centers.forEach((center, i) => {
        const z = (place - center) / widths[i];
        sum += Math.exp(-0.5 * z * z) / (widths[i] * Math.sqrt(2 * Math.PI));
      });
      return sum / (centers.length + 1);
    },
  };
}
