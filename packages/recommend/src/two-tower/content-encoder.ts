import type { VerifiedArtifact } from '@towerkit/artifact';
import { Matrix } from '@towerkit/core';
import { expectedNumber } from '@towerkit/data';
import {
  encodeColumns,
  reopenEncoder,
  textPlaces,
  type EncodedColumns,
  type Encodings,
  type TextEncoding,
} from '@towerkit/features';
import { hasWords } from '@towerkit/text';

import { isZero } from '../engine/best-of.js';
import { TowerkitError } from '../errors.js';
import type { Content, ContentEncoder } from '../engine/question.js';
import type { TwoTowerFacts } from './facts.js';
import { ItemEncoder } from './item-encoder.js';

type TextEncoder = Awaited<ReturnType<typeof reopenEncoder>>;

/** Standard deviations that a number may be off the mean of the training; far beyond, a tower makes nothing finite of it. */
const FARTHEST = 1e6;

/** Turns texts and features into item vectors, by the item tower without an id. */
export class TowerContentEncoder implements ContentEncoder {
  readonly readsFeatures = true;

  #encoder: Promise<ItemEncoder> | undefined;
  readonly #texts = new Map<string, Promise<TextEncoder>>();

  private constructor(
    readonly artifact: VerifiedArtifact,
    readonly encodings: Encodings,
    readonly options: { readonly models?: string; readonly threads?: number },
  ) {}

  /** `undefined` for a model that knows items by their id alone. */
  static of(
    artifact: VerifiedArtifact,
    { features }: Pick<TwoTowerFacts, 'features'>,
    options: { readonly models?: string; readonly threads?: number },
  ): TowerContentEncoder | undefined {
    return Object.keys(features).length > 0
      ? new TowerContentEncoder(artifact, features, options)
      : undefined;
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

  async dispose(): Promise<void> {
    await (await this.#encoder?.catch(() => undefined))?.dispose();
    for (const text of this.#texts.values()) await (await text.catch(() => undefined))?.dispose?.();
  }

  async #row(content: Content): Promise<Matrix> {
    const value = 'text' in content ? this.#ofText(content.text) : this.#ofFeatures(content.features);
    const encoder = await this.#open();
    const encoded = await encodeColumns(
      this.encodings,
      encoder.features,
      1,
      (column) => [value(column)],
      async (name, encoding) => {
        const text = await this.#text(name, encoding);
        const { name: kind, dimensions, fingerprint } = text;
        return { name: kind, dimensions, fingerprint, encode: text.encode.bind(text) }; // no dispose: it stays open
      },
    );
    for (const [name, { kind }] of Object.entries(this.encodings))
      if (kind === 'numeric' && Math.abs(encoded.features[name]?.data[0]) > FARTHEST)
        throw new TowerkitError('BAD_FEATURE', `the feature ${name} is too far from what the training knew`);
    return this.#isKnown(encoded, value)
      ? (await encoder.encode(encoded)).vectors
      : new Matrix(1, encoder.dimensions);
  }

  /** Whether the tower reads anything of it: a category it has seen, a number, or words. */
  #isKnown({ categories, features }: EncodedColumns, value: (column: string) => unknown): boolean {
    if (Object.values(categories).some(([code]) => code !== 0)) return true;
    return Object.entries(features).some(([name, { data }]) => {
      const encoding = this.encodings[name];
      if (encoding.kind !== 'text') return value(name) != null;
      // MiniLM has a vector for punctuation, too.
      return !isZero(data) && encoding.columns.some((column) => hasWords(String(value(column) ?? '')));
    });
  }

  #ofText(text: string): (column: string) => unknown {
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

  #ofFeatures(features: Readonly<Record<string, unknown>>): (column: string) => unknown {
    const known = Object.entries(this.encodings).flatMap(([name, encoding]) =>
      encoding.kind === 'text' ? encoding.columns : name,
    );
    const stray = Object.keys(features).find((name) => !known.includes(name));
    if (stray !== undefined)
      throw new TowerkitError('UNKNOWN_FEATURE', `this model reads no feature ${JSON.stringify(stray)}`, {
        hint: `it reads ${known.join(', ')}`,
      });
    for (const [name, encoding] of Object.entries(this.encodings))
      for (const column of encoding.kind === 'text' ? encoding.columns : [name]) {
        const expected = expectedOf(features[column] ?? null, encoding);
        if (expected !== undefined)
          throw new TowerkitError('BAD_FEATURE', `the feature ${column} must be ${expected}`);
      }
    return (column) => features[column] ?? null;
  }

  #open(): Promise<ItemEncoder> {
    if (!this.#encoder) {
      this.#encoder = ItemEncoder.load(this.artifact, { threads: this.options.threads });
      this.#encoder.catch(() => (this.#encoder = undefined)); // an error is not kept for the next question
    }
    return this.#encoder;
  }

  async #text(name: string, encoding: TextEncoding): Promise<TextEncoder> {
    let text = this.#texts.get(name);
    if (!text) {
      const { folder } = this.artifact;
      const { models, threads } = this.options;
      text = reopenEncoder(folder, name, encoding, textPlaces(folder, { models }), { threads });
      this.#texts.set(name, text);
      text.catch(() => this.#texts.delete(name)); // the next question may find the model there
    }
    return text;
  }
}

/** What a feature takes, where a value is not that. */
function expectedOf(value: unknown, encoding: Encodings[string]): string | undefined {
  if (encoding.kind === 'numeric') return expectedNumber(value, encoding.transform);
  if (value === null || typeof value === 'string') return undefined;
  if (encoding.kind === 'categorical') return 'a string';
  return typeof value === 'number' ? undefined : 'a string or a number';
}
