import type { VerifiedArtifact } from '@towerkit/artifact';
import type { Matrix } from '@towerkit/core';
import type { Content, ContentEncoder } from '@towerkit/recommend';
import { hasWords, type TextEncoder } from '@towerkit/text';

import { TowerkitError } from '../errors.js';
import { hybridFactsOf, openReviewEncoder } from '../model/hybrid-files.js';

/** Turns texts into vectors, as the reviews of a hybrid were. */
export class ReviewEncoder implements ContentEncoder {
  readonly readsText = true;
  readonly readsFeatures = false;
  #encoder: Promise<TextEncoder> | undefined;

  constructor(
    readonly artifact: VerifiedArtifact,
    readonly options: { readonly models?: string; readonly threads?: number },
  ) {}

  /**
   * @returns vectors, [contents, text]; zeros for a text without a word that the encoder knows
   * @throws TowerkitError `NO_CONTENT` for features; those of text models
   */
  async encode(contents: readonly Content[]): Promise<Matrix> {
    const texts = contents.map((content) => {
      if ('text' in content) return hasWords(content.text) ? content.text : '';
      throw new TowerkitError('NO_CONTENT', 'a hybrid reads no features', {
        hint: 'give a user, a history or a text',
      });
    });
    return (await this.#open()).encode(texts);
  }

  async openStored(): Promise<void> {
    if (hybridFactsOf(this.artifact).encoder.encoder.kind === 'lsa') await this.#open();
  }

  async dispose(): Promise<void> {
    await (await this.#encoder?.catch(() => undefined))?.dispose?.();
  }

  #open(): Promise<TextEncoder> {
    if (!this.#encoder) {
      this.#encoder = openReviewEncoder(this.artifact, this.options);
      this.#encoder.catch(() => (this.#encoder = undefined)); // the next question may find the model there
    }
    return this.#encoder;
  }
}
