import { TowerkitError } from './errors.js';
import { shown } from './shown.js';

type Transform = 'none' | 'log1p';

/** How numbers become inputs of a model; plain JSON, so that it can be saved with a model. */
export interface NumericEncoding {
  readonly kind: 'numeric';
  /** `log1p` takes ln(1 + x), for prices and counts. */
  readonly transform: Transform;
  /** Subtracted after the transform; 0 without standardizing. */
  readonly mean: number;
  /** Divided by after that: the population's standard deviation; 1 without standardizing or variation. */
  readonly deviation: number;
}

/**
 * Learns to bring a column of numbers to mean 0 and standard deviation 1.
 *
 * @param values a column such as `table.array('price')`; null, undefined and NaN are missing
 * @param options.transform default `none`
 * @param options.standardize default true
 * @param options.rows rows to learn from, such as the items seen in training; default all
 * @throws TowerkitError `BAD_VALUE` naming the row of what is no number, more than 32 bits hold, or -1 or less under
 *   `log1p`
 */
export function fitNumeric(
  values: ArrayLike<unknown>,
  {
    transform = 'none',
    standardize = true,
    rows,
  }: { transform?: Transform; standardize?: boolean; rows?: ArrayLike<number> } = {},
): NumericEncoding {
  if (!standardize) return { kind: 'numeric', transform, mean: 0, deviation: 1 };
  const length = rows?.length ?? values.length;
  let count = 0;
  let mean = 0;
  let squares = 0; // of differences from the mean so far: Welford 1962
  for (let k = 0; k < length; k++) {
    const row = rows ? rows[k] : k;
    const value = transformed(values[row], transform, row);
    if (Number.isNaN(value)) continue;
    const difference = value - mean;
    mean += difference / ++count;
    squares += difference * (value - mean);
  }
  const deviation = count > 0 ? Math.sqrt(squares / count) : 0;
  return { kind: 'numeric', transform, mean, deviation: deviation > 1e-12 * Math.abs(mean) ? deviation : 1 };
}

/**
 * Applies an encoding.
 *
 * @returns `values`, shape [rows], 0 (the mean) where missing, and `missing`, shape [rows], 1 where missing
 * @throws TowerkitError `BAD_VALUE` as {@link fitNumeric}
 */
export function encodeNumeric(
  values: ArrayLike<unknown>,
  { transform, mean, deviation }: NumericEncoding,
): { values: Float32Array; missing: Uint8Array } {
  const out = new Float32Array(values.length);
  const missing = new Uint8Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = transformed(values[row], transform, row);
    if (Number.isNaN(value)) missing[row] = 1;
    else out[row] = (value - mean) / deviation;
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
const LARGEST = 3.4028234663852886e38;

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
