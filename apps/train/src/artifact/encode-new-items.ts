import { TowerkitError, type Matrix } from '@towerkit/core';
import { encodeCategorical, encodeNumeric } from '@towerkit/data';
import { ItemEncoder, type EncodedItems } from '@towerkit/training';
import type { TextEncoder } from '@towerkit/text';

import { flagged, type FeatureEncoding } from '../pipeline/build-features.js';
import { encodeTexts } from '../pipeline/build-text.js';
import { reopenEncoder } from '../text/open-encoder.js';
import { textPlaces, type TextEncoding } from '../text/text-encoding.js';
import { textsOf } from '../text/texts-of.js';
import type { OpenArtifact } from './open.js';

/** How each feature of an artifact's items was made, by name. */
export type Encodings = Readonly<Record<string, FeatureEncoding | TextEncoding>>;

/** The columns of the catalog that encodings read, with what they must hold. */
export function columnsRead(encodings: Encodings): Record<string, 'text' | 'number'> {
  return Object.fromEntries(
    Object.entries(encodings).flatMap(([name, encoding]): [string, 'text' | 'number'][] =>
      encoding.kind === 'text'
        ? encoding.columns.map((column) => [column, 'text'])
        : [[name, encoding.kind === 'numeric' ? 'number' : 'text']],
    ),
  );
}

/**
 * Vectors of items that came after the training, and their gates.
 *
 * @param column values by the name of a column, [count]; missing numbers are null
 * @param openText opens the encoder of a text feature; disposed here
 */
export async function encodeNewItems(
  encoder: ItemEncoder,
  encodings: Encodings,
  count: number,
  column: (name: string) => readonly unknown[],
  openText: (name: string, encoding: TextEncoding) => Promise<TextEncoder>,
): Promise<EncodedItems> {
  const categories: Record<string, Int32Array> = {};
  const features: Record<string, Matrix> = {};
  const read = Object.values(encoder.inputs);
  for (const [name, encoding] of Object.entries(encodings)) {
    const input = read.find((input) => input.kind !== 'history' && input.of === name);
    if (!input) continue; // encoded for a model that does not read it
    if (encoding.kind === 'categorical') categories[name] = encodeCategorical(column(name), encoding);
    else if (encoding.kind === 'numeric')
      features[name] = flagged(encodeNumeric(column(name), encoding), input.dimension);
    else {
      const text = await openText(name, encoding);
      try {
        features[name] = await encodeTexts(text, textsOf(encoding.columns.map(column)));
      } finally {
        await text.dispose?.();
      }
    }
  }
  return encoder.encode({ count, categories, features });
}

/**
 * Texts read as items of which nothing else is known, through every text that the item tower reads.
 *
 * @returns vectors, [texts, width]
 * @throws TowerkitError `NO_CONTENT` for a model that reads no text
 */
export async function encodeAsItems(
  { folder, manifest }: Pick<OpenArtifact, 'folder' | 'manifest'>,
  texts: readonly string[],
  { models }: { models?: string },
): Promise<Matrix> {
  const encodings = Object.fromEntries(
    Object.entries((manifest.model.features ?? {}) as Encodings).flatMap(([name, encoding]) =>
      encoding.kind === 'text' ? [[name, { ...encoding, columns: [name] }]] : [],
    ),
  );
  if (Object.keys(encodings).length === 0)
    throw new TowerkitError('NO_CONTENT', `${folder} reads no texts`, {
      hint: 'train a model that reads titles, such as the config amazon-video-games-text',
    });
  const encoder = await ItemEncoder.load(folder);
  try {
    const places = textPlaces(folder, { models });
    const { vectors } = await encodeNewItems(
      encoder,
      encodings,
      texts.length,
      () => texts,
      (name, encoding) => reopenEncoder(folder, name, encoding, places),
    );
    return vectors;
  } finally {
    await encoder.dispose();
  }
}
