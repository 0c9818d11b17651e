import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { Matrix, TowerkitError } from '@towerkit/core';
import { Turns } from '@towerkit/kernels/internal';

import { normalizeRows } from '../normalize-rows.js';
import { readableTexts } from '../readable-texts.js';
import type { EncodeOptions, TextEncoder } from '../text-encoder.js';
import { VectorStore } from './vector-store.js';

/** Where vectors are kept. */
export interface CacheOptions {
  /** Made as needed; each encoder has a folder of its own in it. */
  readonly folder: string;
}

/** An encoder that remembers. */
export interface CachedEncoder extends TextEncoder {
  /** Texts so far: those that the encoder had to encode, and all others. */
  stats(): { hits: number; misses: number };
}

/** Texts that are encoded between two writes: a run that is stopped keeps what it has. */
const CHUNK = 8192;

/**
 * The same encoder with its vectors kept on disk, by its fingerprint and the text: a second run encodes nothing. A text
 * that stands several times is encoded once.
 *
 * Files are written whole, under names of their own, and never changed, so that several processes can use one folder; two
 * that meet a text at the same time both encode it. Small files are merged as they become many. Vectors of this encoder's
 * folder are held in memory from the first use on, 4 bytes a dimension for each text.
 *
 * @throws TowerkitError (from `encode`) `BAD_CACHE` naming a file that is damaged or of another encoder, `UNWRITABLE`;
 *   whatever the encoder throws
 * @example
 * ```ts
 * const encoder = cached(await minilm({ models: './models' }), { folder: './cache' });
 * await encoder.encode(titles);
 * encoder.stats(); // { hits: 0, misses: 26354 }
 * ```
 */
export function cached(encoder: TextEncoder, { folder }: CacheOptions): CachedEncoder {
  if (typeof folder !== 'string' || folder === '')
    throw new TowerkitError('BAD_OPTION', 'a cache needs a folder', { details: { option: 'folder' } });
  const { name, dimensions, fingerprint } = encoder;
  // Names come from users' folders: what no file system minds is kept of them.
  const own = `${name.replace(/[^\w.-]/g, '_')}-${fingerprint.slice(0, 16)}`;
  const store = new VectorStore(join(folder, own), { fingerprint, dimensions });
  const stats = { hits: 0, misses: 0 };
  const turns = new Turns();

  const encode = async (texts: readonly string[], options: EncodeOptions): Promise<Matrix> => {
    const { normalize = true, onProgress, signal } = options;
    const readable = readableTexts(texts);
    await store.open();
    const keys = readable.map(keyOf);
    const missing = new Map<string, string>(); // key -> text
    keys.forEach((key, row) => store.has(key) || missing.set(key, readable[row]));
    const known = keys.filter((key) => !missing.has(key)).length;
    const total = texts.length;
    onProgress?.({ stage: 'encode', done: known, total, unit: 'texts' });
    // Progress counts texts, of which several may share a vector: the share of what was missing stands for them.
    const places = (count: number) => known + Math.round(((total - known) * count) / missing.size);
    const entries = [...missing];
    for (let from = 0; from < entries.length; from += CHUNK) {
      signal?.throwIfAborted();
      const chunk = entries.slice(from, from + CHUNK);
      const vectors = await encoder.encode(
        chunk.map(([, text]) => text),
        {
          ...options,
          normalize: false,
          onProgress:
            onProgress && ((event) => onProgress({ ...event, done: places(from + event.done), total })),
        },
      );
      await store.add(
        chunk.map(([key]) => key),
        vectors,
      );
    }
    stats.misses += missing.size;
    stats.hits += total - missing.size;
    const out = new Matrix(total, dimensions);
    keys.forEach((key, row) => store.copy(key, out.row(row)));
    if (normalize) normalizeRows(out);
    return out;
  };

  return {
    name,
    dimensions,
    fingerprint,
    stats: () => ({ ...stats }),
    encode: (texts, options = {}) => turns.take(() => encode(texts, options)),
    dispose: async () => encoder.dispose?.(),
  };
}

/** 128 bits of the SHA-256 of a text in UTF-8. */
const keyOf = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 32);
