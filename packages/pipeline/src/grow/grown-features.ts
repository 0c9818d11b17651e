import type { VerifiedArtifact } from '@towerkit/artifact';
import type { Table } from '@towerkit/data';
import { encodeColumns, reopenEncoder, textPlaces, type Encodings, type Side } from '@towerkit/features';
import type { Category, Entities } from '@towerkit/training';
import type { TwoTowerFacts } from '@towerkit/recommend';

import type { Sizes } from '../fit/build-model.js';

/** A column of a table for the rows that were there and for new ones; null where nothing is known. */
export type GrownColumns = (name: string) => readonly unknown[];

/**
 * A table's columns with those of new rows behind them.
 *
 * @param more columns of new rows by name, [count] each; nulls where it has none
 */
export const grownColumns =
  (
    table: Table | undefined,
    rows: number,
    count: number,
    more: (name: string) => readonly unknown[] | undefined,
  ): GrownColumns =>
  (name) => {
    const old = table && name in table.columns ? Array.from(table.columns[name] as ArrayLike<unknown>) : [];
    const known = old.length > 0 ? old : new Array<null>(rows).fill(null);
    const all = [...known, ...(more(name) ?? new Array<null>(count).fill(null))];
    return all.map((value) => (Number.isNaN(value) ? null : value));
  };

/** A side of a model that was trained before, and what is known of its rows now. */
export interface GrownSide {
  readonly what: Side['what'];
  readonly encodings: Encodings;
  /** What the tower reads of them. */
  readonly inputs: TwoTowerFacts['itemInputs'];
  /** Items, or users, those that are new included. */
  readonly count: number;
  readonly columns: GrownColumns;
}

/**
 * Features of all items, or users, as the artifact's training encoded its own.
 *
 * @param tables rows of each of the model's tables, by the name of the input
 */
export async function grownFeatures(
  artifact: VerifiedArtifact,
  { what, encodings, inputs, count, columns }: GrownSide,
  tables: (input: string) => number | undefined,
  options: { readonly models?: string; readonly threads?: number },
): Promise<Entities> {
  const read = Object.values(inputs).flatMap((input) =>
    input.kind === 'history' || input.of === 'id' ? [] : { of: input.of, dimensions: input.dimensions },
  );
  const { folder } = artifact;
  const encoded = await encodeColumns(encodings, read, count, columns, (name, encoding) =>
    reopenEncoder(folder, name, encoding, textPlaces(folder, options), {
      of: what,
      threads: options.threads,
    }),
  );
  const categories: Record<string, Category> = {};
  for (const [name, input] of Object.entries(inputs)) {
    const codes = input.kind === 'embedding' && input.of !== 'id' ? encoded.categories[input.of] : undefined;
    const size = tables(name);
    if (codes && size !== undefined && input.kind === 'embedding') categories[input.of] = { codes, size };
  }
  return { categories, features: encoded.features };
}

/** Sizes of features, as a config's function of a model is given them. */
export function sizesFrom(encodings: Encodings, { categories = {}, features = {} }: Entities): Sizes {
  const widths = (isText: boolean) =>
    Object.fromEntries(
      Object.entries(features)
        .filter(([name]) => (encodings[name]?.kind === 'text') === isText)
        .map(([name, { cols }]) => [name, cols]),
    );
  return {
    categories: Object.fromEntries(Object.entries(categories).map(([name, { size }]) => [name, { size }])),
    numeric: widths(false),
    content: widths(true),
    vectors: {},
  };
}
