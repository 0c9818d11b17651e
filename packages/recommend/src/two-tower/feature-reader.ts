import type { VerifiedArtifact } from '@towerkit/artifact';
import { coordinatesOf, dateOf, expectedNumber, expectedVector, numberOf } from '@towerkit/data';
import {
  columnsMade,
  encodeColumns,
  reopenEncoder,
  textPlaces,
  type EncodedColumns,
  type Encodings,
  type FeatureInput,
  type FeatureOf,
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

/** Names and codes of what is said of each: whose it is, and what one column of it is called. */
const WORDS = {
  item: { one: 'feature', whose: '', unknown: 'UNKNOWN_FEATURE', bad: 'BAD_FEATURE' },
  user: { one: 'feature', whose: ' of users', unknown: 'UNKNOWN_FEATURE', bad: 'BAD_FEATURE' },
  moment: { one: 'column', whose: ' of the moment', unknown: 'UNKNOWN_CONTEXT', bad: 'BAD_CONTEXT' },
} as const;

/** Reads what questions say of an item, a user or a moment as the training read its table. Text encoders stay open. */
export class FeatureReader {
  readonly #texts = new Map<string, Promise<TextEncoder>>();
  /** The columns that each feature is made of. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  readonly #known: readonly string[];

  /** @param of whose features they are */
  constructor(
    readonly artifact: VerifiedArtifact,
    readonly of: FeatureOf,
    readonly encodings: Encodings,
    readonly options: { readonly models?: string; readonly threads?: number },
  ) {
    this.columns = Object.fromEntries(
      Object.entries(encodings).map(([name, encoding]) => [name, columnsMade(name, encoding)]),
    );
    this.#known = Object.values(this.columns).flat();
  }

  /**
   * The values of features, each of which must be one that an encoding takes.
   *
   * @throws TowerkitError `UNKNOWN_FEATURE`, `BAD_FEATURE`; of a moment `UNKNOWN_CONTEXT`, `BAD_CONTEXT`
   */
  checked(features: Readonly<Record<string, unknown>>): ColumnValue {
    const known = this.#known;
    const stray = Object.keys(features).find((name) => !known.includes(name));
    const { one, whose, unknown } = WORDS[this.of];
    if (stray !== undefined)
      throw new TowerkitError(unknown, `this model reads no ${one} ${JSON.stringify(stray)}${whose}`, {
        hint: known.length > 0 ? `it reads ${known.join(', ')}` : `it reads none${whose}`,
      });
    const value: ColumnValue = (column) =>
      Object.hasOwn(features, column) ? (features[column] ?? null) : null;
    for (const [name, encoding] of Object.entries(this.encodings))
      for (const column of this.columns[name]) {
        const expected = expectedOf(value(column), encoding, this.of);
        if (expected !== undefined) throw this.bad(column, `must be ${expected}`);
      }
    for (const encoding of Object.values(this.encodings))
      if (encoding.kind === 'location') {
        const degrees = (column: string) => (value(column) ?? null) as number | null;
        const place = coordinatesOf(degrees(encoding.latitude), degrees(encoding.longitude), encoding);
        if (typeof place === 'string') throw this.bad(encoding.latitude, `is no place: ${place}`);
      }
    return value;
  }

  /**
   * One row as the training would encode it.
   *
   * @throws TowerkitError `BAD_FEATURE`, or `BAD_CONTEXT`, for a number far from those of the training or a vector far too long;
   *   those of text models
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
        throw this.bad(name, 'is too far from what the training knew');
      else if (kind === 'vector' && encoded.features[name]?.data.some((one) => Math.abs(one) > FARTHEST))
        throw this.bad(name, `has a component above ${FARTHEST}`);
    return encoded;
  }

  /** The error for a value that a column cannot have. @param what is wrong with it */
  bad(column: string, what: string): TowerkitError {
    const { bad, one, whose } = WORDS[this.of];
    return new TowerkitError(bad, `the ${one} ${column}${this.of === 'moment' ? whose : ''} ${what}`);
  }

  /** Whether anything is known of an encoded row: a category that the training saw, a number, a vector, or words. */
  isKnown({ categories, features }: EncodedColumns, value: ColumnValue): boolean {
    if (Object.values(categories).some(([code]) => code !== 0)) return true;
    return Object.entries(features).some(([name, { data }]) => {
      const encoding = this.encodings[name];
      if (encoding.kind === 'list' || encoding.kind === 'location') return !isZero(data);
      if (encoding.kind === 'vector') return !isZero(data.subarray(0, encoding.dimensions));
      if (encoding.kind !== 'text') return value(name) != null;
      // MiniLM has a vector for punctuation, too.
      return !isZero(data) && encoding.columns.some((column) => hasWords(String(value(column) ?? '')));
    });
  }

  /** Opens the text encoders that lie in the artifact. */
  async openStored(): Promise<void> {
    for (const [name, encoding] of Object.entries(this.encodings))
      if (encoding.kind === 'text' && encoding.encoder.kind === 'lsa') await this.#text(name, encoding);
  }

  async dispose(): Promise<void> {
    for (const text of this.#texts.values()) await (await text.catch(() => undefined))?.dispose?.();
  }

  async #text(name: string, encoding: TextEncoding): Promise<TextEncoder> {
    let text = this.#texts.get(name);
    if (!text) {
      const { folder } = this.artifact;
      const { models, threads } = this.options;
      const of = this.of === 'user' ? 'user' : 'item'; // moments have no texts
      text = reopenEncoder(folder, name, encoding, textPlaces(folder, { models }), { of, threads });
      this.#texts.set(name, text);
      text.catch(() => this.#texts.delete(name)); // the next question may find the model there
    }
    return text;
  }
}

/** What a feature takes, where a value is not that. */
function expectedOf(value: unknown, encoding: Encodings[string], of: FeatureOf): string | undefined {
  if (encoding.kind === 'numeric' || encoding.kind === 'buckets') {
    if (encoding.date && typeof value === 'string')
      return (numberOf(value) ?? dateOf(value)) === undefined ? 'a date, such as 2024-03-01' : undefined;
    return expectedNumber(value, encoding.kind === 'numeric' ? encoding.transform : 'none');
  }
  if (encoding.kind === 'location') return expectedNumber(value, 'none');
  if (encoding.kind === 'vector') return expectedVector(value, encoding);
  if (value === null || typeof value === 'string') return undefined;
  // Codes such as an hour are said as a number, too, where they are said at each question.
  if (encoding.kind !== 'text' && of !== 'moment') return 'a string';
  return Number.isFinite(value) ? undefined : 'a string or a number';
}
