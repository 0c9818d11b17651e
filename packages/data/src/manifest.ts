import type { ExtractedColumn } from './extract-column.js';
import type { CatalogColumns } from './read-catalog.js';
import type { FeatureKind } from './column-types.js';
import type { ReadEntitiesOptions } from './read-entities.js';
import type { InteractionColumns } from './interaction-columns.js';
import type { RecordFormat } from './source.js';

/** What a public data set is and how to read it: enough for a machine to read it and a person to get it. */
export interface DatasetManifest {
  /** Short stable name, such as `ml-100k`. */
  readonly name: string;
  readonly title: string;
  /** Where a person gets it. */
  readonly homepage: string;
  readonly license: string;
  /** What to cite. */
  readonly citation?: string;
  /** Files by which the set is recognized, named relative to its folder. */
  readonly files: readonly { readonly name: string; readonly sha256?: string }[];
  /** Absent where a set has no pairs of users and items. */
  readonly interactions?: RecordFormat & {
    readonly file: string;
    /** Files of the same form with what was held back, where the set comes split: `file` is then for training. */
    readonly heldBack?: { readonly validation: string; readonly test?: string };
    /** Not for `sequences`. */
    readonly columns?: InteractionColumns;
    readonly timeUnit?: 'seconds' | 'minutes';
    /** Columns of what is known of the moment, by the names that configs know them by. */
    readonly moment?: Readonly<Record<string, string>>;
  };
  /** Where products were judged for queries, of a set for search. */
  readonly judgments?: RecordFormat & {
    readonly file: string;
    readonly columns: { readonly query: string; readonly product: string; readonly label: string };
    /** Gain of each label from 0 to 1, or the labels of a gain of 0 and of 1 with all between them. */
    readonly labels:
      | { readonly table: Readonly<Record<string, number>> }
      | { readonly range: readonly [low: number, high: number] };
    /** Gain from which on a product is relevant. Default .65. */
    readonly relevant?: number;
    /** Only rows with these values, by the names of the columns. */
    readonly only?: Readonly<Record<string, string>>;
    /** Where the queries stand, whose ids are in the column of the query. */
    readonly queries?: RecordFormat & {
      readonly file: string;
      readonly columns: { readonly id: string; readonly text: string };
    };
  };
  /** User names that stand for anonymous users: their rows are no history. */
  readonly anonymousUsers?: readonly string[];
  readonly catalog?: Pick<ReadEntitiesOptions, keyof RecordFormat | 'duplicates' | 'where'> & {
    readonly file: string;
    readonly columns: CatalogColumns;
    /** What columns hold, by their names here; see `ReadCatalogOptions`. */
    readonly types?: Readonly<Record<string, FeatureKind>>;
    /** Columns made of parts of others' texts. */
    readonly extract?: Readonly<Record<string, ExtractedColumn>>;
  };
}

/** How the files of a data set are read: what a manifest says of it, or a config. */
export type DatasetSource = Pick<
  DatasetManifest,
  'interactions' | 'judgments' | 'catalog' | 'anonymousUsers'
>;
