/** Of the driver `hnsw`, beside those that all have. */
export interface HnswOptions {
  /** Neighbours of an item in the graph (M), 16 by default. */
  readonly connectivity?: number;
  /** Candidates looked at when an item is added, 200 by default. */
  readonly efConstruction?: number;
  /** Candidates looked at in a search, 64 by default; at least k are. */
  readonly ef?: number;
  /** How the graph keeps its vectors, `f32` by default. The best are scored in float32 either way. */
  readonly precision?: 'f32' | 'f16' | 'i8';
  /** Threads of builds and batches; one per core by default, and at most. */
  readonly threads?: number;
}
