import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { badOption, Matrix, type OnProgress, requireCount, TowerkitError } from '@towerkit/core';
import { threadCount } from '@towerkit/kernels/internal';

import { normalizeRows } from '../normalize-rows.js';
import { readableTexts } from '../readable-texts.js';
import type { EncodeOptions, TextEncoder } from '../text-encoder.js';
import { meanPool } from './mean-pool.js';
import { modelFiles, weightsFile, type Dtype } from './model-files.js';
import { findModel } from './find-model.js';
import { tokenBatches, tokenInputs, type TokenBatch } from './token-batches.js';
import { loadTransformers, type Transformers } from './transformers.js';

/** Where the weights of {@link minilm} come from and how they are run. */
export interface MinilmOptions {
  /**
   * A folder that holds the model's folder, or that folder itself: nothing is then downloaded. The layout is that of the
   * hub: `config.json`, `tokenizer.json`, `tokenizer_config.json`, `onnx/model.onnx` (`onnx/model_quantized.onnx`).
   */
  readonly models?: string;
  /** Name of the model's folder, or of a BERT-like sentence encoder on the hub; `all-MiniLM-L6-v2` by default. */
  readonly model?: string;
  /** `fp32` (default), or `q8`: int8 weights, a quarter of the size; cosine above .998 with fp32, not always quicker. */
  readonly dtype?: Dtype;
  /** Threads of ONNX Runtime; one per core by default, and at most. */
  readonly threads?: number;
  /**
   * Tokens of a text that are read, its two marks included; 256 by default, as sentence-transformers has it, or the
   * model's own limit where that is lower.
   */
  readonly maxTokens?: number;
  /** Where downloads are kept; `towerkit/models` in the user's cache folder by default. */
  readonly cacheFolder?: string;
  /** Receives `{stage: 'download', done, total, unit: 'bytes'}` of the largest file, the weights. */
  readonly onDownload?: OnProgress;
}

/** Raised when the same files would give other vectors, so that caches do not mix them. */
const VERSION = 1;
const BATCH = 256;
/** The max_seq_length of sentence-transformers' all-MiniLM-L6-v2, which was trained on texts of up to 128. */
const MAX_TOKENS = 256;

/**
 * all-MiniLM-L6-v2 (sentence-transformers, 384 dimensions) through transformers.js and ONNX Runtime: the mean of the
 * last layer over a text's tokens, scaled to a length of 1.
 *
 * Texts are tokenized once, sorted by length and packed by number of tokens. ONNX Runtime holds the calling thread while
 * it computes a batch (a few hundred milliseconds); between batches other work gets its turn. Run it in a worker where that is
 * too long.
 *
 * @throws TowerkitError `MISSING_PACKAGE` without `@huggingface/transformers`; `MODEL_UNAVAILABLE` where there is no such
 *   folder, or nothing could be downloaded; `BAD_MODEL` naming a file that is missing or broken; `BAD_OPTION`
 * @example
 * ```ts
 * const encoder = await minilm({ models: './models' });
 * const vectors = await encoder.encode(['cosy farming game', 'first-person shooter']);
 * ```
 */
export async function minilm(options: MinilmOptions = {}): Promise<TextEncoder> {
  const { model = 'all-MiniLM-L6-v2', dtype = 'fp32', threads } = options;
  if (dtype !== 'fp32' && dtype !== 'q8') throw badOption('dtype', dtype, 'must be fp32 or q8');
  if (typeof model !== 'string' || model === '') throw badOption('model', model, 'must be a name');
  if (options.maxTokens !== undefined) requireCount('maxTokens', options.maxTokens, 3);
  const cores = threadCount(threads);
  const transformers = await loadTransformers();
  const folder = await findModel(transformers, { ...options, model, dtype });
  const files = await modelFiles(folder, dtype);
  const maxTokens = options.maxTokens ?? Math.min(MAX_TOKENS, files.maxPositions);
  if (maxTokens > files.maxPositions)
    throw badOption('maxTokens', maxTokens, `must be at most ${files.maxPositions}, the model's own limit`);
  const session = await openModel(transformers, folder, dtype, cores);
  const fingerprint = createHash('sha256')
    .update(JSON.stringify(['minilm', VERSION, dtype, maxTokens, files.hashes]))
    .digest('hex');
  return new MinilmEncoder(transformers, session, {
    name: model.split('/').at(-1)!,
    fingerprint,
    maxTokens,
    dimensions: files.dimensions,
    weights: join(folder, weightsFile(dtype)),
  });
}

