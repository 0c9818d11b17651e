import { TowerkitError, type Matrix } from '@towerkit/core';
import type { ArtifactManifest } from '@towerkit/training';
import { openReviewEncoder } from 'towerkit/artifact';

import type { Contents } from './content-encoder.js';
import type { Content } from './protocol.js';

type Encoder = Awaited<ReturnType<typeof openReviewEncoder>>;

/** Turns texts into vectors as a hybrid reads reviews: what somebody wrote. */
export class ReviewEncoder implements Contents {
  readonly readsText = true;
  readonly readsFeatures = false;
  #encoder: Promise<Encoder> | undefined;

  constructor(
    readonly folder: string,
    readonly manifest: ArtifactManifest,
    readonly models: string | undefined,
  ) {}

  /**
   * @returns vectors, [contents, text]
   * @throws TowerkitError `NO_CONTENT` for features; those of text models
   */
  async encode(contents: readonly Content[]): Promise<Matrix> {
    const texts = contents.map((content) => {
      if ('text' in content) return content.text;
      throw new TowerkitError('NO_CONTENT', 'a hybrid reads no features', {
        hint: 'give a user, a history or a text',
      });
    });
    if (!this.#encoder) {
      this.#encoder = openReviewEncoder(this.folder, this.manifest, { models: this.models, threads: 1 });
      this.#encoder.catch(() => (this.#encoder = undefined)); // the next question may find the model there
    }
    return (await this.#encoder).encode(texts);
  }
}
