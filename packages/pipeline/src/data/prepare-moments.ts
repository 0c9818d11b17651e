import { Matrix } from '@towerkit/core';
import { takeColumns, type InteractionLog, type RowColumns, type Split } from '@towerkit/data';
import { fitColumns, type EntityFeatures, type TimeReading } from '@towerkit/features';
import type { Entities } from '@towerkit/training';

import { badConfig } from '../config/check-config.js';
import type { ResolvedConfig } from '../config/schema.js';
import { momentColumnsOf, timeReading } from './moment-columns.js';

/** What is known of the moments of a log's rows. */
export interface PreparedMoments {
  /** Columns by name, as they were read, [rows of the log] each. */
  readonly columns: RowColumns;
  /** The same as a model reads them, a row for each of the log; learned from training rows. */
  readonly features: EntityFeatures;
  /** Which columns are parts of the time; absent if none. */
  readonly time?: TimeReading;
  /** Rows of the log behind the entries of each part of the split. */
  readonly rows: NonNullable<Split['rows']>;
}

/**
 * Gathers what a config reads of moments, and encodes it; encodings are learned from training rows.
 *
 * @throws TowerkitError `BAD_CONFIG` for a set that comes split in files, for columns or times that the log does not have; what
 *   encoding throws
 */
export function prepareMoments(
  { moment }: ResolvedConfig['data'],
  log: InteractionLog,
  { rows }: Split,
): PreparedMoments | undefined {
  if (!moment) return undefined;
  if (!rows)
    throw badConfig(
      'data.moment: the set comes split in files, whose rows are not read as moments; say how to split it: split',
    );
  const columns = momentColumnsOf(log, moment);
  const { categories, ...features } = moment.features;
  const parts = (moment.time ?? []).map((part) => [part, { minCount: 1 }]);
  const time = timeReading(moment);
  return {
    columns,
    features: fitColumns(
      {
        of: 'moment',
        column: (name) => columns[name],
        rowName: (row) => `row ${row} of the interactions, by user and time`,
      },
      { ...features, categories: { ...categories, ...Object.fromEntries(parts) } },
      rows.train,
    ),
    ...(time && { time }),
    rows,
  };
}

/** Moments of some rows of the log, in that order, for training and for what is asked. */
export const momentsAt = (
  { features: { categories, features } }: PreparedMoments,
  rows: Int32Array,
): Entities => ({
  categories: Object.fromEntries(
    Object.entries(categories).map(([name, { codes, size }]) => [
      name,
      { codes: rows.map((row) => codes[row]), size },
    ]),
  ),
  features: Object.fromEntries(
    Object.entries(features).map(([name, { cols, data }]) => {
      const taken = new Matrix(rows.length, cols);
      rows.forEach((row, place) => taken.row(place).set(data.subarray(row * cols, (row + 1) * cols)));
      return [name, taken];
    }),
  ),
});

/** What was read of the moments of the held-back parts, for the artifact: by the entries of each part. */
export const heldMoments = ({ columns, rows: { validation, test } }: PreparedMoments) => ({
  validation: takeColumns(columns, validation),
  ...(test && { test: takeColumns(columns, test) }),
});
