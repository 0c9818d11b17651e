import { reopenEncoder, textPlaces, type TextEncoding } from '@towerkit/features';
import { minilm, type TextEncoder } from '@towerkit/text';

import type { SentenceEncoder } from '../tower/search-tower.js';

/** Where encoders of sentences come from. */
export interface SentenceOptions {
  /** Folder of local text models; the hub when absent. */
  readonly models?: string;
  readonly threads?: number;
  /** Whether vectors are kept on disk beside the artifact, as is right for products; queries are encoded anew. Default false. */
  readonly cached?: boolean;
}

/** Name of the encoder among the texts of an artifact. */
export const SENTENCES = 'search';

/** The encoder that an artifact's towers read sentences with, opened when a text first needs it. */
export class StoredSentences implements SentenceEncoder {
  #opened: Promise<TextEncoder> | undefined;

  /** @param artifact its folder */
  constructor(
    readonly artifact: string,
    readonly encoding: TextEncoding,
    readonly options: SentenceOptions,
  ) {}

  get dimensions(): number {
    return this.encoding.dimensions;
  }

  /** @throws TowerkitError `OTHER_ENCODER`, `MODEL_UNAVAILABLE`; what the encoder throws */
  async encode(texts: readonly string[]) {
    this.#opened ??= this.#open();
    const encoder = await this.#opened.catch((error: unknown) => {
      this.#opened = undefined; // the next query may find the model there
      throw error;
    });
    return encoder.encode(texts);
  }

  async dispose(): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined);
    this.#opened = undefined;
    await opened?.dispose?.();
  }

  async #open(): Promise<TextEncoder> {
    const { artifact, encoding, options } = this;
    const { models, threads, cached = false } = options;
    if (encoding.encoder.kind === 'minilm' && !cached) {
      const encoder = await minilm({ models, threads, dtype: encoding.encoder.dtype });
      if (encoder.fingerprint === encoding.fingerprint) return encoder;
      await encoder.dispose?.();
    }
    return reopenEncoder(artifact, SENTENCES, encoding, textPlaces(artifact, { models }), { threads });
  }
}
