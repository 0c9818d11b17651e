import { comparePaired, type Comparison, type Estimate } from '@towerkit/metrics';

import { holm } from '../statistics/holm.js';
import type { Measured } from './measure-artifact.js';
import type { Variant } from './variant.js';

/** A variant's figure of one metric over its seeds. */
export interface VariantFigure {
  readonly label: string;
  /** Mean over seeds. */
  readonly value: number;
  /** 95% interval over users of the values that are means over seeds. */
  readonly low: number;
  readonly high: number;
  /** Figure of each seed. */
  readonly seeds: readonly Estimate[];
  /** Standard deviation over seeds; absent for one. */
  readonly deviation?: number;
  /** Against the first variant; absent for the first itself. */
  readonly test?: Comparison & { readonly corrected: number };
}

/** Normal quantile of a 95% interval: users are many. */
const Z = 1.96;

/**
 * Figures of every variant, and a paired test of each against the first: values of a user are first averaged over the seeds of a
 * variant, so that the test is of users, and the spread over seeds stands beside it. Holm's correction is for the number of tests.
 */
export function compareVariants(
  artifacts: readonly Measured[],
  variants: readonly Variant[],
  metric: string,
): VariantFigure[] {
  const values = variants.map(({ members }) =>
    meanOverSeeds(members.map((place) => valuesOf(artifacts[place], metric))),
  );
  const tests = values.slice(1).map((own) => comparePaired(own, values[0], { method: 't' }));
  const corrected = holm(tests.map(({ p }) => p));
  return variants.map(({ label, members }, i) => {
    const seeds = members.map((place) => estimateOf(artifacts[place], metric));
    const { value, low, high } = members.length === 1 ? seeds[0] : intervalOf(values[i]);
    return {
      ...{ label, value, low, high, seeds },
      ...(seeds.length > 1 && { deviation: deviationOf(seeds.map((seed) => seed.value)) }),
      ...(i > 0 && { test: { ...tests[i - 1], corrected: corrected[i - 1] } }),
    };
  });
}

const valuesOf = ({ evaluation: { perUser } }: Measured, metric: string): Float64Array =>
  (perUser as Readonly<Record<string, Float64Array>>)[metric];

const estimateOf = ({ evaluation: { metrics } }: Measured, metric: string): Estimate =>
  (metrics as Readonly<Record<string, Estimate>>)[metric];

function meanOverSeeds(seeds: readonly Float64Array[]): Float64Array {
  return seeds[0].map((_, user) => seeds.reduce((sum, values) => sum + values[user], 0) / seeds.length);
}

function intervalOf(values: Float64Array) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const half = (Z * deviationOf(values)) / Math.sqrt(values.length);
  return { value: mean, low: Math.max(0, mean - half), high: Math.min(1, mean + half) };
}

/** With n - 1. */
function deviationOf(values: ArrayLike<number>): number {
  const list = Array.from(values);
  if (list.length < 2) return 0;
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  return Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (list.length - 1));
}
