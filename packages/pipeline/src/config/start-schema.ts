import { z } from 'zod';

import { als } from './baseline-options.js';

/** Vectors of users or items that were made elsewhere: an artifact, or a file of vectors with ids. */
const source = z.strictObject({
  from: z.string().min(1),
  ids: z.string().optional(),
  idColumn: z.string().optional(),
  column: z.string().optional(),
  tensor: z.string().optional(),
});

/** What vectors of ids start from, instead of small random values. */
export const start = z
  .strictObject({
    /** Options of an ALS that is fitted for it, as wide as the item tower's own vectors. */
    als: als.omit({ factors: true }).optional(),
    /** Vectors of the items, by their ids. */
    items: source.optional(),
    /** Vectors of the users, by their ids; or those of the same ALS. */
    users: z.union([z.literal('als'), source]).optional(),
    /** Mean length of the vectors that training starts with. */
    norm: z.number().gt(0).default(0.6),
  })
  .superRefine(({ als: fitted, items, users }, context) => {
    if (fitted && items)
      context.addIssue({
        code: 'custom',
        path: ['items'],
        message: 'the items start from `als` or from these',
      });
    if (!fitted && users === 'als')
      context.addIssue({
        code: 'custom',
        path: ['users'],
        message: 'there is no ALS to start from; say als: {}',
      });
    if (!fitted && !items && !users)
      context.addIssue({
        code: 'custom',
        message: 'say what from: als: {}, items: { from } or users: { from }',
      });
  });
