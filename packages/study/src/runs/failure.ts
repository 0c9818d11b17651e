import { isTowerkitError } from '@towerkit/core';

import type { RunFailure } from './job.js';

/** An error as a study keeps it. */
export function failureOf(error: unknown): RunFailure {
  if (isTowerkitError(error))
    return {
      code: error.code,
      message: error.message,
      ...(error.hint !== undefined && { hint: error.hint }),
    };
  return { code: 'UNEXPECTED', message: String((error as Error)?.stack ?? error).split('\n')[0] };
}
