import type { OnProgress } from '@towerkit/core';
import { cached, fitLsa, loadLsa, minilm, type LsaEncoder, type TextEncoder } from '@towerkit/text';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { TowerkitError } from '../errors.js';
import type { Side } from '../side.js';
import type { TextEncoderConfig, TextEncoding, TextPlaces } from './text-encoding.js';

/** An encoder, fitted on texts where it is of a kind that is. */
export async function fitEncoder(
  encoder: TextEncoderConfig,
  texts: readonly string[],
  places: TextPlaces,
  options: { seed: number; threads?: number; onProgress?: OnProgress },
): Promise<TextEncoder | LsaEncoder> {
  if (encoder.kind === 'minilm') return openMinilm(encoder.dtype, places, options);
  return fitLsa(texts, { dimensions: encoder.dimensions, ...options });
}

/** Whose texts an encoder is for: features of items and of users may have the same name. Default `item`. */
interface EncoderSide {
  readonly of?: Side['what'];
}

/**
 * The encoder that an artifact's texts went through.
 *
 * @param folder the artifact
 * @param name of the feature
 * @throws TowerkitError `OTHER_ENCODER` when the model at hand is not the one the artifact was trained with
 */
export async function reopenEncoder(
  folder: string,
  name: string,
  { encoder, fingerprint }: TextEncoding,
  places: TextPlaces,
  { of = 'item', ...options }: EncoderSide & { threads?: number; onProgress?: OnProgress } = {},
): Promise<TextEncoder> {
  const opened =
    encoder.kind === 'minilm'
      ? await openMinilm(encoder.dtype, places, options)
      : await loadLsa(join(folder, lsaFolder(name, of)));
  if (opened.fingerprint === fingerprint) return opened;
  await opened.dispose?.();
  throw new TowerkitError('OTHER_ENCODER', `${folder} was trained with another ${encoder.kind} model`, {
    hint: 'give the folder of the very model it was trained with as --models',
    details: { expected: fingerprint, found: opened.fingerprint },
  });
}

/** Keeps encoders that were fitted, by the name of their feature, in an artifact's folder. */
export async function saveEncoders(
  folder: string,
  fitted: Readonly<Record<string, LsaEncoder>>,
  { of = 'item' }: EncoderSide = {},
): Promise<void> {
  for (const [name, encoder] of Object.entries(fitted)) {
    const own = join(folder, lsaFolder(name, of));
    await mkdir(own, { recursive: true });
    await encoder.save(own);
  }
}

const lsaFolder = (name: string, of: Side['what']): string =>
  join(of === 'item' ? 'text' : 'user_text', name);

async function openMinilm(
  dtype: 'fp32' | 'q8',
  { models, cache }: TextPlaces,
  { threads, onProgress }: { threads?: number; onProgress?: OnProgress },
): Promise<TextEncoder> {
  const encoder = await minilm({ models, dtype, threads, onDownload: onProgress });
  return cached(encoder, { folder: cache });
}
