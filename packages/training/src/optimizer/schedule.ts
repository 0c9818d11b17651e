/** How the learning rate moves over a run: constant, or down to zero along half a cosine or a line. */
export type Schedule = 'constant' | 'cosine' | 'linear';

/**
 * Factor on the learning rate at a step.
 *
 * @param step steps done so far, from 0
 * @param total steps in the whole run
 * @param warmup steps over which the rate rises from zero first
 */
export function scheduleFactor(schedule: Schedule, step: number, total: number, warmup = 0): number {
  if (step < warmup) return (step + 1) / warmup;
  const done = total > warmup ? Math.min(1, (step - warmup) / (total - warmup)) : 0;
  if (schedule === 'cosine') return 0.5 * (1 + Math.cos(Math.PI * done));
  if (schedule === 'linear') return 1 - done;
  return 1;
}
