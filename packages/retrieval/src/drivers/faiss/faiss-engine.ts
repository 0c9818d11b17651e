import type { Matrix } from '@towerkit/core';
import type { ScanResult } from '@towerkit/kernels';
import { join } from 'node:path';

import { positiveInteger } from '../../checks/options.js';
import type { Engine } from '../../memory/engine.js';
import type { Tunable } from '../../vector-index.js';
import type { FaissIndex, FaissModule } from './faiss-module.js';
import { FILE, type IndexFile } from './index-file.js';
import { type FaissSettings, hasExactScores } from './settings.js';

/** Candidates for each one wanted, where scores are those of codes and the best are scored again. */
const AGAIN = 4;

/** Queries of one call, so that a batch does not hold the thread for long. */
const VALUES = 2 ** 20;

const EFS = [8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024];
const NPROBES = [1, 2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 1024];

/**
 * An index of FAISS that is read from a file and only ever searched. What is added later is left to the scan, until the
 * next build.
 */
export class FaissEngine implements Engine {
  readonly exactScores: boolean;
  #index: FaissIndex;
  #value: number | undefined;

  constructor(
    private readonly faiss: FaissModule,
    private readonly file: IndexFile,
    private readonly kept: FaissSettings,
  ) {
    this.#index = faiss.Index.read(file.current);
    this.#value = file.parameter?.value;
    this.exactScores = hasExactScores(kept.factory);
  }

  get covered(): number {
    return this.file.header!.vectors;
  }

  get bytes(): number {
    return this.file.bytes;
  }

  get settings(): Readonly<Record<string, unknown>> {
    const { parameter } = this.file;
    return { ...this.kept, ...(parameter === undefined ? {} : { [parameter.name]: this.#value }) };
  }

  get tunable(): Tunable | undefined {
    const { parameter } = this.file;
    if (parameter === undefined) return undefined;
    const { name, most } = parameter;
    return {
      name,
      values: (name === 'ef' ? EFS : NPROBES).filter((value) => value <= most),
      value: this.#value!,
      set: (value) => this.set(value),
    };
  }

  /** Another ef or nprobe from now on; more than there are lists are all of them. */
  async set(wanted: number): Promise<void> {
    const { parameter } = this.file;
    if (parameter === undefined || wanted === this.#value) return;
    positiveInteger(parameter.name, wanted, 65_536);
    const value = Math.min(wanted, parameter.most);
    await this.file.change(value);
    this.#index = this.faiss.Index.read(this.file.current);
    this.#value = value;
  }

  async add(): Promise<void> {}

  search(query: Float32Array, count: number): ScanResult {
    const wanted = this.#wanted(count);
    const { labels, distances } = this.#index.search(Array.from(query), wanted);
    return found(labels, distances, 0, wanted);
  }

  searchBatch({ rows, cols, data }: Matrix, count: number): ScanResult[] {
    const wanted = this.#wanted(count);
    const out: ScanResult[] = [];
    const step = Math.max(1, Math.floor(VALUES / Math.max(cols, wanted)));
    for (let row = 0; row < rows; row += step) {
      const part = Array.from(data.subarray(row * cols, (row + step) * cols));
      const { labels, distances } = this.#index.search(part, wanted);
      for (let from = 0; from < labels.length; from += wanted)
        out.push(found(labels, distances, from, from + wanted));
    }
    return out;
  }

  save(folder: string): Promise<void> {
    return this.file.copyTo(join(folder, FILE));
  }

  /** A search under way keeps what it needs. */
  close(): Promise<void> {
    return this.file.close();
  }

  #wanted(count: number): number {
    return Math.min(this.covered, this.exactScores ? count : Math.max(64, AGAIN * count));
  }
}

/** FAISS fills up with -1 where it finds fewer. */
function found(labels: number[], scores: number[], from: number, to: number): ScanResult {
  let end = from;
  while (end < to && labels[end] >= 0) end++;
  return {
    slots: Int32Array.from(labels.slice(from, end)),
    scores: Float32Array.from(scores.slice(from, end)),
  };
}
