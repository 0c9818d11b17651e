/** Of the driver `faiss`, beside those that all have. It needs faiss-node 0.5.1, by npm or in the folder TOWERKIT_FAISS. */
export interface FaissOptions {
  /**
   * What FAISS' index factory makes, `HNSW32` by default: `Flat`, `IVF256,Flat`, `IVF4096_HNSW32,PQ16`, ... With fewer
   * items than it must be trained on, searches are exact.
   */
  readonly factory?: string;
  /** Candidates of a search in a graph (`HNSW...`; efSearch), 64 by default; at least k are. */
  readonly ef?: number;
  /** Lists of an inverted file (`IVF...`) that a search looks into, 16 by default. */
  readonly nprobe?: number;
  /** Threads of a build; one per core by default, and at most. */
  readonly threads?: number;
}
