import {
  badArtifact,
  readArtifactFile,
  readMatrices,
  type StoredMatrices,
  type VerifiedArtifact,
} from '@towerkit/artifact';
import type { Matrix } from '@towerkit/core';
import { bucketCount } from '@towerkit/data';
import { columnsRead, type Encodings } from '@towerkit/features';

import type { Asker, UserFeatures, UserReader, UserRow } from '../engine/question.js';
import type { TwoTowerFacts } from './facts.js';
import { FeatureReader, type ColumnValue } from './feature-reader.js';

type RowInput = Extract<TwoTowerFacts['userRows'][string], { of: string }>;

/** Codes of a category; `undefined` for a feature that is none. */
function sizeOf(encoding: Encodings[string]): number | undefined {
  if (encoding.kind === 'categorical') return encoding.names.length;
  return encoding.kind === 'buckets' ? bucketCount(encoding) : undefined;
}

/** Makes the rows that a user tower reads of features, as training made those of the table of users. */
export class UserEncoder implements UserReader {
  #unknown: Promise<UserRow> | undefined;

  private constructor(
    readonly inputs: Readonly<Record<string, RowInput>>,
    readonly tables: Readonly<Record<string, Matrix>>,
    readonly reader: FeatureReader,
  ) {}

  /**
   * `undefined` for a tower that reads no features of users.
   *
   * @throws TowerkitError `BAD_ARTIFACT`
   */
  static async load(
    artifact: VerifiedArtifact,
    { userRows, userFeatures }: Pick<TwoTowerFacts, 'userRows' | 'userFeatures'>,
    options: { readonly models?: string; readonly threads?: number },
  ): Promise<UserEncoder | undefined> {
    const inputs = Object.entries(userRows).filter(
      (entry): entry is [string, RowInput] =>
        entry[1].kind !== 'history' && Object.hasOwn(userFeatures, entry[1].of),
    );
    if (inputs.length === 0) return undefined;
    const wanted = inputs.flatMap(([name, { kind }]) => (kind === 'embedding' ? [`user/${name}`] : []));
    const weights = wanted.length > 0 && (await readArtifactFile(artifact, 'weights.safetensors'));
    const { matrices }: Pick<StoredMatrices, 'matrices'> = weights
      ? await readMatrices(weights, (name) => wanted.includes(name))
      : { matrices: {} };
    for (const [name, { kind, of, dimensions }] of inputs) {
      if (kind !== 'embedding') continue;
      const table = matrices[`user/${name}`];
      if (!table || table.rows !== sizeOf(userFeatures[of]) || table.cols !== dimensions)
        throw badArtifact(artifact.folder, `its table user/${name} does not fit its manifest`);
    }
    const reader = new FeatureReader(artifact, 'user', userFeatures, options);
    return new UserEncoder(Object.fromEntries(inputs), matrices, reader);
  }

  get columns(): UserReader['columns'] {
    const { encodings } = this.reader;
    const vectors = Object.entries(encodings).flatMap(([name, { kind }]) =>
      kind === 'vector' ? [name] : [],
    );
    return {
      ...columnsRead(encodings),
      ...Object.fromEntries(vectors.map((name) => [name, 'vector' as const])),
    };
  }

  /**
   * The rows of somebody of whom these features are known.
   *
   * @returns rows of the inputs that read one of them
   * @throws TowerkitError `UNKNOWN_FEATURE`, `BAD_FEATURE`; those of text models
   */
  read(features: UserFeatures): Promise<Asker> {
    const value = this.reader.checked(features);
    const { columns } = this.reader;
    return this.#encoded(value, ({ of }) => columns[of].some((column) => Object.hasOwn(features, column)));
  }

  /** The rows of somebody of whom nothing is known: every feature is missing, as it was for users without a row. */
  unknown(): Promise<UserRow> {
    this.#unknown ??= this.#encoded(
      () => null,
      ({ of }) => this.reader.encodings[of].kind !== 'text', // a missing text is zeros, which needs no encoder
    ).then(({ row }) => row);
    return this.#unknown;
  }

  dispose(): Promise<void> {
    return this.reader.dispose();
  }

  async #encoded(value: ColumnValue, wanted: (input: RowInput) => boolean): Promise<Asker> {
    const inputs = Object.entries(this.inputs).filter(([, input]) => wanted(input));
    const encoded = await this.reader.encode(
      value,
      inputs.map(([, { of, dimensions }]) => ({ of, dimensions })),
    );
    const rows = inputs.map(([name, { kind, of }]) => [
      name,
      kind === 'embedding'
        ? this.tables[`user/${name}`].row(encoded.categories[of][0])
        : encoded.features[of].row(0),
    ]);
    return { row: Object.fromEntries(rows) as UserRow, isKnown: this.reader.isKnown(encoded, value) };
  }
}
