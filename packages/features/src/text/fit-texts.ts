import { Matrix, type OnProgress } from '@towerkit/core';
import type { LsaEncoder, TextEncoder } from '@towerkit/text';

import { columnsOf, type Side } from '../side.js';
import { fitEncoder } from './open-encoder.js';
import type { TextEncoderConfig, TextEncoding, TextPlaces } from './text-encoding.js';
import { textsOf } from './texts-of.js';

/** The texts of the items, or of the users, as vectors, and how they were made. */
export interface EntityTexts {
  /** By name, [items, dimensions]; zeros for one without a text. */
  readonly features: Readonly<Record<string, Matrix>>;
  readonly encodings: Readonly<Record<string, TextEncoding>>;
  /** Encoders that were fitted on these texts and go into the artifact, by name. */
  readonly fitted: Readonly<Record<string, LsaEncoder>>;
}

/** Which columns become texts, by the name of the feature. */
export type WantedTexts = Readonly<
  Record<string, { readonly columns?: readonly string[]; readonly encoder: TextEncoderConfig }>
>;

/**
 * Encodes texts of a table.
 *
 * @throws TowerkitError `MISSING_COLUMN`; what the encoders throw, such as `MODEL_UNAVAILABLE`
 */
export async function fitTexts(
  side: Side,
  wanted: WantedTexts,
  places: TextPlaces,
  options: { seed: number; threads?: number; onProgress?: OnProgress },
): Promise<EntityTexts> {
  const column = columnsOf(side);
  const features: Record<string, Matrix> = {};
  const encodings: Record<string, TextEncoding> = {};
  const fitted: Record<string, LsaEncoder> = {};
  for (const [name, { columns = [name], encoder: kind }] of Object.entries(wanted)) {
    const texts = textsOf(columns.map(column));
    const encoder = await fitEncoder(kind, texts, places, options);
    try {
      features[name] = await encodeTexts(encoder, texts, options.onProgress);
      const { dimensions, fingerprint } = encoder;
      encodings[name] = { kind: 'text', columns, encoder: kind, dimensions, fingerprint };
      if ('save' in encoder) fitted[name] = encoder;
    } finally {
      await encoder.dispose?.();
    }
  }
  return { features, encodings, fitted };
}

/** Vectors of texts, [texts, dimensions]; zeros for a blank text. */
export async function encodeTexts(
  encoder: Pick<TextEncoder, 'encode' | 'dimensions'>,
  texts: readonly string[],
  onProgress?: OnProgress,
): Promise<Matrix> {
  const rows = texts.flatMap((text, row) => (text === '' ? [] : [row]));
  const vectors = await encoder.encode(
    rows.map((row) => texts[row]),
    { onProgress },
  );
  const out = new Matrix(texts.length, encoder.dimensions);
  rows.forEach((row, place) => out.row(row).set(vectors.row(place)));
  return out;
}
