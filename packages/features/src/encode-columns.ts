import type { Matrix } from '@towerkit/core';
import {
  encodeBuckets,
  encodeCategorical,
  encodeList,
  encodeLocations,
  encodeNumeric,
  encodeVectors,
  unseenCategories,
  unseenNames,
} from '@towerkit/data';
import type { TextEncoder } from '@towerkit/text';

import type { Encodings } from './encodings.js';
import { flagged, locationsOf } from './fit-features.js';
import { numericColumn } from './numeric-column.js';
import { encodeTexts } from './text/fit-texts.js';
import type { TextEncoding } from './text/text-encoding.js';
import { textsOf } from './text/texts-of.js';

/** A feature that a model reads: the name of its encoding, and the width of its values. */
export interface FeatureInput {
  readonly of: string;
  readonly dimensions: number;
}

/** Rows as a model reads them. */
export interface EncodedColumns {
  readonly count: number;
  /** Codes by category, [count]; 0 for what training did not know. */
  readonly categories: Readonly<Record<string, Int32Array>>;
  /** Values by name, [count, width]. */
  readonly features: Readonly<Record<string, Matrix>>;
  /** By category or list: values that training did not know (or that were rarer than its `minCount`), and how many rows have each. */
  readonly unseen: Readonly<Record<string, ReadonlyMap<string, number>>>;
}

/**
 * Encodes rows that came after the training (new items, requests) exactly as training encoded its own.
 *
 * @param inputs the features that the model reads; other encodings are left out
 * @param column values by the name of a column, [count]; null for a missing value; for a feature that is a vector by its own
 *   name, numbers that `expectedVector` of `@towerkit/data` takes
 * @param openText opens the encoder of a text feature; disposed here
 * @param rowName what a row is called in an error
 * @throws TowerkitError `BAD_VALUE`; what the encoders throw
 */
export async function encodeColumns(
  encodings: Encodings,
  inputs: readonly FeatureInput[],
  count: number,
  column: (name: string) => readonly unknown[],
  openText: (name: string, encoding: TextEncoding) => Promise<TextEncoder>,
  rowName: (row: number) => string = (row) => `row ${row}`,
): Promise<EncodedColumns> {
  const categories: Record<string, Int32Array> = {};
  const unseen: Record<string, ReadonlyMap<string, number>> = {};
  const features: Record<string, Matrix> = {};
  for (const [name, encoding] of Object.entries(encodings)) {
    const input = inputs.find(({ of }) => of === name);
    if (!input) continue;
    if (encoding.kind === 'categorical') {
      const values = column(name);
      categories[name] = encodeCategorical(values, encoding);
      unseen[name] = unseenCategories(values, encoding);
    } else if (encoding.kind === 'buckets')
      categories[name] = encodeBuckets(numericColumn(name, column(name), encoding, rowName), encoding);
    else if (encoding.kind === 'list') {
      const values = column(name);
      features[name] = encodeList(values, encoding);
      unseen[name] = unseenNames(values, encoding);
    } else if (encoding.kind === 'numeric')
      features[name] = flagged(
        encodeNumeric(numericColumn(name, column(name), encoding, rowName), encoding),
        input.dimensions,
      );
    else if (encoding.kind === 'location')
      features[name] = encodeLocations(locationsOf(encoding, column, rowName), encoding);
    else if (encoding.kind === 'vector')
      features[name] = encodeVectors(column(name) as (ArrayLike<number> | null)[], encoding);
    else {
      const text = await openText(name, encoding);
      try {
        features[name] = await encodeTexts(text, textsOf(encoding.columns.map(column)));
      } finally {
        await text.dispose?.();
      }
    }
  }
  return { count, categories, features, unseen };
}
