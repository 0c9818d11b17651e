/** Of the driver `pgvector`, beside those that all have. It needs pgvector 0.5 or newer; 0.8 filters best. */
export interface PgvectorOptions {
  /**
   * Where PostgreSQL is: `postgres://user:password@host:port/database`, or what the pg client takes as an object. By
   * default what PGHOST, PGUSER, PGPASSWORD and their like say. It is never saved, and no error shows a password.
   */
  readonly connection?: string | Readonly<Record<string, unknown>>;
  /** The table that is the index, 1 to 40 bytes. What is in it is served; a build replaces it. */
  readonly table: string;
  /** `public` by default. */
  readonly schema?: string;
  /** Neighbors of an item in the graph, 2 to 100, 16 by default. Above 2,000 dimensions there is no graph: every search is exact. */
  readonly m?: number;
  /** Candidates looked at when an item is added, 2 m to 1,000, 64 by default and at least 2 m. */
  readonly efConstruction?: number;
  /** Candidates looked at in a search, 1 to 1,000, 64 by default; more are where a filter or k asks for it. */
  readonly ef?: number;
  /** Rows of a statement that writes, 500 by default. */
  readonly batch?: number;
  /** Connections of this index, at most, 4 by default: so many parts of a batch of queries run at once. */
  readonly connections?: number;
  /** Milliseconds to connect, and for one statement, 30,000 by default. */
  readonly timeout?: number;
  /** Milliseconds that a build gives the graph, an hour by default. */
  readonly buildTimeout?: number;
}
