import { z } from 'zod';

/** An object of these fields and no other; what is said of another lists them. */
export const strictObject = <S extends z.ZodRawShape>(shape: S): z.ZodObject<S, z.core.$strict> =>
  z.strictObject(shape, {
    error: ({ code, keys }) =>
      code === 'unrecognized_keys'
        ? `${keys
            .slice(0, 5)
            .map((key) => JSON.stringify(key))
            .join(', ')}: expected only ${Object.keys(shape).join(', ')}`
        : undefined,
  });
