import { z } from 'zod';

/** What is learned from the scores of a model that was trained before; see `distillation` of `@towerkit/towers`. */
export const distill = z.strictObject({
  /** Folder of its artifact, of any kind. */
  teacher: z.string().min(1),
  alpha: z.number().gt(0).max(1).default(0.5),
  by: z.enum(['mse', 'cosine']).default('mse'),
});
