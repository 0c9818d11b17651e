import type { VerifiedArtifact } from '@towerkit/artifact';
import { columnsRead } from '@towerkit/features';

import type { Asker, UserFeatures, UserReader, UserRow } from '../engine/question.js';
import type { TwoTowerFacts } from './facts.js';
import type { ColumnValue } from './feature-reader.js';
import { RowEncoder } from './row-encoder.js';

/** Reads what questions say of who asks, as training read the table of users. */
export class UserEncoder implements UserReader {
  #unknown: Promise<UserRow> | undefined;

  private constructor(readonly encoder: RowEncoder) {}

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
    const encoder = await RowEncoder.load(artifact, 'user', userRows, userFeatures, options);
    return encoder && new UserEncoder(encoder);
  }

  get columns(): UserReader['columns'] {
    const { encodings } = this.encoder.reader;
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
    const { inputs, reader } = this.encoder;
    const value = reader.checked(features);
    const { columns } = reader;
    const wanted = Object.keys(inputs).filter((name) =>
      columns[inputs[name].of].some((column) => Object.hasOwn(features, column)),
    );
    return this.#encoded(value, wanted);
  }

  /** The rows of somebody of whom nothing is known: every feature is missing, as it was for users without a row. */
  unknown(): Promise<UserRow> {
    if (!this.#unknown) {
      const { inputs, reader } = this.encoder;
      // A missing text is zeros, which needs no encoder.
      const wanted = Object.keys(inputs).filter((name) => reader.encodings[inputs[name].of].kind !== 'text');
      this.#unknown = this.#encoded(() => null, wanted).then(({ row }) => row);
    }
    return this.#unknown;
  }

  openStored(): Promise<void> {
    return this.encoder.reader.openStored();
  }

  dispose(): Promise<void> {
    return this.encoder.dispose();
  }

  async #encoded(value: ColumnValue, inputs: readonly string[]): Promise<Asker> {
    const { reader } = this.encoder;
    const encoded = await reader.encode(value, this.encoder.featuresOf(inputs));
    return { row: this.encoder.rowOf(encoded, 0, inputs), isKnown: reader.isKnown(encoded, value) };
  }
}
