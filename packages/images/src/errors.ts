import { TowerkitError as CoreError } from '@towerkit/core';

/** The codes of the errors that this package throws; the README says when. */
export type ErrorCode =
  | 'BAD_IMAGE'
  | 'BAD_MODEL'
  | 'BAD_OPTION'
  | 'DUPLICATE_ID'
  | 'EMPTY_DATA'
  | 'FILE_NOT_FOUND'
  | 'MISSING_PACKAGE'
  | 'MODEL_UNAVAILABLE';

/** Core's error class, held to the codes of this package. */
export const TowerkitError = CoreError<ErrorCode>;
export type TowerkitError = CoreError<ErrorCode>;
