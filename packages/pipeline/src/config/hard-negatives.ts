import { z } from 'zod';

const count = z.int().min(1);
const share = z.number().min(0).max(1);
const ranks = z
  .tuple([count, count])
  .refine(([first, last]) => first <= last, 'the first rank comes before the last');
/** A value, or one that goes from the first epoch's to the last's. */
const ramp = <T extends z.ZodType>(value: T) => z.union([value, z.strictObject({ from: value, to: value })]);

/** Items near the targets by the model as it is; see `HardNegativesOptions` of `@towerkit/training`. */
export const hardNegatives = z.strictObject({
  ranks: ramp(ranks),
  count: count.default(4),
  refresh: count.default(500),
  share: ramp(share).default(1),
  weight: z.number().gt(0).default(1),
});
