import { TowerkitError as CoreError } from '@towerkit/core';

/** The codes of the errors that this package throws itself; the README says when. */
export type ErrorCode =
  | 'BAD_FILE'
  | 'BAD_OPTION'
  | 'BAD_ROW'
  | 'BAD_VALUE'
  | 'DUPLICATE_COLUMN'
  | 'DUPLICATE_ID'
  | 'EMPTY_DATA'
  | 'EMPTY_SPLIT'
  | 'FILE_NOT_FOUND'
  | 'MISSING_COLUMN'
  | 'NO_OVERLAP'
  | 'OUT_OF_MEMORY'
  | 'SHAPE_MISMATCH'
  | 'TOO_LARGE'
  | 'UNKNOWN_FORMAT'
  | 'UNKNOWN_KIND'
  | 'UNWRITABLE';

/** Core's error class, held to the codes of this package. */
export const TowerkitError = CoreError<ErrorCode>;
export type TowerkitError = CoreError<ErrorCode>;
