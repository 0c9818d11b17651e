import type { Matrix } from '@towerkit/core';
import { encodeCategorical, encodeNumeric } from '@towerkit/data';
import type { TextEncoder } from '@towerkit/text';

import type { Encodings } from './encodings.js';
import { flagged } from './fit-features.js';
import { encodeTexts } from './text/fit-texts.js';
import type { TextEncoding } from './text/text-encoding.js';
import { textsOf } from './text/texts-of.js';

/** A feature that a model reads: the name of its encoding, and the width of its values. */
export interface FeatureInput {
  readonly of: string;
  readonly dimensions: number;
}

/** Rows as a model reads them. */
export interface EncodedColumns {
  readonly count: number;
  /** Codes by category, [count]; 0 for what training did not know. */
  readonly categories: Readonly<Record<string, Int32Array>>;
  /** Values by name, [count, width]. */
  readonly features: Readonly<Record<string, Matrix>>;
}

/**
 * Encodes rows that came after the training exactly as training encoded its own: new items, and questions.
 *
 * @param inputs what the model reads; encodings it does not read are left out
 * @param column values by the name of a column, [count]; what is not known is null, and is encoded as missing
 * @param openText opens the encoder of a text feature; disposed here
 * @throws TowerkitError `BAD_VALUE`; what the encoders throw
 */
export async function encodeColumns(
  encodings: Encodings,
  inputs: readonly FeatureInput[],
  count: number,
  column: (name: string) => readonly unknown[],
  openText: (name: string, encoding: TextEncoding) => Promise<TextEncoder>,
): Promise<EncodedColumns> {
  const categories: Record<string, Int32Array> = {};
  const features: Record<string, Matrix> = {};
  for (const [name, encoding] of Object.entries(encodings)) {
    const input = inputs.find(({ of }) => of === name);
    if (!input) continue;
    if (encoding.kind === 'categorical') categories[name] = encodeCategorical(column(name), encoding);
    else if (encoding.kind === 'numeric')
      features[name] = flagged(encodeNumeric(column(name), encoding), input.dimensions);
    else {
      const text = await openText(name, encoding);
      try {
        features[name] = await encodeTexts(text, textsOf(encoding.columns.map(column)));
      } finally {
        await text.dispose?.();
      }
    }
  }
  return { count, categories, features };
}
