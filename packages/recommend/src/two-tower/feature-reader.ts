import type { VerifiedArtifact } from '@towerkit/artifact';
import { dateOf, expectedNumber, expectedVector, numberOf } from '@towerkit/data';
import {
  encodeColumns,
  reopenEncoder,
  textPlaces,
  type EncodedColumns,
  type Encodings,
  type FeatureInput,
  type Side,
  type TextEncoding,
} from '@towerkit/features';
import { hasWords } from '@towerkit/text';

import { isZero } from '../engine/best-of.js';
import { TowerkitError } from '../errors.js';

type TextEncoder = Awaited<ReturnType<typeof reopenEncoder>>;

/** Values of columns by name; null for one that is missing. */
export type ColumnValue = (column: string) => unknown;

/** Standard deviations that a number may be off the mean of the training; far beyond, a tower makes nothing finite of it. */
const FARTHEST = 1e6;

/** Reads what questions say of an item or of a user as the training read its table. Text encoders stay open. */
export class FeatureReader {
  readonly #texts = new Map<string, Promise<TextEncoder>>();

  /** @param of whose features they are */
  constructor(
    readonly artifact: VerifiedArtifact,
    readonly of: Side['what'],
    readonly encodings: Encodings,
    readonly options: { readonly models?: string; readonly threads?: number },
  ) {}

  /**
   * The values of features, each of which must be one that an encoding takes.
   *
   * @throws TowerkitError `UNKNOWN_FEATURE`, `BAD_FEATURE`
   */
  checked(features: Readonly<Record<string, unknown>>): ColumnValue {
    const known = Object.values(this.columns).flat();
    const stray = Object.keys(features).find((name) => !known.includes(name));
    if (stray !== undefined) {
      const whose = this.of === 'item' ? '' : ' of users';
      throw new TowerkitError(
        'UNKNOWN_FEATURE',
        `this model reads no feature ${JSON.stringify(stray)}${whose}`,
        {
          hint: known.length > 0 ? `it reads ${known.join(', ')}` : `it reads none${whose}`,
        },
      );
    }
    const value: ColumnValue = (column) =>
      Object.hasOwn(features, column) ? (features[column] ?? null) : null;
    for (const [name, encoding] of Object.entries(this.encodings))
      for (const column of this.columns[name]) {
        const expected = expectedOf(value(column), encoding);
        if (expected !== undefined)
          throw new TowerkitError('BAD_FEATURE', `the feature ${column} must be ${expected}`);
      }
    return value;
  }

  /** The columns that each feature is made of. */
  get columns(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries(
      Object.entries(this.encodings).map(([name, encoding]) => [
        name,
        encoding.kind === 'text' ? encoding.columns : [name],
      ]),
    );
  }

  /**
   * One row as the training would encode it.
   *
   * @throws TowerkitError `BAD_FEATURE` for a number far from those of the training, or a vector far too long; those of text
   *   models
   */
  async encode(value: ColumnValue, inputs: readonly FeatureInput[]): Promise<EncodedColumns> {
    const encoded = await encodeColumns(
      this.encodings,
      inputs,
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
      else if (kind === 'vector' && encoded.features[name]?.data.some((one) => Math.abs(one) > FARTHEST))
        throw new TowerkitError('BAD_FEATURE', `the feature ${name} has a component above ${FARTHEST}`);
    return encoded;
  }

  /** Whether anything is known of an encoded row: a category that the training saw, a number, a vector, or words. */
  isKnown({ categories, features }: EncodedColumns, value: ColumnValue): boolean {
    if (Object.values(categories).some(([code]) => code !== 0)) return true;
    return Object.entries(features).some(([name, { data }]) => {
      const encoding = this.encodings[name];
      if (encoding.kind === 'list') return !isZero(data);
      if (encoding.kind === 'vector') return !isZero(data.subarray(0, encoding.dimensions));
      if (encoding.kind !== 'text') return value(name) != null;
      // MiniLM has a vector for punctuation, too.
      return !isZero(data) && encoding.columns.some((column) => hasWords(String(value(column) ?? '')));
    });
  }

  async dispose(): Promise<void> {
    for (const text of this.#texts.values()) await (await text.catch(() => undefined))?.dispose?.();
  }

  async #text(name: string, encoding: TextEncoding): Promise<TextEncoder> {
    let text = this.#texts.get(name);
    if (!text) {
      const { folder } = this.artifact;
      const { models, threads } = this.options;
      text = reopenEncoder(folder, name, encoding, textPlaces(folder, { models }), { of: this.of, threads });
      this.#texts.set(name, text);
      text.catch(() => this.#texts.delete(name)); // the next question may find the model there
    }
    return text;
  }
}

/** What a feature takes, where a value is not that. */
function expectedOf(value: unknown, encoding: Encodings[string]): string | undefined {
  if (encoding.kind === 'numeric' || encoding.kind === 'buckets') {
    if (encoding.date && typeof value === 'string')
      return (numberOf(value) ?? dateOf(value)) === undefined ? 'a date, such as 2024-03-01' : undefined;
    return expectedNumber(value, encoding.kind === 'numeric' ? encoding.transform : 'none');
  }
  if (encoding.kind === 'vector') return expectedVector(value, encoding);
  if (value === null || typeof value === 'string') return undefined;
  if (encoding.kind !== 'text') return 'a string';
  return typeof value === 'number' ? undefined : 'a string or a number';
}
