import { TowerkitError } from '@towerkit/core';

/** An index file that cannot be used: cut off, changed, of another version. */
export const badIndex = (what: string, cause?: unknown): TowerkitError =>
  new TowerkitError('BAD_INDEX', `this is no whole index: ${what}`, {
    hint: 'build and save it again',
    cause,
  });

export const indexNotFound = (path: string): TowerkitError =>
  new TowerkitError('INDEX_NOT_FOUND', `there is no index at ${path}`, { details: { path } });
