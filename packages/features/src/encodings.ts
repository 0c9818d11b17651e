import type {
  BucketEncoding,
  CategoricalEncoding,
  ListEncoding,
  LocationEncoding,
  NumericEncoding,
  VectorEncoding,
} from '@towerkit/data';
import { z } from 'zod';

import type { TextEncoding } from './text/text-encoding.js';

/** How numbers became inputs, or dates as numbers: seconds since 1970. */
export type NumberEncoding = NumericEncoding & { readonly date?: boolean };

/** How numbers, or dates as numbers, became codes. */
export type BucketsEncoding = BucketEncoding & { readonly date?: boolean };

/** How one feature was made from columns: plain JSON, kept in the artifact so that new items are encoded the same way. */
export type FeatureEncoding =
  | CategoricalEncoding
  | NumberEncoding
  | BucketsEncoding
  | ListEncoding
  | LocationEncoding
  | TextEncoding
  | VectorEncoding;

/** How each feature of a model's items, or users, was made, by name. */
export type Encodings = Readonly<Record<string, FeatureEncoding>>;

/** How vectors that are given became inputs, as an artifact keeps it; see `VectorEncoding` of `@towerkit/data`. */
export const vectorEncodingSchema = z.object({
  kind: z.literal('vector'),
  dimensions: z.int().min(1),
  normalize: z.boolean(),
  missing: z.boolean(),
});

/** How coordinates became inputs, as an artifact keeps it; see `LocationEncoding` of `@towerkit/data`. */
export const locationEncodingSchema = z.object({
  kind: z.literal('location'),
  latitude: z.string(),
  longitude: z.string(),
  lengths: z.array(z.number().gt(0)).min(1).max(16),
  waves: z.int().min(1).max(1024),
  unknown: z.number().optional(),
});

/** The columns that a feature is made of. */
export function columnsMade(name: string, encoding: FeatureEncoding): readonly string[] {
  if (encoding.kind === 'text') return encoding.columns;
  return encoding.kind === 'location' ? [encoding.latitude, encoding.longitude] : [name];
}
