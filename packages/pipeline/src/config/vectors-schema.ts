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

/** A model knows features by their names: vectors may not have that of a feature of another kind. */
export function namedOnce(
  { vectors, ...others }: Readonly<Record<'vectors', object> & Record<string, object>>,
  context: z.core.$RefinementCtx,
): void {
  for (const name of Object.keys(vectors))
    if (Object.values(others).some((wanted) => Object.hasOwn(wanted, name)))
      context.addIssue({
        code: 'custom',
        path: ['vectors', name],
        message: `there is another feature "${name}"; give the vectors another name`,
      });
}
