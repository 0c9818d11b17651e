import type { Matrix, OnProgress } from '@towerkit/core';

/** How texts are encoded. */
export interface EncodeOptions {
  /** Texts that go through the encoder at a time, at most; each encoder has a default of its own. */
  readonly batchSize?: number;
  /** Whether each vector is scaled to a length of 1; true by default. A vector of zeros stays one. */
  readonly normalize?: boolean;
  /** Receives `{stage: 'encode', done, total, unit: 'texts'}`. */
  readonly onProgress?: OnProgress;
  /** Stops between two batches; the signal's reason is then thrown. */
  readonly signal?: AbortSignal;
}

/**
 * Turns texts into vectors of a fixed width. Every encoder reads a text the same way:
 *
 * - a text of no words (empty, blank, or of nothing that the encoder knows) has a vector of zeros;
 * - a lone surrogate, which a string cut in the middle of a character holds, is read as U+FFFD;
 * - of a text longer than 32,768 UTF-16 units the rest is not read.
 */
export interface TextEncoder {
  /** What it is, such as `all-MiniLM-L6-v2` or `lsa`. */
  readonly name: string;
  /** Width of its vectors. */
  readonly dimensions: number;
  /** SHA-256 in hexadecimal of all that decides its vectors (weights, tokenizer, limits), the same on every machine. */
  readonly fingerprint: string;
  /**
   * The vectors of the texts, in their order.
   *
   * @returns shape [texts, dimensions]
   * @throws TowerkitError `BAD_TEXT` naming the first row that is no string, `BAD_OPTION`
   */
  encode(texts: readonly string[], options?: EncodeOptions): Promise<Matrix>;
  /** Gives back native memory and threads, where it holds any; the encoder is of no use afterwards. */
  dispose?(): Promise<void>;
}
