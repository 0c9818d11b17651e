import { TowerkitError } from './errors.js';
import { shown } from './shown.js';

type Transform = 'none' | 'log1p';

/** How numbers become inputs of a model; plain JSON, so that it can be saved with a model. */
export interface NumericEncoding {
  readonly kind: 'numeric';
  /** `log1p` takes ln(1 + x), for prices and counts. */
  readonly transform: Transform;
  /** Subtracted after the transform: the mean, under `min-max` the least value, 0 without scaling. */
  readonly mean: number;
  /** Divided by after that: the population's standard deviation, under `min-max` the range; 1 without scaling or variation. */
  readonly deviation: number;
  /** What a missing value becomes, the mean; 0 where absent. */
  readonly fill?: number;
}

/** Mean 0 and deviation 1, from 0 to 1 over the rows learned from, or as it is. */
export type Scale = 'standard' | 'min-max' | 'none';

/**
 * Learns to bring a column of numbers to mean 0 and standard deviation 1, or into [0, 1].
 *
 * @param values a column such as `table.array('price')`; null, undefined and NaN are missing
 * @param options.transform default `none`
 * @param options.scale default `standard`
 * @param options.rows rows to learn from, such as the items seen in training; default all
 * @throws TowerkitError `BAD_VALUE` naming the row of what is no number, more than 32 bits hold, or -1 or less under
 *   `log1p`
 */
export function fitNumeric(
  values: ArrayLike<unknown>,
  {
    transform = 'none',
    scale = 'standard',
    rows,
  }: { transform?: Transform; scale?: Scale; rows?: ArrayLike<number> } = {},
): NumericEncoding {
  if (scale === 'none') return { kind: 'numeric', transform, mean: 0, deviation: 1 };
  const length = rows?.length ?? values.length;
  let count = 0;
  let mean = 0;
  let squares = 0; // of differences from the mean so far: Welford 1962
  let [least, greatest] = [Infinity, -Infinity];
  for (let k = 0; k < length; k++) {
    const row = rows ? rows[k] : k;
    const value = transformed(values[row], transform, row);
    if (Number.isNaN(value)) continue;
    const difference = value - mean;
    mean += difference / ++count;
    squares += difference * (value - mean);
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  if (scale === 'min-max') {
    if (!(greatest > least)) return { kind: 'numeric', transform, mean: count > 0 ? least : 0, deviation: 1 };
    const range = greatest - least;
    return { kind: 'numeric', transform, mean: least, deviation: range, fill: (mean - least) / range };
  }
  const deviation = count > 0 ? Math.sqrt(squares / count) : 0;
  return { kind: 'numeric', transform, mean, deviation: deviation > 1e-12 * Math.abs(mean) ? deviation : 1 };
}

/**
 * Applies an encoding.
 *
 * @returns `values`, shape [rows], the mean where missing, and `missing`, shape [rows], 1 where missing
 * @throws TowerkitError `BAD_VALUE` as {@link fitNumeric}
 */
export function encodeNumeric(
  values: ArrayLike<unknown>,
  { transform, mean, deviation, fill = 0 }: NumericEncoding,
): { values: Float32Array; missing: Uint8Array } {
  const out = new Float32Array(values.length);
  const missing = new Uint8Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = transformed(values[row], transform, row);
    if (Number.isNaN(value)) missing[row] = 1;
    out[row] = missing[row] ? fill : (value - mean) / deviation;
    if (!Number.isFinite(out[row]))
      throw new TowerkitError('BAD_VALUE', `row ${row}: ${String(values[row])} is too far from the others`, {
        details: { row, value: values[row] },
      });
  }
  return { values: out, missing };
}

function transformed(value: unknown, transform: Transform, row: number): number {
  if (isMissing(value)) return NaN;
  const expected = expectedNumber(value, transform);
  if (expected !== undefined)
    throw new TowerkitError('BAD_VALUE', `row ${row}: ${shown(value)} is not ${expected}`, {
      details: { row, value },
    });
  return transform === 'log1p' ? Math.log1p(value as number) : (value as number);
}

/** The largest number of 32 bits, which is what models compute in. */
export const LARGEST = 3.4028234663852886e38;

const isMissing = (value: unknown) => value == null || Number.isNaN(value);

/**
 * Says what a numeric feature takes, for a message about a value that it does not take.
 *
 * @returns `undefined` for a value that it takes, or that is missing (null or NaN)
 *
 * @example
 * ```ts
 * expectedNumber(-5, 'log1p'); // 'a finite number above -1'
 * ```
 */
export function expectedNumber(value: unknown, transform: Transform): string | undefined {
  if (isMissing(value)) return undefined;
  const holds =
    typeof value === 'number' && Math.abs(value) <= LARGEST && (transform === 'none' || value > -1);
  if (holds) return undefined;
  return transform === 'log1p' ? 'a finite number above -1' : 'a finite number of 32 bits';
}
