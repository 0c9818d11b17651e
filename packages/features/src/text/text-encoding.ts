import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';

/** The encoder that turns texts into vectors, as in a config. */
export const textEncoderSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('lsa'), dimensions: z.int().min(1).default(128) }),
  z.strictObject({ kind: z.literal('minilm'), dtype: z.enum(['fp32', 'q8']).default('fp32') }),
]);

/** An encoder of texts, as a config names it: its `kind`, and what that kind may be told. */
export type TextEncoderConfig = z.output<typeof textEncoderSchema>;

/** How texts of items became vectors: plain JSON, kept in the artifact so that new items are encoded the same way. */
export const textEncodingSchema = z.object({
  kind: z.literal('text'),
  /** Columns of the catalog, joined in this order. */
  columns: z.array(z.string()).readonly(),
  encoder: textEncoderSchema,
  /** Number of components of the vectors. */
  dimensions: z.number(),
  /** Of the encoder: another one gives other vectors. */
  fingerprint: z.string(),
});

/** How a text feature was encoded, as the artifact keeps it: columns, encoder, width and fingerprint. */
export type TextEncoding = Readonly<z.output<typeof textEncodingSchema>>;

/** Where text models and their caches are. */
export interface TextPlaces {
  /** Folder of local models; the hub when absent. */
  readonly models?: string;
  /** Folder in which vectors are kept from one run to the next. */
  readonly cache: string;
}

/** The places for an artifact: what is cached lies beside it, for all artifacts of that folder. */
export const textPlaces = (artifact: string, { models }: { models?: string }): TextPlaces => ({
  models,
  cache: join(dirname(resolve(artifact)), '.text'),
});
