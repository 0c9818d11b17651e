import type { Matrix, OnProgress } from '@towerkit/core';
import type { ScanResult } from '@towerkit/kernels';

import type { SavedIndex } from '../driver.js';
import type { Metric, Tunable } from '../vector-index.js';

/**
 * The approximate part of an index in memory: vectors by slot, searched without filters. Ids, tombstones, attributes,
 * filters and exact scores are the {@link MemoryIndex}'s.
 */
export interface Engine {
  /** Slots below this are in the engine; the others are scanned exactly. */
  readonly covered: number;
  /** Whether its scores are those of float32; otherwise what it finds is scored again. */
  readonly exactScores: boolean;
  /** Bytes of memory that it takes, about. */
  readonly bytes: number;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly tunable?: Tunable;
  /** Takes the vectors of the slots from `first` on, or leaves them to the scan. What fails is not covered. */
  add(vectors: Matrix, first: number): Promise<void>;
  /** About the best `count` or more, best first, tombstones among them; fewer where it finds no more. */
  search(query: Float32Array, count: number): ScanResult;
  searchBatch(queries: Matrix, count: number): ScanResult[] | Promise<ScanResult[]>;
  /** Writes its files into a folder that exists. */
  save(folder: string): Promise<void>;
  close(): Promise<void>;
}

/** What a build reports to and is stopped by. */
export interface BuildControl {
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** How engines of one kind come about. */
export interface EngineKind {
  /** The driver's name. */
  readonly name: string;
  /** Of a new index. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** An engine of vectors in slots 0, 1, 2, ...; at least one. Those of a cosine have length 1. */
  build(vectors: Matrix, control: BuildControl): Promise<Engine>;
  /** The engine that `save` wrote; `used` slots have been given out. */
  load(saved: SavedIndex, used: number): Promise<Engine>;
}

/** What a memory index is made with. */
export interface MemoryOptions {
  readonly dimensions: number;
  readonly metric: Metric;
  /** Whether the exact scan goes by int8 codes. */
  readonly coded: boolean;
  readonly threads: number | undefined;
}
