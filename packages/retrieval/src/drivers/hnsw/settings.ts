import { badOption, positiveInteger } from '../../checks/options.js';

/** Of the driver `hnsw`, beside those that all have. */
export interface HnswOptions {
  /** Neighbors of an item in the graph (M), 16 by default. */
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

/** What of the options is saved with an index. */
export type HnswSettings = Required<Omit<HnswOptions, 'threads'>>;

const PRECISIONS: readonly unknown[] = ['f32', 'f16', 'i8'];

/** With defaults. @throws TowerkitError `BAD_OPTION` */
export function hnswSettings({
  connectivity = 16,
  efConstruction = 200,
  ef = 64,
  precision = 'f32',
}: HnswOptions): HnswSettings {
  positiveInteger('connectivity', connectivity, 1_024);
  positiveInteger('efConstruction', efConstruction, 65_536);
  positiveInteger('ef', ef, 65_536);
  if (!PRECISIONS.includes(precision)) throw badOption('precision', 'f32, f16 or i8', precision);
  return { connectivity, efConstruction, ef, precision };
}
