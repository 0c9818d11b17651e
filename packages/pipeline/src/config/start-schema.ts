import { z } from 'zod';

import { als, bprMf, lightGcn } from './baseline-options.js';

/** Vectors of users or items that were made elsewhere: an artifact, or a file of vectors with ids. */
const source = z.strictObject({
  from: z.string().min(1),
  ids: z.string().optional(),
  idColumn: z.string().optional(),
  column: z.string().optional(),
  tensor: z.string().optional(),
});

/** Models that give vectors to start from when they are fitted on the training rows, as wide as the item tower's own. */
const fitted = {
  als: als.omit({ factors: true }).optional(),
  'bpr-mf': bprMf.omit({ factors: true }).optional(),
  lightgcn: lightGcn.omit({ factors: true }).optional(),
};

/** Names of these models. */
export const startNames = Object.keys(fitted) as (keyof typeof fitted)[];

/** What vectors of ids start from, instead of small random values. */
export const start = z
  .strictObject({
    ...fitted,
    /** Vectors of the items, by their ids. */
    items: source.optional(),
    /** Vectors of the users, by their ids; or those of the model that is fitted for the items. */
    users: z.union([z.enum(startNames), source]).optional(),
    /** Mean length of the vectors that training starts with. */
    norm: z.number().gt(0).default(0.6),
  })
  .superRefine((wanted, context) => {
    const { items, users } = wanted;
    const refuse = (message: string, path: string[] = []) =>
      context.addIssue({ code: 'custom', path, message });
    const names = startNames.filter((name) => wanted[name]);
    if (names.length > 1) refuse(`the items start from one of ${names.join(' and ')}`);
    else if (names.length > 0 && items)
      refuse(`the items start from \`${names[0]}\` or from these`, ['items']);
    if (typeof users === 'string' && !wanted[users])
      refuse(`there is no such model to start from; say ${users}: {}`, ['users']);
    if (names.length === 0 && !items && !users)
      refuse('say what from: als: {}, lightgcn: {}, bpr-mf: {}, items: { from } or users: { from }');
  });