type Session = Awaited<ReturnType<typeof openModel>>;

async function openModel(
  { AutoModel, AutoTokenizer }: Transformers,
  folder: string,
  dtype: Dtype,
  threads: number,
) {
  const local = { local_files_only: true };
  const open = async <T>(file: string, load: () => Promise<T>): Promise<T> => {
    try {
      return await load();
    } catch (cause) {
      throw new TowerkitError(
        'BAD_MODEL',
        `${join(folder, file)} cannot be used: ${(cause as Error).message}`,
        {
          hint: 'get the model anew',
          details: { file: join(folder, file) },
          cause,
        },
      );
    }
  };
  const tokenizer = await open('tokenizer.json', () => AutoTokenizer.from_pretrained(folder, local));
  const model = await open(weightsFile(dtype), () =>
    AutoModel.from_pretrained(folder, {
      ...local,
      dtype,
      device: 'cpu',
      session_options: { intraOpNumThreads: threads, interOpNumThreads: 1 },
    }),
  );
  return { tokenizer, model };
}

class MinilmEncoder implements TextEncoder {
  readonly name: string;
  readonly dimensions: number;
  readonly fingerprint: string;

  readonly #maxTokens: number;
  readonly #weights: string;
  readonly #marks: number;

  constructor(
    private readonly transformers: Transformers,
    private readonly session: Session,
    about: {
      name: string;
      dimensions: number;
      fingerprint: string;
      maxTokens: number;
      weights: string;
    },
  ) {
    this.name = about.name;
    this.dimensions = about.dimensions;
    this.fingerprint = about.fingerprint;
    this.#maxTokens = about.maxTokens;
    this.#weights = about.weights;
    this.#marks = session.tokenizer.encode('').length;
  }

  async encode(texts: readonly string[], options: EncodeOptions = {}): Promise<Matrix> {
    const { batchSize = BATCH, normalize = true, onProgress, signal } = options;
    requireCount('batchSize', batchSize);
    const tokens = readableTexts(texts).map((text) => this.#tokens(text));
    const out = new Matrix(texts.length, this.dimensions);
    const filled = tokens.flatMap((ids, row) => (ids.length > this.#marks ? [row] : []));
    let done = texts.length - filled.length;
    for (const batch of tokenBatches(tokens, filled, batchSize)) {
      signal?.throwIfAborted();
      meanPool(await this.#hidden(tokens, batch), batch, tokens, out);
      done += batch.rows.length;
      onProgress?.({ stage: 'encode', done, total: texts.length, unit: 'texts' });
      await new Promise((resolve) => setImmediate(resolve));
    }
    const bad = out.data.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw this.#bad(`gives ${out.data[bad]} for row ${Math.floor(bad / out.cols)}`);
    if (normalize) normalizeRows(out);
    return out;
  }

  async dispose(): Promise<void> {
    await this.session.model.dispose();
  }

  /** Ids with the marks around them; of a text that is too long, its beginning and the closing mark. */
  #tokens(text: string): readonly number[] {
    const ids = this.session.tokenizer.encode(text);
    return ids.length <= this.#maxTokens ? ids : [...ids.slice(0, this.#maxTokens - 1), ids.at(-1)!];
  }

  /** The last layer, shape [rows * width * dimensions]. */
  async #hidden(tokens: readonly (readonly number[])[], batch: TokenBatch): Promise<Float32Array> {
    const { Tensor } = this.transformers;
    const shape = [batch.rows.length, batch.width];
    const { ids, mask } = tokenInputs(tokens, batch);
    try {
      const { last_hidden_state: hidden } = await this.session.model({
        input_ids: new Tensor('int64', ids, shape),
        attention_mask: new Tensor('int64', mask, shape),
        token_type_ids: new Tensor('int64', new BigInt64Array(ids.length), shape),
      });
      const data: unknown = hidden?.data;
      if (data instanceof Float32Array && data.length === ids.length * this.dimensions) return data;
    } catch (cause) {
      throw this.#bad(`does not run: ${(cause as Error).message}`, cause);
    }
    throw this.#bad(`gives no last_hidden_state of ${this.dimensions} values a token`);
  }

  #bad(what: string, cause?: unknown): TowerkitError {
    return new TowerkitError('BAD_MODEL', `${this.#weights} ${what}`, {
      hint: 'get the model anew, its configuration, tokenizer and weights together',
      details: { file: this.#weights },
      cause,
    });
  }
}
