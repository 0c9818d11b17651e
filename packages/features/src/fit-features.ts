import { Matrix } from '@towerkit/core';
import {
  encodeCategorical,
  encodeNumeric,
  fitCategorical,
  fitNumeric,
  type Catalog,
  type InteractionLog,
} from '@towerkit/data';

import { catalogColumns } from './catalog-columns.js';
import type { FeatureEncoding } from './encodings.js';
import { numericColumn } from './numeric-column.js';

/** Which columns of a catalog become features, by name. */
export interface WantedFeatures {
  readonly categories: Readonly<Record<string, { readonly minCount: number }>>;
  readonly numeric: Readonly<Record<string, { readonly transform: 'none' | 'log1p' }>>;
}

/** Features of the items as a model reads them, and how they were made. */
export interface ItemFeatures {
  /** Codes of each category, [items], and how many codes there are (code 0: unknown). */
  readonly categories: Readonly<Record<string, { readonly codes: Int32Array; readonly size: number }>>;
  /** Numbers, [items, 1], or [items, 2] where a flag for missing values comes second. */
  readonly features: Readonly<Record<string, Matrix>>;
  readonly encodings: Readonly<Record<string, FeatureEncoding>>;
}

/**
 * Encodes columns of the catalog; encodings are learned from the items with training rows.
 *
 * @param seen training rows of each item, [items]
 * @throws TowerkitError `MISSING_COLUMN` listing what the catalog has; `BAD_VALUE`
 */
export function fitFeatures(
  log: Pick<InteractionLog, 'items'>,
  catalog: Catalog | undefined,
  wanted: WantedFeatures,
  seen: Int32Array,
): ItemFeatures {
  const column = catalogColumns(log, catalog);
  const rows: number[] = [];
  seen.forEach((times, item) => times > 0 && rows.push(item));
  const categories: Record<string, { codes: Int32Array; size: number }> = {};
  const features: Record<string, Matrix> = {};
  const encodings: Record<string, FeatureEncoding> = {};
  for (const [name, { minCount }] of Object.entries(wanted.categories)) {
    const values = column(name);
    const encoding = fitCategorical(values, { minCount, rows });
    categories[name] = { codes: encodeCategorical(values, encoding), size: encoding.names.length };
    encodings[name] = encoding;
  }
  for (const [name, { transform }] of Object.entries(wanted.numeric)) {
    const values = numericColumn(name, column(name), transform, (row) => `item "${log.items.nameOf(row)}"`);
    const encoding = fitNumeric(values, { transform, rows });
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
