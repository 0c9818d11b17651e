import {
  badOption,
  CsrMatrix,
  type FitOptions,
  requireCount,
  Rng,
  TowerkitError,
  Vocabulary,
} from '@towerkit/core';
import { KernelPool, svdWidth, truncatedSvd } from '@towerkit/kernels/internal';

import { readableTexts } from '../readable-texts.js';
import { Lsa, type LsaEncoder } from './lsa-encoder.js';
import { frequentTerms, termsOf, TermWeights, type TermCounts } from './term-weights.js';

/** Settings of {@link fitLsa}. */
export interface LsaOptions extends FitOptions {
  /** Width of the vectors, 128 by default; fewer where the texts have fewer independent directions. */
  readonly dimensions?: number;
  /** Seed of the random subspace; 0 by default. */
  readonly seed?: number;
  /** Texts that must hold a term; 2 by default. */
  readonly minCount?: number;
  /** Terms that are kept, the most frequent; 100,000 by default. */
  readonly maxVocabulary?: number;
  /** One per core by default, and at most; the vectors are the same, bit for bit, on any number. */
  readonly threads?: number;
}

/** Texts between two looks at the signal. */
const STEP = 1024;

/**
 * Latent semantic analysis (Deerwester et al. 1990): TF-IDF of words and pairs of words, and its leading singular vectors
 * by randomized subspace iteration. It learns from the given texts alone, and downloads nothing.
 *
 * A text's vector is the weighted sum of its terms' vectors, so that new texts have one too; a text without a known term
 * has zeros.
 *
 * @throws TowerkitError `EMPTY_DATA` where no term is in `minCount` texts, `BAD_TEXT`, `BAD_OPTION`, `TOO_LARGE`
 * @example
 * ```ts
 * const encoder = await fitLsa(titles, { dimensions: 64, seed: 1 });
 * const vectors = await encoder.encode(titles);
 * ```
 */
export async function fitLsa(texts: readonly string[], options: LsaOptions = {}): Promise<LsaEncoder> {
  const { dimensions = 128, seed = 0, minCount = 2, maxVocabulary = 100_000, threads, ...reports } = options;
  requireCount('dimensions', dimensions);
  requireCount('minCount', minCount);
  requireCount('maxVocabulary', maxVocabulary);
  if (!Number.isSafeInteger(seed)) throw badOption('seed', seed, 'must be an integer');
  const readable = readableTexts(texts);
  const most = Math.min(dimensions, texts.length); // a matrix has no more directions than rows
  const pool = new KernelPool({ threads, scratch: 512 * svdWidth(most) });
  try {
    const terms = await countTerms(readable, minCount, maxVocabulary, reports.signal);
    const matrix = await weightMatrix(readable, terms, reports.signal);
    const rng = new Rng(seed).fork('lsa');
    const { vectors, values } = await truncatedSvd(pool, matrix, most, rng, reports);
    return new Lsa({ terms, projection: vectors, singularValues: values });
  } finally {
    await pool.close();
  }
}

async function countTerms(
  texts: readonly string[],
  minCount: number,
  limit: number,
  signal?: AbortSignal,
): Promise<TermCounts> {
  const seen = new Map<string, number>();
  for (let row = 0; row < texts.length; row++) {
    if (row % STEP === 0) await breathe(signal);
    for (const term of new Set(termsOf(texts[row]))) seen.set(term, (seen.get(term) ?? 0) + 1);
  }
  const { names, counts } = frequentTerms(seen, { minCount, limit });
  if (names.length === 0)
    throw new TowerkitError('EMPTY_DATA', `no word is in ${minCount} of the ${texts.length} texts`, {
      hint: 'give more texts, or a lower minCount',
    });
  return { vocabulary: new Vocabulary(names), counts, texts: texts.length };
}

/** The weights of all texts, shape [texts, terms]. */
async function weightMatrix(
  texts: readonly string[],
  terms: TermCounts,
  signal?: AbortSignal,
): Promise<CsrMatrix> {
  const weights = new TermWeights(terms);
  const indptr = new Int32Array(texts.length + 1);
  const indices: Int32Array[] = [];
  const values: Float64Array[] = [];
  for (let row = 0; row < texts.length; row++) {
    if (row % STEP === 0) await breathe(signal);
    const found = weights.of(texts[row]);
    indices.push(found.ids);
    values.push(found.weights);
    indptr[row + 1] = indptr[row] + found.ids.length;
  }
  const entries = indptr[texts.length];
  const flat = { indices: new Int32Array(entries), values: new Float32Array(entries) };
  for (let row = 0; row < texts.length; row++) {
    flat.indices.set(indices[row], indptr[row]);
    flat.values.set(values[row], indptr[row]);
  }
  return new CsrMatrix(texts.length, terms.vocabulary.size, indptr, flat.indices, flat.values);
}

async function breathe(signal?: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}
