import type { FitOptions, ProgressEvent } from '@towerkit/core';

/** How long a fit may hold the thread before others get their turn, milliseconds. */
const HOLD = 50;

/**
 * Lets a long loop report, be stopped, and give the thread away now and then: call it between steps that take far
 * less than 50 ms. It answers at once, without a promise, as long as there is nothing to do.
 *
 * @example
 * ```ts
 * const pace = pacer(options, { total: items, unit: 'items' });
 * for (let item = 0; item < items; item++) { step(item); await pace(item + 1); }
 * ```
 */
export function pacer(
  { onProgress, signal }: FitOptions,
  event: Omit<ProgressEvent, 'stage' | 'done'>,
): (done: number) => Promise<void> | undefined {
  signal?.throwIfAborted();
  let last = performance.now();
  return (done) => {
    if (done !== event.total && performance.now() - last < HOLD) return undefined;
    onProgress?.({ stage: 'fit', done, ...event });
    return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      last = performance.now();
      signal?.throwIfAborted();
    });
  };
}
