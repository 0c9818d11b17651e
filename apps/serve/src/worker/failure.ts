import { isTowerkitError, TowerkitError } from '@towerkit/core';

import type { Failure, Outcome } from './protocol.js';

/** An error as it passes between threads; what is no TowerkitError is `INTERNAL`. */
export function failureOf(error: unknown): Failure {
  if (isTowerkitError(error)) return { code: error.code, message: error.message, hint: error.hint };
  return { code: 'INTERNAL', message: (error as Error)?.stack ?? String(error) };
}

/** The value, or the failure thrown. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if ('value' in outcome) return outcome.value;
  const { code, message, hint } = outcome.failure;
  throw new TowerkitError(code, message, { hint });
}
