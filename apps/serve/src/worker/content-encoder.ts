import { Matrix, TowerkitError } from '@towerkit/core';
import { ItemEncoder, type ArtifactManifest } from '@towerkit/training';
import {
  encodeNewItems,
  reopenEncoder,
  textPlaces,
  type Encodings,
  type TextEncoding,
} from 'towerkit/artifact';

import type { Content } from './protocol.js';

type TextEncoder = Awaited<ReturnType<typeof reopenEncoder>>;

/** What turns texts or features into what a model reads. */
export interface Contents {
  readonly readsText: boolean;
  readonly readsFeatures: boolean;
  /** @returns vectors, [contents, width]. @throws TowerkitError `NO_CONTENT` for what it does not read */
  encode(contents: readonly Content[]): Promise<Matrix>;
}

/** Turns texts and features into vectors of items: what the item tower makes of one without an id. */
export class ContentEncoder implements Contents {
  readonly readsFeatures = true;

  #encoder: Promise<ItemEncoder> | undefined;
  readonly #texts = new Map<string, Promise<TextEncoder>>();

  private constructor(
    readonly folder: string,
    readonly encodings: Encodings,
    readonly models: string | undefined,
  ) {}

  /** `undefined` for a model that knows items by their id alone. */
  static of(folder: string, manifest: ArtifactManifest, models?: string): ContentEncoder | undefined {
    const encodings = (manifest.model.features ?? {}) as Encodings;
    return Object.keys(encodings).length > 0 ? new ContentEncoder(folder, encodings, models) : undefined;
  }

  get readsText(): boolean {
    return Object.values(this.encodings).some(({ kind }) => kind === 'text');
  }

  /**
   * @returns vectors, [contents, width]
   * @throws TowerkitError `NO_CONTENT` for a text where the model reads none; `UNKNOWN_FEATURE`; those of text models
   */
  async encode(contents: readonly Content[]): Promise<Matrix> {
    const rows = await Promise.all(contents.map((content) => this.#row(content)));
    const out = new Matrix(rows.length, rows[0].cols);
    rows.forEach((row, place) => out.row(place).set(row.data));
    return out;
  }

  async #row(content: Content): Promise<Matrix> {
    const encoder = await (this.#encoder ??= ItemEncoder.load(this.folder, { threads: 1 }));
    const [encodings, value] =
      'text' in content ? this.#ofText(content.text) : this.#ofFeatures(content.features);
    const { vectors } = await encodeNewItems(
      encoder,
      encodings,
      1,
      (name) => [value(name)],
      async (name, encoding) => {
        const text = await this.#text(name, encoding);
        const { name: kind, dimensions, fingerprint } = text;
        return { name: kind, dimensions, fingerprint, encode: text.encode.bind(text) }; // no dispose: it stays open
      },
    );
    return vectors;
  }

  #ofText(text: string): [Encodings, (column: string) => unknown] {
    if (!this.readsText)
      throw new TowerkitError('NO_CONTENT', 'this model reads no texts', {
        hint: 'give a user, a history or features, or serve a model that reads titles',
      });
    const texts = Object.entries(this.encodings).flatMap(([name, encoding]) =>
      encoding.kind === 'text' ? [[name, { ...encoding, columns: [name] }] as const] : [],
    );
    return [Object.fromEntries(texts), () => text];
  }

  #ofFeatures(features: Readonly<Record<string, unknown>>): [Encodings, (column: string) => unknown] {
    const known = Object.entries(this.encodings).flatMap(([name, encoding]) =>
      encoding.kind === 'text' ? encoding.columns : name,
    );
    const stray = Object.keys(features).find((name) => !known.includes(name));
    if (stray !== undefined)
      throw new TowerkitError('UNKNOWN_FEATURE', `this model reads no feature ${JSON.stringify(stray)}`, {
        hint: `it reads ${known.join(', ')}`,
      });
    for (const [name, encoding] of Object.entries(this.encodings)) {
      const value = features[name];
      if (value == null || encoding.kind === 'text') continue;
      if ((typeof value === 'number') !== (encoding.kind === 'numeric'))
        throw new TowerkitError(
          'BAD_FEATURE',
          `the feature ${name} must be a ${encoding.kind === 'numeric' ? 'number' : 'string'}`,
        );
    }
    return [this.encodings, (column) => features[column] ?? null];
  }

  async #text(name: string, encoding: TextEncoding): Promise<TextEncoder> {
    let text = this.#texts.get(name);
    if (!text) {
      text = reopenEncoder(this.folder, name, encoding, textPlaces(this.folder, { models: this.models }), {
        threads: 1,
      });
      this.#texts.set(name, text);
      text.catch(() => this.#texts.delete(name)); // the next question may find the model there
    }
    return text;
  }
}
