import {
  badArtifact,
  readArtifactFile,
  readMatrices,
  type StoredMatrices,
  type VerifiedArtifact,
} from '@towerkit/artifact';
import type { Matrix } from '@towerkit/core';
import { bucketCount } from '@towerkit/data';
import { type EncodedColumns, type Encodings, type FeatureInput } from '@towerkit/features';

import type { UserRow } from '../engine/question.js';
import type { TwoTowerFacts } from './facts.js';
import { FeatureReader } from './feature-reader.js';

type Input = TwoTowerFacts['userRows'][string];
export type RowInput = Extract<Input, { of: string }>;

/** Codes of a category; `undefined` for a feature that is none. */
function sizeOf(encoding: Encodings[string]): number | undefined {
  if (encoding.kind === 'categorical') return encoding.names.length;
  return encoding.kind === 'buckets' ? bucketCount(encoding) : undefined;
}

/** Makes the rows that a user tower reads of features, of somebody or of a moment, as training made its own. */
export class RowEncoder {
  private constructor(
    readonly of: 'user' | 'moment',
    readonly inputs: Readonly<Record<string, RowInput>>,
    readonly tables: Readonly<Record<string, Matrix>>,
    readonly reader: FeatureReader,
  ) {}

  /**
   * `undefined` for a tower that reads none of the features.
   *
   * @throws TowerkitError `BAD_ARTIFACT`
   */
  static async load(
    artifact: VerifiedArtifact,
    of: 'user' | 'moment',
    rows: Readonly<Record<string, Input>>,
    encodings: Encodings,
    options: { readonly models?: string; readonly threads?: number },
  ): Promise<RowEncoder | undefined> {
    const inputs = Object.entries(rows).filter(
      (entry): entry is [string, RowInput] =>
        entry[1].kind !== 'history' && Object.hasOwn(encodings, entry[1].of),
    );
    if (inputs.length === 0) return undefined;
    const wanted = inputs.flatMap(([name, { kind }]) => (kind === 'embedding' ? [`${of}/${name}`] : []));
    const weights = wanted.length > 0 && (await readArtifactFile(artifact, 'weights.safetensors'));
    const { matrices }: Pick<StoredMatrices, 'matrices'> = weights
      ? await readMatrices(weights, (name) => wanted.includes(name))
      : { matrices: {} };
    for (const [name, input] of inputs) {
      if (input.kind !== 'embedding') continue;
      const table = matrices[`${of}/${name}`];
      if (!table || table.rows !== sizeOf(encodings[input.of]) || table.cols !== input.dimensions)
        throw badArtifact(artifact.folder, `its table ${of}/${name} does not fit its manifest`);
    }
    const reader = new FeatureReader(artifact, of, encodings, options);
    return new RowEncoder(of, Object.fromEntries(inputs), matrices, reader);
  }

  /** The features that some inputs read. */
  featuresOf(inputs: readonly string[]): FeatureInput[] {
    return inputs.map((name) => ({ of: this.inputs[name].of, dimensions: this.inputs[name].dimensions }));
  }

  /** What the tower reads of one encoded row, by the names of inputs. */
  rowOf({ categories, features }: EncodedColumns, row: number, inputs: readonly string[]): UserRow {
    return Object.fromEntries(
      inputs.map((name) => {
        const { kind, of } = this.inputs[name];
        return [
          name,
          kind === 'embedding'
            ? this.tables[`${this.of}/${name}`].row(categories[of][row])
            : features[of].row(row),
        ];
      }),
    );
  }

  dispose(): Promise<void> {
    return this.reader.dispose();
  }
}
