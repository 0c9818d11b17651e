/** How rows of one kind are laid out: a table with a header or named columns, or one sequence per line. */
export type FileFormat = 'csv' | 'tsv' | 'jsonl' | 'parquet' | 'sequences';

/** A file that belongs to a set; a set is recognized by the names. */
export interface ManifestFile {
  readonly name: string;
  /**
   * SHA-256 in hexadecimal, of the packaging that {@link Manifest.packaging} describes. Another packaging of the
   * same data differs: worth a warning, not a refusal.
   */
  readonly sha256?: string;
}

/** Where the interactions are and what their columns mean. */
export interface InteractionsSchema {
  readonly file: string;
  /** Files of the same form with what was held back, where the set comes split: `file` is then for training. */
  readonly heldBack?: { readonly validation: string; readonly test?: string };
  /** By the file's name when absent. */
  readonly format?: FileFormat;
  /** Names of the columns; for `sequences` these are names to give. */
  readonly columns: {
    readonly user: string;
    readonly item: string;
    /** Unix time in seconds. */
    readonly time?: string;
    /** Order within the user, rising. */
    readonly position?: string;
    readonly rating?: string;
    readonly weight?: string;
    readonly text?: string;
  };
  /** What numbers of the time count, where not seconds. */
  readonly timeUnit?: 'minutes';
  /** Columns of what is known of the moment, by the names that configs know them by. */
  readonly moment?: Readonly<Record<string, string>>;
  /** Whether the first line names the columns; true when absent. */
  readonly header?: boolean;
  /** Names of the columns from left to right, where there is no header. */
  readonly columnNames?: readonly string[];
}

/** Where products were judged for queries. */
export interface JudgmentsSchema {
  readonly file: string;
  /** By the file's name when absent. */
  readonly format?: FileFormat;
  readonly columns: { readonly query: string; readonly product: string; readonly label: string };
  /** Gain of each label from 0 to 1, or the labels of a gain of 0 and of 1 with all between them. */
  readonly labels:
    | { readonly table: Readonly<Record<string, number>> }
    | { readonly range: readonly [low: number, high: number] };
  /** Gain from which on a product is relevant. */
  readonly relevant?: number;
  /** Only rows with these values, by the names of the columns. */
  readonly only?: Readonly<Record<string, string>>;
  /** Where the queries stand, whose ids are in the column of the query. */
  readonly queries?: {
    readonly file: string;
    readonly columns: { readonly id: string; readonly text: string };
    readonly delimiter?: string;
  };
  /** Comma when absent. */
  readonly delimiter?: string;
  /** UTF-8 when absent. */
  readonly encoding?: 'utf-8' | 'latin-1';
}

/** Where the items are described: `id`, `title` and any feature under the name a user knows it by. */
export interface CatalogSchema {
  readonly file: string;
  /** By the file's name when absent. */
  readonly format?: FileFormat;
  readonly columns: {
    readonly id: string;
    readonly title?: string;
    readonly [feature: string]: string | undefined;
  };
  /** What columns hold, by their names here; see `ReadCatalogOptions` of `@towerkit/data`. */
  readonly types?: Readonly<Record<string, 'text' | 'number'>>;
  /** Which rows to keep, as a condition in DuckDB's SQL over the columns by their names here. */
  readonly where?: string;
  /** Columns made of the one group of a regular expression over another's text. */
  readonly extract?: Readonly<Record<string, { readonly from: string; readonly pattern: string }>>;
  /** Whether the first line names the columns; true when absent. */
  readonly header?: boolean;
  /** Names of the columns from left to right, where there is no header. */
  readonly columnNames?: readonly string[];
  /** Comma when absent. */
  readonly delimiter?: string;
  /** UTF-8 when absent. */
  readonly encoding?: 'utf-8' | 'latin-1';
  /** Whether several rows may describe an item, of which the first counts. */
  readonly duplicates?: 'error' | 'first';
}

/** A public set: what it is, where a user gets it, what they may do with it, and how to read it. */
export interface Manifest {
  /** Stable, as on the command line. */
  readonly name: string;
  readonly title: string;
  /** Page that describes the set or offers it. */
  readonly homepage: string;
  /** The terms, in a sentence; the homepage has the last word. */
  readonly license: string;
  /** How these files differ from what the homepage offers. */
  readonly packaging: string;
  readonly files: readonly ManifestFile[];
  /** Absent where a set has no pairs of users and items. */
  readonly interactions?: InteractionsSchema;
  /** Of a set for search. */
  readonly judgments?: JudgmentsSchema;
  readonly catalog?: CatalogSchema;
  /** User names that stand for anonymous users; their rows are no history. */
  readonly anonymousUsers?: readonly string[];
  /** How figures on this set are measured, so that they compare with published ones. */
  readonly protocol: string;
}
