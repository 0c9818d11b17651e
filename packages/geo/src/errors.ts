import { TowerkitError as CoreError } from '@towerkit/core';

/** The codes of the errors that this package throws; the README says when. */
export type ErrorCode =
  'BAD_FILE' | 'BAD_OPTION' | 'BAD_VALUE' | 'EMPTY_DATA' | 'FILE_NOT_FOUND' | 'NO_OVERLAP' | 'UNKNOWN_FORMAT';

/** Core's error class, held to the codes of this package. */
export const TowerkitError = CoreError<ErrorCode>;
export type TowerkitError = CoreError<ErrorCode>;

/** A file that cannot be read as what it should be. */
export const badFile = (path: string, what: string, hint?: string, cause?: unknown): TowerkitError =>
  new TowerkitError('BAD_FILE', `cannot read ${path}: ${what.split('\n')[0]}`, {
    hint: hint ?? 'get the file again, and compare its size or checksum with the source',
    details: { file: path },
    cause,
  });
