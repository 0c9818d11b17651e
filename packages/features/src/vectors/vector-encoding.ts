import { z } from 'zod';

/** How vectors that are given became inputs, as an artifact keeps it; see `VectorEncoding` of `@towerkit/data`. */
export const vectorEncodingSchema = z.object({
  kind: z.literal('vector'),
  dimensions: z.int().min(1),
  normalize: z.boolean(),
  missing: z.boolean(),
});
