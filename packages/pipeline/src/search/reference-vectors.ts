import { Matrix, type OnProgress } from '@towerkit/core';
import { fitEncoder, type TextEncoderConfig, type TextPlaces } from '@towerkit/features';
import type { PairedVectors, SentenceEncoder } from '@towerkit/search';

/** What the towers are measured beside, by the name of the result. */
export type References = Readonly<Record<string, PairedVectors>>;

/** LSA as `towerkit` has it elsewhere; fitted on the texts of the products alone. */
const LSA: TextEncoderConfig = { kind: 'lsa', dimensions: 128 };

/** Options of {@link referenceVectors}. */
export interface ReferenceOptions {
  readonly places: TextPlaces;
  readonly seed: number;
  readonly threads?: number;
  readonly onProgress?: OnProgress;
}

/**
 * Vectors of queries and products by encoders as they are: LSA, and MiniLM where weights are at hand.
 *
 * @param minilm encoder that is open already; left out when absent
 */
export async function referenceVectors(
  queries: readonly string[],
  texts: readonly string[],
  minilm: SentenceEncoder | undefined,
  { places, ...options }: ReferenceOptions,
): Promise<References> {
  const lsa = await fitEncoder(LSA, texts, places, options);
  try {
    return {
      lsa: await pair(lsa, queries, texts),
      ...(minilm && { minilm: await pair(minilm, queries, texts) }),
    };
  } finally {
    await lsa.dispose?.();
  }
}

const pair = async (
  encoder: { encode(texts: readonly string[]): Promise<Matrix> },
  queries: readonly string[],
  texts: readonly string[],
): Promise<PairedVectors> => ({
  queries: await encoder.encode(queries),
  products: await encoder.encode(texts),
});
