import { TowerkitError as CoreError } from '@towerkit/core';

/** The codes of the errors that this package throws itself; the README says when. */
export type ErrorCode =
  | 'BAD_FILE'
  | 'BAD_OPTION'
  | 'BAD_ROW'
  | 'BAD_VALUE'
  | 'DUPLICATE_ID'
  | 'EMPTY_DATA'
  | 'EMPTY_SPLIT'
  | 'FILE_NOT_FOUND'
  | 'MISSING_COLUMN'
  | 'OUT_OF_MEMORY'
  | 'SHAPE_MISMATCH'
  | 'UNKNOWN_FORMAT'
  | 'UNWRITABLE';

/** Core's error class, held to the codes of this package. */
export const TowerkitError = CoreError<ErrorCode>;
export type TowerkitError = CoreError<ErrorCode>;
