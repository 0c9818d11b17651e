import { isTowerkitError, TowerkitError } from '@towerkit/core';

import type { Failure, Outcome } from './question.js';

/** An error as plain data; the code of what is not a TowerkitError is `INTERNAL`. */
export function failureOf(error: unknown): Failure {
  if (isTowerkitError(error)) return { code: error.code, message: error.message, hint: error.hint };
  return { code: 'INTERNAL', message: (error as Error)?.stack ?? String(error) };
}

/** What comes of work, as plain data. */
export const outcomeOf = <T>(work: Promise<T>): Promise<Outcome<T>> =>
  work.then(
    (value) => ({ value }),
    (error: unknown) => ({ failure: failureOf(error) }),
  );

/** The value of an outcome. @throws TowerkitError the failure, with its code */
export function valueOf<T>(outcome: Outcome<T>): T {
  if ('value' in outcome) return outcome.value;
  const { code, message, hint } = outcome.failure;
  throw new TowerkitError(code, message, { hint });
}
