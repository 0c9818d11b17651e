import { Matrix, TowerkitError } from '@towerkit/core';
import {
  encodeCategorical,
  encodeNumeric,
  fitCategorical,
  fitNumeric,
  type Catalog,
  type CategoricalEncoding,
  type InteractionLog,
  type NumericEncoding,
} from '@towerkit/data';
import type { Entities } from '@towerkit/training';

import type { ResolvedConfig } from '../config/schema.js';

/** How a column of the catalog became a feature: plain JSON, kept in the artifact so that new items can be encoded. */
export type FeatureEncoding = CategoricalEncoding | NumericEncoding;

/** Item features as a model reads them, and how they were made. */
export interface ItemFeatures {
  readonly items: Entities;
  readonly encodings: Readonly<Record<string, FeatureEncoding>>;
}

/** Row of the catalog for each item of the log, -1 for an item it lacks: [items]. */
export const catalogRows = ({ items }: InteractionLog, catalog: Catalog): Int32Array =>
  Int32Array.from(items.names, (name) => catalog.items.indexOf(name) ?? -1);

/**
 * Reads columns of the catalog by name, one value for each item of the log, null for an item that the catalog lacks.
 *
 * @throws TowerkitError `MISSING_COLUMN` listing what the catalog has
 */
export function catalogColumns(
  log: InteractionLog,
  catalog: Catalog | undefined,
): (name: string) => unknown[] {
  const rows = catalog && catalogRows(log, catalog);
  return (name) => {
    const found = catalog?.table.columnNames() ?? [];
    if (!found.includes(name))
      throw new TowerkitError('MISSING_COLUMN', `data.features: the catalog has no column "${name}"`, {
        hint: found.length > 0 ? `it has ${found.join(', ')}` : 'the data set has no catalog',
        details: { column: name, found },
      });
    const values = catalog!.table.array(name) as ArrayLike<unknown>;
    return Array.from(rows!, (row) => (row < 0 ? null : values[row]));
  };
}

/**
 * Encodes the catalog columns the config asks for, learnt from the items seen in training.
 *
 * @param seen how often each item stands in training, [items]
 * @throws TowerkitError `MISSING_COLUMN` listing what the catalog has; `BAD_VALUE`
 */
export function buildFeatures(
  log: InteractionLog,
  catalog: Catalog | undefined,
  wanted: ResolvedConfig['data']['features'],
  seen: Int32Array,
): ItemFeatures {
  const column = catalogColumns(log, catalog);
  const trained: number[] = [];
  seen.forEach((times, item) => times > 0 && trained.push(item));
  const categories: Record<string, { codes: Int32Array; size: number }> = {};
  const features: Record<string, Matrix> = {};
  const encodings: Record<string, FeatureEncoding> = {};
  for (const [name, { minCount }] of Object.entries(wanted.categories)) {
    const values = column(name);
    const encoding = fitCategorical(values, { minCount, rows: trained });
    categories[name] = { codes: encodeCategorical(values, encoding), size: encoding.names.length };
    encodings[name] = encoding;
  }
  for (const [name, { transform }] of Object.entries(wanted.numeric)) {
    const values = column(name);
    const encoding = fitNumeric(values, { transform, rows: trained });
    features[name] = flagged(encodeNumeric(values, encoding));
    encodings[name] = encoding;
  }
  return { items: { categories, features }, encodings };
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
