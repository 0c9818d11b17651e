import { z } from 'zod';

/** Files of vectors that a tower may read, by the name of the feature; paths are relative to the data set. */
export const vectors = z
  .record(
    z.string(),
    z.strictObject({
      file: z.string(),
      ids: z.string().optional(),
      idColumn: z.string().optional(),
      column: z.string().optional(),
      tensor: z.string().optional(),
      normalize: z.boolean().default(true),
      missing: z.boolean().default(false),
    }),
  )
  .default({});
