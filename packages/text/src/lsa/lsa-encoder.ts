import { join } from 'node:path';

import { encodeSafetensors, Matrix, requireCount } from '@towerkit/core';
import { writeFileAtomic } from '@towerkit/core/files';

import { checksum } from '../checksum.js';
import { normalizeRows } from '../normalize-rows.js';
import { readableTexts } from '../readable-texts.js';
import type { EncodeOptions, TextEncoder } from '../text-encoder.js';
import { LSA_FILE, readLsa, writtenLsa, type LsaModel } from './lsa-file.js';
import { TermWeights } from './term-weights.js';

/** A fitted LSA: what {@link fitLsa} and {@link loadLsa} give. */
export interface LsaEncoder extends TextEncoder {
  /** Of the texts' weights, the largest first, shape [dimensions]. */
  readonly singularValues: Float32Array;
  /**
   * Writes `lsa.safetensors`, its vocabulary inside, into a folder that exists.
   *
   * @throws TowerkitError `UNWRITABLE`
   */
  save(folder: string): Promise<void>;
}

/**
 * Reads a model that {@link LsaEncoder.save} wrote.
 *
 * @throws TowerkitError `MODEL_NOT_FOUND`, `BAD_MODEL`
 */
export const loadLsa = async (folder: string): Promise<LsaEncoder> => new Lsa(await readLsa(folder));

const BATCH = 1024;

/** Texts as the weighted sums of their terms' vectors. */
export class Lsa implements LsaEncoder {
  readonly name = 'lsa';
  readonly dimensions: number;
  readonly singularValues: Float32Array;
  readonly fingerprint: string;

  readonly #weights: TermWeights;
  readonly #bytes: Uint8Array;
  readonly #projection: Matrix;

  constructor(model: LsaModel) {
    this.dimensions = model.projection.cols;
    this.singularValues = model.singularValues;
    this.#projection = model.projection;
    this.#weights = new TermWeights(model.terms);
    this.#bytes = encodeSafetensors(...writtenLsa(model));
    this.fingerprint = checksum(this.#bytes);
  }

  async encode(texts: readonly string[], options: EncodeOptions = {}): Promise<Matrix> {
    const { batchSize = BATCH, normalize = true, onProgress, signal } = options;
    requireCount('batchSize', batchSize);
    const readable = readableTexts(texts);
    const out = new Matrix(texts.length, this.dimensions);
    for (let row = 0; row < readable.length; row++) {
      if (row % batchSize === 0) signal?.throwIfAborted();
      this.#project(readable[row], out.row(row));
      if ((row + 1) % batchSize > 0 && row + 1 < readable.length) continue;
      onProgress?.({ stage: 'encode', done: row + 1, total: texts.length, unit: 'texts' });
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (normalize) normalizeRows(out);
    return out;
  }

  async save(folder: string): Promise<void> {
    await writeFileAtomic(join(folder, LSA_FILE), this.#bytes);
  }

  #project(text: string, out: Float32Array): void {
    const { ids, weights } = this.#weights.of(text);
    const sum = new Float64Array(out.length);
    for (let k = 0; k < ids.length; k++) {
      const vector = this.#projection.row(ids[k]);
      for (let c = 0; c < sum.length; c++) sum[c] += weights[k] * vector[c];
    }
    out.set(sum);
  }
}
