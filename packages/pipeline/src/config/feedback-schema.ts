import { z } from 'zod';

const weight = z.number().min(0);
const positive = z.number().gt(0);

const kind = z
  .strictObject({
    weight: weight.optional(),
    history: z.boolean().optional(),
    target: z.boolean().optional(),
    dislike: z.boolean().optional(),
    exclude: z.boolean().optional(),
  })
  .superRefine(({ weight, history, target, dislike, exclude }, context) => {
    const others = Object.entries({ weight, history, target }).find(([, value]) => value !== undefined);
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (dislike && exclude) refuse('exclude', 'a kind is a dislike or left out, not both');
    else if (others && dislike) refuse(others[0], 'a kind that is a dislike is neither history nor target');
    else if (others && exclude) refuse(others[0], 'a kind that is left out has nothing else');
    else if (history === false && target === false)
      refuse(
        'target',
        'neither history nor target: leave the kind out with {exclude: true}, or make it {dislike: true}',
      );
  });

/** What rows of each kind count as, by the name of the kind. */
export const kinds = z
  .record(z.string().min(1), kind)
  .refine(
    (all) =>
      Object.values(all).some(
        ({ target = true, weight = 1, dislike, exclude }) => target && weight > 0 && !dislike && !exclude,
      ),
    'no kind is a target: there would be nothing to predict',
  );

/** Which ratings say that an item is not wanted. */
export const dislikes = z.strictObject({ below: z.number() });

/** How the weight of a row follows from its column and its age. */
export const weights = z.strictObject({
  center: z.number().optional(),
  transform: z.enum(['none', 'log1p', 'sqrt']).optional(),
  cap: positive.optional(),
  halfLife: positive.optional(),
});
