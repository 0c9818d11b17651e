import type { IndexOptions, Metric, VectorIndex } from './vector-index.js';

/** What opens indexes of one kind. The module of a driver exports one as `driver`. */
export interface Driver<Options extends IndexOptions = IndexOptions> {
  readonly name: string;
  /** An empty index. @throws TowerkitError `BAD_OPTION`, `MISSING_DRIVER` */
  create(options: Options): Promise<VectorIndex>;
  /**
   * The index whose files a folder holds; the manifest and the checksums have been verified.
   *
   * @throws TowerkitError `BAD_INDEX`, `MISSING_DRIVER`
   */
  load(saved: SavedIndex, options: Omit<Options, 'dimensions' | 'metric'>): Promise<VectorIndex>;
}

/** What a driver finds of an index that it wrote. */
export interface SavedIndex {
  /** The folder; files in it are as they were written. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** `index.json` of a saved index. */
export interface Manifest {
  readonly driver: string;
  readonly dimensions: number;
  readonly metric: Metric;
  /** Live items. */
  readonly size: number;
  /** The driver's own settings, plain JSON. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Every other file of the folder. */
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}
