import type { VerifiedArtifact } from '@towerkit/artifact';
import { Matrix } from '@towerkit/core';
import type { Encodings } from '@towerkit/features';

import { TowerkitError } from '../errors.js';
import type { Content, ContentEncoder } from '../engine/question.js';
import type { TwoTowerFacts } from './facts.js';
import { FeatureReader, type ColumnValue } from './feature-reader.js';
import { ItemEncoder } from './item-encoder.js';

/** Turns texts and features into item vectors, by the item tower without an id. */
export class TowerContentEncoder implements ContentEncoder {
  readonly readsFeatures = true;

  #encoder: Promise<ItemEncoder> | undefined;

  private constructor(readonly reader: FeatureReader) {}

  /** `undefined` for a model that knows items by their id alone. */
  static of(
    artifact: VerifiedArtifact,
    { features }: Pick<TwoTowerFacts, 'features'>,
    options: { readonly models?: string; readonly threads?: number },
  ): TowerContentEncoder | undefined {
    return Object.keys(features).length > 0
      ? new TowerContentEncoder(new FeatureReader(artifact, 'item', features, options))
      : undefined;
  }

  get encodings(): Encodings {
    return this.reader.encodings;
  }

  get readsText(): boolean {
    return Object.values(this.encodings).some(({ kind }) => kind === 'text');
  }

  /**
   * A text is read as an item of which its texts alone are known: every other feature is missing, as training encodes it.
   *
   * @returns vectors, [contents, dimensions]; zeros where no feature that the tower reads has a value that training knew
   * @throws TowerkitError `NO_CONTENT` for a text where the model reads none; `UNKNOWN_FEATURE`, `BAD_FEATURE`; those of
   *   text models
   */
  async encode(contents: readonly Content[]): Promise<Matrix> {
    const rows = await Promise.all(contents.map((content) => this.#row(content)));
    const out = new Matrix(rows.length, rows[0].cols);
    rows.forEach((row, place) => out.row(place).set(row.data));
    return out;
  }

  async openStored(): Promise<void> {
    await this.reader.openStored();
    if ('item_tower.onnx' in this.reader.artifact.manifest.files)
      await (await this.#open()).encode({ count: 1 });
  }

  async dispose(): Promise<void> {
    await (await this.#encoder?.catch(() => undefined))?.dispose();
    await this.reader.dispose();
  }

  async #row(content: Content): Promise<Matrix> {
    const value = 'text' in content ? this.#ofText(content.text) : this.reader.checked(content.features);
    const encoder = await this.#open();
    const encoded = await this.reader.encode(value, encoder.features);
    return this.reader.isKnown(encoded, value)
      ? (await encoder.encode(encoded)).vectors
      : new Matrix(1, encoder.dimensions);
  }

  #ofText(text: string): ColumnValue {
    if (!this.readsText)
      throw new TowerkitError('NO_CONTENT', 'this model reads no texts', {
        hint: 'give a user, a history or features, or use a model that reads titles',
      });
    // Of several columns that are joined to one text, the first is the text and the rest are missing.
    const first = new Set(
      Object.values(this.encodings).flatMap((encoding) =>
        encoding.kind === 'text' ? encoding.columns.slice(0, 1) : [],
      ),
    );
    return (column) => (first.has(column) ? text : null);
  }

  #open(): Promise<ItemEncoder> {
    if (!this.#encoder) {
      const { artifact, options } = this.reader;
      this.#encoder = ItemEncoder.load(artifact, { threads: options.threads });
      this.#encoder.catch(() => (this.#encoder = undefined)); // an error is not kept for the next question
    }
    return this.#encoder;
  }
}
