import type { Matrix, OnProgress } from '@towerkit/core';
import { fitEncoder, type TextEncoderConfig, type TextPlaces } from '@towerkit/features';
import type { PairedVectors, SentenceEncoder } from '@towerkit/search';
import type { LsaEncoder, TextEncoder } from '@towerkit/text';

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

/** Encoders of a training run. */
interface Encoders {
  /** What the towers read sentences with. */
  readonly sentences: TextEncoder | LsaEncoder | undefined;
  /** MiniLM, where its weights are at hand. */
  readonly minilm: TextEncoder | undefined;
  /** Gives native memory back. */
  close(): Promise<void>;
}

/** Opens or fits what the towers read sentences with, and MiniLM where a folder of models is given. */
export async function openEncoders(
  wanted: TextEncoderConfig | undefined,
  texts: readonly string[],
  { places, ...options }: ReferenceOptions,
): Promise<Encoders> {
  const sentences = wanted && (await fitEncoder(wanted, texts, places, options));
  const isMinilm = wanted?.kind === 'minilm';
  const other =
    isMinilm || places.models === undefined ? undefined : await openMinilm(texts, places, options);
  return {
    sentences,
    minilm: isMinilm ? sentences : other,
    close: async () => {
      await sentences?.dispose?.();
      await other?.dispose?.();
    },
  };
}

/** MiniLM as it is. */
export const openMinilm = (
  texts: readonly string[],
  places: TextPlaces,
  options: Omit<ReferenceOptions, 'places'>,
): Promise<TextEncoder> => fitEncoder({ kind: 'minilm', dtype: 'fp32' }, texts, places, options);

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
