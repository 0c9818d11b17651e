import { Matrix } from '@towerkit/core';
import {
  bucketCount,
  encodeBuckets,
  encodeCategorical,
  encodeList,
  encodeNumeric,
  fitBuckets,
  fitCategorical,
  fitList,
  encodeLocations,
  fitNumeric,
  locationEncoding,
  placesOf,
  type LocationEncoding,
  type Scale,
} from '@towerkit/data';

import type { FeatureEncoding } from './encodings.js';
import { TowerkitError } from './errors.js';
import { numericColumn } from './numeric-column.js';
import { columnsOf, type FeatureOf, type Side } from './side.js';

/** How numbers become inputs: scaled, or in `buckets`, which are a category. */
export interface WantedNumber {
  readonly transform?: 'none' | 'log1p';
  /** Default `standard`. */
  readonly scale?: Scale;
  /** Whether a second value flags missing ones. By default where there are any. */
  readonly missing?: boolean;
  /** Number of buckets of about equally many rows; then nothing else is said. */
  readonly buckets?: number;
}

/** How lists of names in a cell become inputs: a number for each name. */
export interface WantedList {
  /** What stands between two names. Default `|`. */
  readonly separator?: string;
  /** Whether a row adds up to 1, or each of its names is 1. Default `mean`. */
  readonly pool?: 'mean' | 'sum';
  /** Rarer names are left out. Default 1. */
  readonly minCount?: number;
  /** Names at most, the most frequent. Default 256. */
  readonly most?: number;
}

/** How coordinates become inputs whose inner products fall with the distance; see `LocationEncoding` of `@towerkit/data`. */
export type WantedLocation = Pick<LocationEncoding, 'latitude' | 'longitude' | 'unknown'> &
  Partial<Pick<LocationEncoding, 'lengths' | 'waves'>>;

/** Which columns of a table become features, by name. */
export interface WantedFeatures {
  readonly categories: Readonly<Record<string, { readonly minCount: number }>>;
  readonly numeric: Readonly<Record<string, WantedNumber>>;
  /** Dates, as numbers. */
  readonly dates?: Readonly<Record<string, Omit<WantedNumber, 'transform'>>>;
  readonly lists?: Readonly<Record<string, WantedList>>;
  readonly locations?: Readonly<Record<string, WantedLocation>>;
}

/** Features of the items, of the users, or of moments, as a model reads them, and how they were made. */
export interface EntityFeatures {
  /** Codes of each category, [items], and how many codes there are (code 0: unknown). */
  readonly categories: Readonly<Record<string, { readonly codes: Int32Array; readonly size: number }>>;
  /** Numbers, [items, 1], or [items, 2] where a flag for missing values comes second; lists, [items, names]; locations, [items, width]. */
  readonly features: Readonly<Record<string, Matrix>>;
  readonly encodings: Readonly<Record<string, FeatureEncoding>>;
}

/**
 * Encodes columns of a table; encodings are learned from the items, or users, with training rows.
 *
 * @param seen training rows of each, [items]
 * @throws TowerkitError `MISSING_COLUMN` listing what the table has; `BAD_VALUE`; `EMPTY_DATA` for lists without a name
 */
export function fitFeatures(side: Side, wanted: WantedFeatures, seen: Int32Array): EntityFeatures {
  const rows: number[] = [];
  seen.forEach((times, row) => times > 0 && rows.push(row));
  const rowName = (row: number) => `${side.what} "${side.names.nameOf(row)}"`;
  return fitColumns({ of: side.what, column: columnsOf(side), rowName }, wanted, rows);
}

/** Columns that features are made of, one value for each item, user or moment. */
export interface FeatureColumns {
  readonly of: FeatureOf;
  /** The values of a column, [rows]. */
  readonly column: (name: string) => ArrayLike<unknown>;
  /** What a row is called in an error. */
  readonly rowName: (row: number) => string;
}

/**
 * Encodes columns; encodings are learned from some of the rows.
 *
 * @param rows those to learn from, such as the training rows
 * @throws TowerkitError as {@link fitFeatures}; what `column` throws
 */
export function fitColumns(
  { of, column, rowName }: FeatureColumns,
  wanted: WantedFeatures,
  rows: ArrayLike<number>,
): EntityFeatures {
  const categories: Record<string, { codes: Int32Array; size: number }> = {};
  const features: Record<string, Matrix> = {};
  const encodings: Record<string, FeatureEncoding> = {};
  for (const [name, { minCount }] of Object.entries(wanted.categories)) {
    const values = column(name);
    const encoding = fitCategorical(values, { minCount, rows });
    categories[name] = { codes: encodeCategorical(values, encoding), size: encoding.names.length };
    encodings[name] = encoding;
  }
  const addNumber = (
    name: string,
    { buckets, scale, missing, ...reading }: WantedNumber & { date?: true },
  ) => {
    const values = numericColumn(name, column(name), reading, rowName);
    const date = reading.date && { date: true };
    if (buckets !== undefined) {
      const encoding = { ...fitBuckets(values, { buckets, rows }), ...date };
      categories[name] = { codes: encodeBuckets(values, encoding), size: bucketCount(encoding) };
      encodings[name] = encoding;
      return;
    }
    const encoding = { ...fitNumeric(values, { ...reading, scale, rows }), ...date };
    features[name] = flagged(
      encodeNumeric(values, encoding),
      missing === undefined ? undefined : missing ? 2 : 1,
    );
    encodings[name] = encoding;
  };
  for (const [name, wish] of Object.entries(wanted.numeric)) addNumber(name, wish);
  for (const [name, wish] of Object.entries(wanted.dates ?? {})) addNumber(name, { ...wish, date: true });
  for (const [name, wish] of Object.entries(wanted.lists ?? {})) {
    const values = column(name);
    const encoding = fitList(values, { ...wish, rows });
    if (encoding.names.length === 0)
      throw new TowerkitError('EMPTY_DATA', `column "${name}": no ${of} in training has a name in it`, {
        hint: 'see that the separator is the one of the file, and minCount not above all counts',
        details: { column: name },
      });
    features[name] = encodeList(values, encoding);
    encodings[name] = encoding;
  }
  for (const [name, wish] of Object.entries(wanted.locations ?? {})) {
    const encoding = locationEncoding(wish);
    features[name] = encodeLocations(locationsOf(encoding, column, rowName), encoding);
    encodings[name] = encoding;
  }
  return { categories, features, encodings };
}

/** The places that two columns hold. @throws TowerkitError `BAD_VALUE` */
export function locationsOf(
  encoding: LocationEncoding,
  column: (name: string) => ArrayLike<unknown>,
  rowName: (row: number) => string,
): ReturnType<typeof placesOf> {
  const degrees = (name: string) => numericColumn(name, column(name), {}, rowName);
  return placesOf(degrees(encoding.latitude), degrees(encoding.longitude), encoding, rowName);
}

/** The values, with a second column that flags the missing ones where there are any, or where the width asks for it. */
export function flagged(
  { values, missing }: { values: Float32Array; missing: Uint8Array },
  width = missing.includes(1) ? 2 : 1,
): Matrix {
  if (width === 1) return new Matrix(values.length, 1, values);
  const matrix = new Matrix(values.length, 2);
  for (let row = 0; row < values.length; row++) {
    matrix.data[2 * row] = values[row];
    matrix.data[2 * row + 1] = missing[row];
  }
  return matrix;
}
