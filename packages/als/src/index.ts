import type { CsrMatrix } from '@towerkit/core';

import { Als, type AlsFitOptions } from './als.js';
import type { AlsOptions } from './options.js';

export { Als, type AlsFitOptions } from './als.js';
export type { Start } from './factorize.js';
export { lossOf } from './loss-of.js';
export type { AlsOptions, AlsSolver } from './options.js';

/**
 * Fits an {@link Als} on a matrix of users x items.
 *
 * @example
 * ```ts
 * const als = await fit(interactions, { factors: 64, threads: 2 });
 * ```
 */
export async function fit(interactions: CsrMatrix, options: AlsOptions & AlsFitOptions = {}): Promise<Als> {
  const { onProgress, signal, start, ...rest } = options;
  const als = new Als(rest);
  await als.fit(interactions, { onProgress, signal, start });
  return als;
}
export type { ErrorCode } from './error-code.js';
