import type { Matrix } from '@towerkit/core';
import type { ScanResult } from '@towerkit/kernels';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Index } from 'usearch';

import type { Engine } from '../../memory/engine.js';
import type { Tunable } from '../../vector-index.js';
import type { HnswSettings } from './settings.js';

export const GRAPH = 'graph.usearch';

/** Vectors added between two looks at the event loop. */
const STEP = 1_000;

/**
 * A graph of usearch, its keys our slots. usearch widens a search to the number of results asked for, so `ef` is that
 * number, and needs no setting of the graph.
 */
export class HnswEngine implements Engine {
  readonly exactScores: boolean;

  #graph: Index;
  #settings: HnswSettings;
  /** Makes an empty graph, where this one is mapped and cannot be added to. */
  #empty: (() => Index) | undefined;

  constructor(
    graph: Index,
    settings: HnswSettings,
    readonly threads: number,
    public covered: number,
    empty?: () => Index,
  ) {
    this.#graph = graph;
    this.#settings = settings;
    this.#empty = empty;
    this.exactScores = settings.precision === 'f32';
  }

  get settings(): Readonly<Record<string, unknown>> {
    return { ...this.#settings };
  }

  /** Vectors, and links: 4 bytes each, 2 M of them on the lowest layer and some above. */
  get bytes(): number {
    const { precision, connectivity } = this.#settings;
    const width = { f32: 4, f16: 2, i8: 1 }[precision];
    return this.covered * (width * this.#graph.dimensions() + 4 * (2 * connectivity + 4));
  }

  get tunable(): Tunable {
    return {
      name: 'ef',
      values: EFS,
      value: this.#settings.ef,
      set: (ef) => void (this.#settings = { ...this.#settings, ef }),
    };
  }

  async add(vectors: Matrix, first: number, report?: (done: number) => void): Promise<void> {
    if (this.#empty !== undefined) {
      this.#graph = await copied(this.#graph, this.#empty());
      this.#empty = undefined;
    }
    for (let row = 0; row < vectors.rows; row += STEP) {
      const rows = Math.min(STEP, vectors.rows - row);
      const keys = BigUint64Array.from({ length: rows }, (_, i) => BigInt(first + row + i));
      // A copy: a native module is not to be trusted with views.
      const part = vectors.data.slice(row * vectors.cols, (row + rows) * vectors.cols);
      this.#graph.add(keys, part, this.threads);
      report?.(row + rows);
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.covered = first + vectors.rows;
  }

  search(query: Float32Array, count: number): ScanResult {
    const ef = Math.max(count, this.#settings.ef);
    const { keys, distances } = this.#graph.search(query, ef, 1);
    return this.#found(keys, distances, 0, keys.length, count);
  }

  searchBatch(queries: Matrix, count: number): ScanResult[] {
    if (queries.rows === 1) return [this.search(queries.data, count)];
    const ef = Math.max(count, this.#settings.ef);
    const { keys, distances, counts } = this.#graph.search(
      queries.data as never, // its types want rows, its code takes them one after the other
      ef,
      this.threads,
    ) as unknown as { keys: BigUint64Array; distances: Float32Array; counts: BigUint64Array };
    return Array.from(counts, (found, q) => this.#found(keys, distances, q * ef, Number(found), count));
  }

  async save(folder: string): Promise<void> {
    this.#graph.save(join(folder, GRAPH));
    await stat(join(folder, GRAPH)); // usearch says nothing of some failures
  }

  async close(): Promise<void> {}

  /** What is to be scored again is all of it. usearch's distance is 1 - the product. */
  #found(
    keys: BigUint64Array,
    distances: Float32Array,
    from: number,
    found: number,
    count: number,
  ): ScanResult {
    const length = this.exactScores ? Math.min(found, count) : found;
    const slots = new Int32Array(length);
    const scores = new Float32Array(length);
    const halves = new Uint32Array(keys.buffer, keys.byteOffset, 2 * keys.length); // no bigint for each
    for (let i = 0; i < length; i++) {
      slots[i] = halves[2 * (from + i)];
      scores[i] = 1 - distances[from + i];
    }
    return { slots, scores };
  }
}

/** Reads a mapped graph into memory, from a copy: by now another may stand in the place of its file. */
async function copied(mapped: Index, into: Index): Promise<Index> {
  const folder = await mkdtemp(join(tmpdir(), 'towerkit-hnsw-'));
  try {
    mapped.save(join(folder, GRAPH));
    into.load(join(folder, GRAPH));
    return into;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Values of `ef` worth trying. */
const EFS = [10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 128, 160, 192, 256, 384, 512, 768, 1024];
