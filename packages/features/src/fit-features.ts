import { Matrix } from '@towerkit/core';
import { encodeCategorical, encodeNumeric, fitCategorical, fitNumeric } from '@towerkit/data';

import type { FeatureEncoding } from './encodings.js';
import { numericColumn, type NumberReading } from './numeric-column.js';
import { columnsOf, type Side } from './side.js';

/** Which columns of a table become features, by name. */
export interface WantedFeatures {
  readonly categories: Readonly<Record<string, { readonly minCount: number }>>;
  readonly numeric: Readonly<Record<string, { readonly transform: 'none' | 'log1p' }>>;
  /** Dates, as numbers. */
  readonly dates?: Readonly<Record<string, object>>;
}

/** Features of the items, or of the users, as a model reads them, and how they were made. */
export interface EntityFeatures {
  /** Codes of each category, [items], and how many codes there are (code 0: unknown). */
  readonly categories: Readonly<Record<string, { readonly codes: Int32Array; readonly size: number }>>;
  /** Numbers, [items, 1], or [items, 2] where a flag for missing values comes second. */
  readonly features: Readonly<Record<string, Matrix>>;
  readonly encodings: Readonly<Record<string, FeatureEncoding>>;
}

/**
 * Encodes columns of a table; encodings are learned from the items, or users, with training rows.
 *
 * @param seen training rows of each, [items]
 * @throws TowerkitError `MISSING_COLUMN` listing what the table has; `BAD_VALUE`
 */
export function fitFeatures(side: Side, wanted: WantedFeatures, seen: Int32Array): EntityFeatures {
  const column = columnsOf(side);
  const rows: number[] = [];
  seen.forEach((times, row) => times > 0 && rows.push(row));
  const categories: Record<string, { codes: Int32Array; size: number }> = {};
  const features: Record<string, Matrix> = {};
  const encodings: Record<string, FeatureEncoding> = {};
  for (const [name, { minCount }] of Object.entries(wanted.categories)) {
    const values = column(name);
    const encoding = fitCategorical(values, { minCount, rows });
    categories[name] = { codes: encodeCategorical(values, encoding), size: encoding.names.length };
    encodings[name] = encoding;
  }
  const numbers: [string, NumberReading][] = [
    ...Object.entries(wanted.numeric),
    ...Object.keys(wanted.dates ?? {}).map((name): [string, NumberReading] => [
      name,
      { transform: 'none', date: true },
    ]),
  ];
  for (const [name, reading] of numbers) {
    const rowName = (row: number) => `${side.what} "${side.names.nameOf(row)}"`;
    const values = numericColumn(name, column(name), reading, rowName);
    const encoding = { ...fitNumeric(values, { ...reading, rows }), ...(reading.date && { date: true }) };
    features[name] = flagged(encodeNumeric(values, encoding));
    encodings[name] = encoding;
  }
  return { categories, features, encodings };
}

/** The values, with a second column that flags the missing ones where there are any, or where the width asks for it. */
export function flagged(
  { values, missing }: { values: Float32Array; missing: Uint8Array },
  width = missing.includes(1) ? 2 : 1,
): Matrix {
  if (width === 1) return new Matrix(values.length, 1, values);
  const matrix = new Matrix(values.length, 2);
  values.forEach((value, row) => matrix.row(row).set([value, missing[row]]));
  return matrix;
}
