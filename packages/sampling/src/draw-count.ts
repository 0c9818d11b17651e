import { TowerkitError } from '@towerkit/core';

/** Refuses a number of draws that is not 0, 1, 2, ... with `BAD_OPTION`. */
export function checkDrawCount(count: number): void {
  if (!Number.isSafeInteger(count) || count < 0)
    throw new TowerkitError('BAD_OPTION', `a number of draws must be 0, 1, 2, ..., got ${count}`);
}
