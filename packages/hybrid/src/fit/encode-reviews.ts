import { loadLsa, type LsaEncoder, type TextEncoder } from '@towerkit/text';
import { join } from 'node:path';

import { fitEncoder } from '@towerkit/features';
import type { HybridOptions } from './hybrid-options.js';
import { readMatrices, writeMatrices } from '@towerkit/artifact';
import type { Reviews } from './read-reviews.js';

/** Texts that an encoder is fitted on, at most; more gave no visible difference. */
const TEXTS_TO_FIT = 8_000;

/** Vectors of the training reviews and of the products. */
export async function encodeReviews(
  { texts, productTexts }: Reviews,
  train: Int32Array,
  { hybrid, seed, threads, places, stages, onProgress }: HybridOptions,
  data: unknown,
) {
  const written = Array.from(train, (row) => texts[row]);
  const encode = async (encoder: TextEncoder | LsaEncoder) => ({
    vectors: await encoder.encode(written, { onProgress }),
    productTexts: await encoder.encode(productTexts, { onProgress }),
    dimensions: encoder.dimensions,
    fingerprint: encoder.fingerprint,
    ...('save' in encoder && { fitted: encoder }),
  });
  type Texts = Awaited<ReturnType<typeof encode>>;
  return stages.cached<Texts>(
    'texts',
    { data, encoder: hybrid.encoder, placeholders: hybrid.placeholders },
    {
      async make() {
        const step = Math.max(1, Math.ceil(written.length / TEXTS_TO_FIT));
        const sample = [...written.filter((_, place) => place % step === 0), ...productTexts];
        const encoder = await fitEncoder(hybrid.encoder, sample, places, { seed, threads, onProgress });
        try {
          return await encode(encoder);
        } finally {
          await encoder.dispose?.();
        }
      },
      async save({ vectors, productTexts, fitted, dimensions, fingerprint }, folder) {
        await writeMatrices(
          join(folder, 'vectors.safetensors'),
          { vectors, productTexts },
          { fingerprint, dimensions: String(dimensions) },
        );
        await fitted?.save(folder);
      },
      async load(folder) {
        const { matrices, metadata } = await readMatrices(join(folder, 'vectors.safetensors'));
        return {
          vectors: matrices.vectors,
          productTexts: matrices.productTexts,
          dimensions: Number(metadata.dimensions),
          fingerprint: metadata.fingerprint,
          ...(hybrid.encoder.kind === 'lsa' && { fitted: await loadLsa(folder) }),
        };
      },
    },
  );
}
