/** Of the driver `milvus`, beside those that all have. It needs Milvus 2.4 or newer, or milvus-lite. */
export interface MilvusOptions {
  /** Where Milvus is, `host:port`; `localhost:19530` by default. It is never saved, nor is anything of `client`. */
  readonly address?: string;
  /** The name of the index: an alias, 1 to 200 letters, digits and `_`. What it holds is served; a build replaces it. */
  readonly collection: string;
  /** What else the client takes: `token`, `username`, `password`, `database`, `ssl`, `tls`. No error shows a secret of it. */
  readonly client?: Readonly<Record<string, unknown>>;
  /** Neighbors of an item in the graph, 2 to 2,048, 16 by default. */
  readonly m?: number;
  /** Candidates looked at when an item is added, 128 by default. */
  readonly efConstruction?: number;
  /** Candidates looked at in a search, 64 by default; at least k are. */
  readonly ef?: number;
  /** Rows of a request that writes, 1,000 by default. */
  readonly batch?: number;
  /** Milliseconds for one request, 30,000 by default. */
  readonly timeout?: number;
  /** Milliseconds that a build gives the graph, an hour by default. */
  readonly buildTimeout?: number;
}
